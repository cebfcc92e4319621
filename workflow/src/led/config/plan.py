"""What each job depends on besides its input files: settings and source files.

Pure functions of the completed configuration and the wildcards of a job, one for each rule and of
its name. They return a `Stage`; Snakemake runs a job again when it changes.
"""

from types import SimpleNamespace

from led.config import commands, roles, studies
from led.config.chosen import (
    COMPARED,
    TEST,
    adaptive_of,
    baseline_of,
    batches_of,
    dataset_of,
    design_of,
    duration,
    experiment_of,
    files_of,
    forecast_of,
    images_used,
    interval_of,
    network_of,
    output_every,
    reading_of,
    scored_dataset,
    scored_split,
    share_of,
    symmetric_system,
    windows_of,
)
from led.config.forecasts import MODES
from led.config.stage import Stage
from led.jobs import contents, registry

BASELINES = "evaluation/baselines"


def simulate_batch(config, wildcards):
    """Get the range of the samples but not their number, so that more samples keep a batch."""
    dataset, split = dataset_of(config, wildcards), wildcards.split
    settings = _only(dataset, "system", "solver", "dt", "spin_up") | design_of(dataset, split)
    settings |= {
        "duration": duration(dataset, split),
        "output_every": output_every(dataset, split),
        "split": split,
        "samples": batches_of(dataset, split)[int(wildcards.batch)],
    }
    return Stage(settings, _simulation_sources(dataset))


def run_command(config, wildcards):
    """Get the command, and of its samples the values or the range, but not their number."""
    dataset, split = dataset_of(config, wildcards), wildcards.split
    samples = batches_of(dataset, split)[int(wildcards.batch)]
    settings = _only(dataset, "command", "format", "dt", "dims", "draw")
    settings |= design_of(dataset, split) | {"split": split, "samples": samples}
    if rows := commands.rows(dataset, split, samples):
        settings |= dict.fromkeys(("seed", "design", "number"))
    return Stage(settings | {"rows": rows, "depends": commands.depends(dataset)})


def merge_batches(config, wildcards):
    """Depend on the batches alone."""
    return Stage()


def import_samples(config, wildcards):
    """Depend on how files are read, their content, and the part and windows of this split alone."""
    dataset, split = dataset_of(config, wildcards), wildcards.split
    splits = {"file": split, "reference": "train"}
    digests = {
        role: [contents.digest(path) for path in files_of(dataset, name)]
        for role, name in splits.items()
    }
    settings = reading_of(dataset) | {"digests": digests}
    parts = {
        "interval": interval_of(dataset, split),
        "share": share_of(dataset, split),
        "windows": windows_of(dataset, split),
        "fill": dataset.get("fill"),
    }
    return Stage(settings | {key: value for key, value in parts.items() if value})


def refine_samples(config, wildcards):
    """Depend on the simulation; the samples themselves are a file."""
    dataset, split = dataset_of(config, wildcards), wildcards.split
    return Stage(_drawing(dataset, split), _simulation_sources(dataset))


def train_autoencoder(config, wildcards):
    """Depend on the autoencoder, and on what chooses its training data."""
    experiment = experiment_of(config, wildcards)
    keys = ("autoencoder", "inputs", "memory", "train_samples", "seed", "threads")
    settings = _only(experiment, *keys) | _start(experiment)
    system = symmetric_system(config, wildcards)
    sources = _sources("autoencoders", experiment["autoencoder"]) + _sources("systems", system)
    return Stage(settings | {"system": system}, sources + _start_sources(experiment))


def encode_latents(config, wildcards):
    """Depend on the symmetric copies and the number of samples for the training split alone."""
    experiment = experiment_of(config, wildcards)
    settings = _only(experiment, "inputs", "threads") | {"system": None, "train_samples": None}
    if wildcards.split == "train":
        settings |= _only(experiment, "train_samples")
        settings["system"] = symmetric_system(config, wildcards)
    return Stage(settings, _sources("systems", settings["system"]))


def smooth_latents(config, wildcards):
    """Depend on the filter, and where it is cut."""
    return Stage(_only(experiment_of(config, wildcards), "smoothing", "warmup"))


def train_rnn(config, wildcards):
    """Depend on all of the dynamics but the size of the ensemble."""
    experiment = experiment_of(config, wildcards)
    settings = _only(experiment, "warmup", "seed", "threads") | _start(experiment)
    settings |= {"rnn": network_of(experiment), "member": int(wildcards.member)}
    return Stage(settings, _sources("dynamics", experiment["rnn"]) + _start_sources(experiment))


