"""What the trainings depend on, and the jobs that prepare and describe them."""

from types import SimpleNamespace

from led.config.chosen import experiment_of, network_of, symmetric_system
from led.config.plan.dependencies import only, sources_of
from led.config.stage import Stage


def train_autoencoder(config, wildcards):
    """Depend on the autoencoder, and on what chooses its training data."""
    experiment = experiment_of(config, wildcards)
    keys = ("autoencoder", "inputs", "memory", "train_samples", "seed", "threads")
    settings = only(experiment, *keys) | _start(experiment)
    system = symmetric_system(config, wildcards)
    sources = sources_of("autoencoders", experiment["autoencoder"]) + sources_of("systems", system)
    return Stage(settings | {"system": system}, sources + _start_sources(experiment))


def encode_latents(config, wildcards):
    """Depend on the symmetric copies and the number of samples for the training split alone."""
    experiment = experiment_of(config, wildcards)
    settings = only(experiment, "inputs", "threads") | {"system": None, "train_samples": None}
    if wildcards.split == "train":
        settings |= only(experiment, "train_samples")
        settings["system"] = symmetric_system(config, wildcards)
    return Stage(settings, sources_of("systems", settings["system"]))


def smooth_latents(config, wildcards):
    """Depend on the filter, and where it is cut."""
    return Stage(only(experiment_of(config, wildcards), "smoothing", "warmup"))


def train_rnn(config, wildcards):
    """Depend on all of the dynamics but the size of the ensemble."""
    experiment = experiment_of(config, wildcards)
    settings = only(experiment, "warmup", "seed", "threads") | _start(experiment)
    settings |= {"rnn": network_of(experiment), "member": int(wildcards.member)}
    return Stage(settings, sources_of("dynamics", experiment["rnn"]) + _start_sources(experiment))


def train_decoder(config, wildcards):
    """Depend on the dynamics that forecast, and on the autoencoder that builds the decoder."""
    experiment, system = experiment_of(config, wildcards), symmetric_system(config, wildcards)
    keys = ("decoder", "autoencoder", "memory", "train_samples", "warmup", "seed", "threads")
    settings = only(experiment, *keys) | {"rnn": network_of(experiment), "system": system}
    sources = sources_of("dynamics", experiment["rnn"]) + sources_of("systems", system)
    return Stage(settings, sources + sources_of("autoencoders", experiment["autoencoder"]))


def describe_network(config, wildcards):
    """Depend on what the training of the network depends on; autoencoders have no own layers."""
    if wildcards.network == "autoencoder":
        return Stage(train_autoencoder(config, wildcards).settings)
    member = wildcards.network.removeprefix("rnn/")
    return train_rnn(config, SimpleNamespace(experiment=wildcards.experiment, member=member))


def describe_surrogate(config, wildcards):
    """Depend on what a forecast needs besides the networks, and where it finds user's classes."""
    experiment = experiment_of(config, wildcards)
    settings = only(experiment, "warmup", "smoothing", "inputs", "train_samples")
    settings |= {"rnn": network_of(experiment)}
    settings["symmetries"] = symmetric_system(config, wildcards, "symmetrize")
    return Stage(settings, movable=False)


def _start(experiment):
    """Return what says where a training starts: nothing for most, which stay as they are."""
    return only(experiment, "start_from") if experiment["start_from"] else {}


def _start_sources(experiment):
    return ["surrogate/start.py"] if experiment["start_from"] else []
