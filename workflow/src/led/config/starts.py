"""Experiments that start from the networks of another surrogate."""

from pathlib import PurePosixPath

from led.config import paths

RESULTS = PurePosixPath("results")


def description_of(experiment):
    """Return the file that describes the surrogate which an experiment starts from, or None."""
    folder = experiment["start_from"]
    return folder and str(PurePosixPath(folder) / "surrogate.json")


def origin_of(experiment):
    """Return the name of the experiment whose surrogate an experiment starts from, or None."""
    return experiment["start_from"] and _name(experiment["start_from"])


def contradictions(experiments):
    """Yield a message for each experiment whose start does not exist, or is made from itself."""
    for name, experiment in experiments.items():
        key, seen = f"experiments.{name}.start_from", [name]
        while experiment and experiment["start_from"]:
            other = _name(experiment["start_from"])
            if other in seen:
                yield f"{key}: found a circle, {' from '.join([*seen, other])}, expected a start"
                break
            if other not in experiments:
                if len(seen) == 1 and not paths.is_file(description_of(experiment)):
                    yield (
                        f"{key}: found {experiment['start_from']!r}, expected results/NAME of an "
                        "experiment, or a folder with a surrogate.json"
                    )
                break
            seen.append(other)
            experiment = experiments[other]


def _name(folder):
    """Return the name of the experiment that a folder belongs to, or None."""
    folder = PurePosixPath(folder)
    return folder.name if folder.parent == RESULTS else None