def train_decoder(config, wildcards):
    """Depend on the dynamics that forecast, and on the autoencoder that builds the decoder."""
    stage, experiment = train_joint(config, wildcards), experiment_of(config, wildcards)
    settings = {key: value for key, value in stage.settings.items() if key != "joint"}
    settings |= _only(experiment, "decoder", "autoencoder")
    return Stage(settings, stage.sources + _sources("autoencoders", experiment["autoencoder"]))


def train_joint(config, wildcards):
    """Depend on the dynamics that forecast."""
    experiment = experiment_of(config, wildcards)
    system = symmetric_system(config, wildcards)
    settings = _only(experiment, "joint", "memory", "train_samples", "warmup", "seed", "threads")
    settings |= {"rnn": network_of(experiment), "system": system}
    return Stage(settings, _sources("dynamics", experiment["rnn"]) + _sources("systems", system))


def describe_network(config, wildcards):
    """Depend on what the training of the network depends on; autoencoders have no own layers."""
    if wildcards.network == "autoencoder":
        return Stage(train_autoencoder(config, wildcards).settings)
    member = wildcards.network.removeprefix("rnn/")
    return train_rnn(config, SimpleNamespace(experiment=wildcards.experiment, member=member))


def describe_surrogate(config, wildcards):
    """Depend on what a forecast needs besides the networks, and where it finds user's classes."""
    experiment = experiment_of(config, wildcards)
    settings = _only(experiment, "warmup", "smoothing", "inputs", "train_samples")
    settings |= {"rnn": network_of(experiment)}
    settings["symmetries"] = symmetric_system(config, wildcards, "symmetrize")
    return Stage(settings, movable=False)


def rollout_led(config, wildcards):
    """Depend on the horizon, on the intervals of test samples, and on the solver that is timed."""
    experiment, split = experiment_of(config, wildcards), scored_split(wildcards)
    dataset = config["datasets"][scored_dataset(config, wildcards)]
    settings = _only(experiment, "horizon", "keep_members", "threads")
    settings |= {"simulation": None, "interval": None}
    if split == TEST:
        settings |= _only(experiment, "interval")
    sources = _sources("dynamics", experiment["rnn"])
    sources += _sources("systems", symmetric_system(config, wildcards, "symmetrize"))
    if dataset["source"] == "simulation":
        settings["simulation"] = _drawing(dataset, split)
        sources += _simulation_sources(dataset)
    return Stage(settings, sources)


def calibrate_intervals(config, wildcards):
    """Depend on the forecasts of the validation samples alone."""
    return Stage()


def forecast_mode(config, wildcards):
    """Depend on the mode and its options, and on all that a forecast depends on."""
    stage, chosen = rollout_led(config, wildcards), forecast_of(config, wildcards)
    settings = _only(stage.settings, "horizon", "threads", "simulation") | chosen
    settings |= _only(experiment_of(config, wildcards), "train_samples")
    return Stage(settings, stage.sources + _sources(MODES, chosen["mode"]))


def report_cycles(config, wildcards):
    """Depend on the names of the adaptive forecasts."""
    return Stage({"forecasts": adaptive_of(experiment_of(config, wildcards))})


def forecast_baseline(config, wildcards):
    """Depend on the baseline, its options, and the symmetric copies that LED has too."""
    settings = _only(experiment_of(config, wildcards), "warmup", "train_samples", "horizon")
    settings |= {"baseline": baseline_of(config, wildcards)}
    settings |= {"symmetries": images_used(config, wildcards)}
    sources = _sources(BASELINES, settings["baseline"])
    return Stage(settings, sources + _sources("systems", settings["symmetries"]))


def report_errors(config, wildcards):
    """Depend on the events that the system declares, and on the baselines that are made here."""
    dataset = config["datasets"][scored_dataset(config, wildcards)]
    experiment = experiment_of(config, wildcards)
    settings = _only(experiment, "train_samples")
    settings |= {"system": dataset.get("system"), "inputs": experiment["inputs"]}
    settings["baselines"] = [{"name": name} for name in COMPARED]
    settings["symmetries"] = images_used(config, wildcards)
    sources = [registry.source(BASELINES, name) for name in COMPARED]
    sources += _sources("systems", settings["system"])
    return Stage(settings, sources + _sources("systems", settings["symmetries"]))


