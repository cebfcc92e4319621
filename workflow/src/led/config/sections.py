"""Contradictions between sections of the configuration, which no single key shows."""

from led.config import datasets as dataset_sections
from led.config import experiments as experiment_sections
from led.config import forecasts, intervals, scores, starts
from led.config.chosen import datasets_used
from led.config.messages import HEADING, ConfigError, listed, nearest
from led.config.samples import samples_of, symmetry_contradictions


def contradictions(config):
    """Yield a message for each contradiction in a configuration that its schema accepts."""
    datasets = config["datasets"]
    for section in ("datasets", "experiments"):
        yield from _name_contradictions(section, config[section])
    broken = set()
    for name, dataset in datasets.items():
        key = f"datasets.{name}"
        messages = [*dataset_sections.contradictions(key, dataset)]
        if messages or (messages := [*symmetry_contradictions(key, dataset)]):
            broken.add(name)
            yield from messages
    for name, experiment in config["experiments"].items():
        yield from _experiment_contradictions(f"experiments.{name}", experiment, datasets, broken)
    yield from starts.contradictions(config["experiments"])


def check(config, dataset, made=None):
    """Check what experiments ask of a dataset, as soon as its samples can be read.

    Where planning could not read them, this comes before any training.

    Parameters
    ----------
    config : dict
        The completed configuration.
    dataset : str
    made : str, optional
        The file of a batch that a command has made: all its samples have the same times and points.

    Raises
    ------
    ConfigError
        For each experiment that asks for what its samples have not.
    """
    datasets = config["datasets"]
    datasets = datasets | {dataset: datasets[dataset] | {"made": made}}
    messages = [*symmetry_contradictions(f"datasets.{dataset}", datasets[dataset])]
    for name, experiment in config["experiments"].items():
        if dataset in datasets_used(experiment):
            key = f"experiments.{name}"
            messages += _experiment_contradictions(key, experiment, datasets, set())
    if messages:
        raise ConfigError(HEADING + "\n".join(messages))


def _experiment_contradictions(key, experiment, datasets, broken):
    """Yield a message for what of an experiment fits neither itself nor its datasets."""
    chosen = experiment["dataset"]
    if chosen not in datasets:
        yield (
            f"{key}.dataset: found {chosen!r}, expected one of {listed(datasets)}"
            f"{nearest(chosen, datasets)}"
        )
    elif chosen not in broken:
        yield from experiment_sections.contradictions(key, experiment, datasets[chosen])
    yield from intervals.contradictions(key, experiment, datasets, broken)
    scored = experiment["test_dataset"] or chosen
    for name in dict.fromkeys((chosen, experiment["validation_dataset"] or chosen, scored)):
        if name in datasets.keys() - broken:
            yield from forecasts.solver_contradictions(key, experiment, name, datasets[name])
    if {scored, chosen} <= set(datasets) - broken:
        train = samples_of(datasets[chosen], "train")
        yield from scores.contradictions(key, experiment, datasets[scored], train)
    elif scored != chosen and scored not in datasets:
        yield (
            f"{key}.test_dataset: found {scored!r}, expected one of {listed(datasets)}"
            f"{nearest(scored, datasets)}"
        )


def _name_contradictions(section, names):
    """Yield a message for names that are one on file systems that ignore upper and lower case."""
    known = {}
    for name in names:
        other = known.setdefault(name.lower(), name)
        if other != name:
            yield (
                f"{section}.{name}: found next to {other!r}, expected names that differ in more "
                "than upper and lower case, which some file systems ignore"
            )
