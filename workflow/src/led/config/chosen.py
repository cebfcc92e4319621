"""Which sections of the completed configuration a job uses, from its wildcards."""

from itertools import accumulate

from led.config import paths
from led.jobs import registry

TEST = "test"
SPLITS = ("train", "validation", TEST)
READING = ("layout", "group", "variables", "dims", "time", "dt")
COMPARED = ["persistence", "mean", "nearest"]  # the baselines of every report of errors
# other names in the tables of errors and costs
OTHERS = ("led", "autoencoder", "truth", "solver", "coarse", "as_accurate")


def experiment_of(config, wildcards):
    """Return the section of the experiment that a job belongs to."""
    return config["experiments"][wildcards.experiment]


def dataset_name(config, wildcards, split="train"):
    """Return the name of the dataset that a job uses; that of the test may be another one."""
    if hasattr(wildcards, "dataset"):
        return wildcards.dataset
    experiment = experiment_of(config, wildcards)
    return (split == TEST and experiment["test_dataset"]) or experiment["dataset"]


def dataset_of(config, wildcards, split="train"):
    """Return the section of that dataset."""
    return config["datasets"][dataset_name(config, wildcards, split)]


def is_simulated(config, wildcards):
    """Return whether the samples that a job scores are those of a system of ours."""
    return config["datasets"][scored_dataset(config, wildcards)]["source"] == "simulation"


def scored_split(wildcards):
    """Return the split that a job forecasts or scores; its folder, ``twin``, is empty for test."""
    return wildcards.twin.rstrip("/") or TEST


def scored_dataset(config, wildcards):
    """Return the name of the dataset whose samples a job forecasts or scores."""
    experiment = experiment_of(config, wildcards)
    return experiment[f"{scored_split(wildcards)}_dataset"] or experiment["dataset"]


def twin_of(split):
    """Return the folder of a split that is scored: what `scored_split` undoes."""
    return "" if split == TEST else f"{split}/"


def datasets_from(config, *sources):
    """Return the names of the datasets of some sources."""
    return [name for name, entry in config["datasets"].items() if entry["source"] in sources]


def in_all(config, section):
    """Return the experiments or the studies that are made without a target."""
    return [name for name, entry in config[section].items() if entry["in_all"]]


def output_every(dataset, split):
    """Return every how many time steps a split stores the state."""
    return (split == TEST and dataset["test_output_every"]) or dataset["output_every"]


def duration(dataset, split):
    """Return the length of a sample of a split in time."""
    return (split == TEST and dataset["test_duration"]) or dataset["duration"]


def files_of(dataset, split):
    """Return the files of a user that hold the samples of a split: its own, or those of all."""
    return paths.expanded(dataset.get("file") or dataset[split])


def share_of(dataset, split):
    """Return where the part of a split begins and ends in all samples, or None."""
    parts = dataset.get("split")
    if not parts or isinstance(parts[split], list):
        return None
    ends = dict(zip(SPLITS, accumulate(parts[name] for name in SPLITS), strict=True))
    return [round(ends[split] - parts[split], 9), round(ends[split], 9)]


def interval_of(dataset, split):
    """Return the two times of a split, or None."""
    parts = dataset.get("split")
    return parts[split] if parts and isinstance(parts[split], list) else None


def reading_of(dataset):
    """Return the options of a dataset that say how its files are read."""
    return {key: dataset[key] for key in READING if dataset.get(key) is not None}


def windows_of(dataset, split):
    """Return the section of the windows that the runs of a split are cut into, or None."""
    return (split == TEST and dataset.get("test_windows")) or dataset.get("windows")


def batches_of(dataset, split):
    """Return the numbers of the first sample of each batch of a split, and of the one behind it."""
    samples, size = dataset["samples"][split], dataset["batch_size"]
    return [[start, min(start + size, samples)] for start in range(0, samples, size)]


def design_of(dataset, split):
    """Return what the values that are drawn for a split depend on, besides what draws them.

    That is the number of samples for a Latin hypercube alone.
    """
    settings = {"seed": dataset["seed"], "design": dataset["design"], "number": None}
    if settings["design"] == "latin_hypercube":
        settings["number"] = dataset["samples"][split]
    return settings