def measure_costs(config, wildcards):
    """Depend on all that is timed, and on the jobs that came before."""
    rollout, report = rollout_led(config, wildcards), report_errors(config, wildcards)
    keys = ("train_samples", "symmetries", "baselines")
    settings = _only(rollout.settings, "horizon", "simulation") | _only(report.settings, *keys)
    settings["jobs"] = _jobs_before(config, wildcards.experiment)
    return Stage(settings, sorted({*rollout.sources, *report.sources}))


def _jobs_before(config, name):
    """Return the jobs that make the training and validation samples, and the training jobs."""
    experiment = config["experiments"][name]
    dataset = config["datasets"][experiment["dataset"]]
    rule = {"simulation": "simulate_batch", "command": "run_command"}.get(dataset["source"])
    used = {"train": experiment["train_samples"], "validation": None}
    simulation = [
        f"datasets/{experiment['dataset']}/{rule}_{split}_{number:04d}"
        for split, count in used.items()
        for number, (start, _) in enumerate(batches_of(dataset, split) if rule else ())
        if count is None or start < count
    ]
    training = ["train_autoencoder"]
    training += [
        f"{step}_{split}" for step in ("encode_latents", "smooth_latents") for split in used
    ]
    training += [f"train_rnn_{member}" for member in range(experiment["rnn"]["members"])]
    training += [f"train_{part}" for part in ("decoder", "joint") if experiment[part]]
    return {"simulation": simulation, "training": [f"{name}/{job}" for job in training]}


def write_report(config, wildcards):
    """Depend on how forecasts and baselines are described."""
    fitted = [entry["name"] for entry in experiment_of(config, wildcards)["baselines"]]
    described = {
        registry.label(name): roles.summary(BASELINES, name) for name in [*COMPARED, *fitted]
    }
    named = experiment_of(config, wildcards)["forecasts"].items()
    forecasts = {name: _described(entry) for name, entry in named}
    settings = {"forecasts": forecasts, "baselines": described}
    return Stage(settings | {"split": scored_split(wildcards)})


def plot_figure(draw, options):
    """Depend on the function that draws, ``module.function`` of `led.figures`, and its options."""
    return Stage({"draw": draw, "options": options}, [f"figures/{draw.partition('.')[0]}.py"])


def compare_runs(config, wildcards):
    """Depend on the runs of a study, and what is varied in each."""
    runs = studies.runs(wildcards.study, config["studies"][wildcards.study])
    return Stage({"runs": [{"run": run, "values": values} for run, values in runs.items()]})


def time_generation(config, wildcards):
    """Depend on the simulation, its samples and its batches."""
    dataset = dataset_of(config, wildcards)
    keys = ("system", "solver", "duration", "dt", "output_every", "spin_up", "batch_size")
    settings = _only(dataset, *keys) | {"samples": dataset["samples"]["train"]}
    settings |= design_of(dataset, "train")
    return Stage(settings, _simulation_sources(dataset))


def measure_solvers(config, wildcards):
    """Depend on all solvers."""
    return Stage(sources=[registry.source("solvers", name) for name in roles.choices("solvers")])


def _described(forecast):
    """Return what a named forecast does: the summary of its mode, and the options."""
    chosen = {key: value for key, value in forecast.items() if value is not None}
    options = [f"{key} {value}" for key, value in sorted(chosen.items()) if key != "mode"]
    return roles.summary(MODES, forecast["mode"]) + f" ({', '.join(options)})" * bool(options)


def _only(section, *keys):
    return {key: section[key] for key in keys}


def _drawing(dataset, split):
    """Return what makes a simulation of a split again, but for its length."""
    settings = _only(dataset, "system", "solver", "dt") | design_of(dataset, split)
    return settings | {"output_every": output_every(dataset, split), "split": split}


def _sources(role, section):
    """Return the source file of what a section names; of none or a list there is no file."""
    return [registry.source(role, section["name"])] if isinstance(section, dict) else []


def _start(experiment):
    """Return what says where a training starts: nothing for most, which stay as they are."""
    return _only(experiment, "start_from") if experiment["start_from"] else {}


def _start_sources(experiment):
    return ["surrogate/start.py"] if experiment["start_from"] else []


def _simulation_sources(dataset):
    return _sources("systems", dataset["system"]) + _sources("solvers", dataset["solver"])