def network_of(experiment):
    """Return the section of the dynamics without the size of the ensemble."""
    return {key: value for key, value in experiment["rnn"].items() if key != "members"}


def has_spread(experiment):
    """Return whether the forecast has one: of an ensemble, or of variances that it predicts."""
    rnn = experiment["rnn"]
    return rnn["members"] > 1 or (rnn["name"] == "stateful" and rnn["variance"])


def symmetric_system(config, wildcards, use="augment"):
    """Return the section whose symmetries an experiment uses, or None.

    It is that of the system, or the list of maps of a dataset from files.
    """
    used = experiment_of(config, wildcards)[use]
    return symmetries_of(dataset_of(config, wildcards)) if used else None


def symmetries_of(dataset):
    """Return the section whose symmetries a dataset has, or None."""
    return dataset["system"] if dataset["source"] == "simulation" else dataset.get("symmetries")


def images_used(config, wildcards):
    """Return the section whose symmetries LED uses anywhere, or None."""
    experiment = experiment_of(config, wildcards)
    named = any(entry["symmetrize"] for entry in experiment["forecasts"].values())
    used = experiment["augment"] or experiment["symmetrize"] or named
    return symmetries_of(dataset_of(config, wildcards)) if used else None


def datasets_used(experiment):
    """Return the names of the datasets of an experiment."""
    keys = ("dataset", "validation_dataset", "test_dataset")
    return {experiment[key] for key in keys} - {None}


def inputs_of(config, dataset):
    """Return the names of all inputs of the experiments that use a dataset."""
    names = set()
    for experiment in config["experiments"].values():
        if dataset in datasets_used(experiment):
            names |= set(experiment["inputs"])
    return sorted(names)


def baselines_of(experiment):
    """Return the names of the baselines that are fitted for an experiment."""
    return [registry.label(entry["name"]) for entry in experiment["baselines"]]


def baseline_of(config, wildcards):
    """Return the section of the baseline that a job fits.

    Raises
    ------
    ValueError
        If the experiment has no such baseline.
    """
    for entry in experiment_of(config, wildcards)["baselines"]:
        if registry.label(entry["name"]) == wildcards.baseline:
            return entry
    raise ValueError(
        f"experiments.{wildcards.experiment}.baselines: found no {wildcards.baseline}, which its "
        "forecast needs"
    )


def forecast_of(config, wildcards):
    """Return the section of a named forecast: the ``mode`` with its options, and the other keys.

    Raises
    ------
    ValueError
        If the experiment has no such forecast.
    """
    named = experiment_of(config, wildcards)["forecasts"]
    if wildcards.forecast not in named:
        raise ValueError(
            f"experiments.{wildcards.experiment}.forecasts: found no {wildcards.forecast}, which "
            f"forecasts/{wildcards.forecast}.nc needs"
        )
    options = dict(named[wildcards.forecast])
    shared = {key: options.pop(key) for key in ("every", "times", "symmetrize")}
    return {"mode": {"name": options.pop("mode")} | options} | shared


def turns_of(experiment):
    """Return name and ratio of each forecast in the mode multiscale, by ascending ratio."""
    named = experiment["forecasts"].items()
    found = [[name, entry["ratio"]] for name, entry in named if entry["mode"] == "multiscale"]
    return sorted(found, key=lambda pair: pair[1])


def adaptive_of(experiment):
    """Return the names of the forecasts in the mode adaptive."""
    named = experiment["forecasts"].items()
    return [name for name, entry in named if entry["mode"] == "adaptive"]


def figures_of(experiment):
    """Return the kinds of figures of an experiment: those that its grid and autoencoder have."""
    kinds = ["dataset", "training", "particles", "latents", "errors", "costs", "animation"]
    kinds += ["fields"] * bool(experiment["figures"]["fields"])
    kinds += ["uncertainty"] * bool(experiment["interval"] or has_spread(experiment))
    kinds += ["statistics"] * (experiment["figures"]["statistics"] is not None)
    kinds += ["multiscale"] * (len(turns_of(experiment)) > 1)
    kinds += ["adaptive"] * bool(adaptive_of(experiment))
    if experiment["autoencoder"]["name"] != "identity":
        kinds.append("reconstruction_particles")
        kinds += ["reconstruction"] * bool(experiment["figures"]["reconstruction"])
    return kinds
