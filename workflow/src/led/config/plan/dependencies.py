"""Settings and source files on which jobs of several stages of the workflow depend."""

from led.config.chosen import design_of, output_every
from led.jobs import registry

BASELINES = "evaluation/baselines"


def only(section, *keys):
    """Return a part of a section."""
    return {key: section[key] for key in keys}


def sources_of(role, section):
    """Return the source file of what a section names; of none or a list there is no file."""
    return [registry.source(role, section["name"])] if isinstance(section, dict) else []


def simulation_sources(dataset):
    """Return the source files of the system and the solver of a dataset that is simulated."""
    return sources_of("systems", dataset["system"]) + sources_of("solvers", dataset["solver"])


def drawing(dataset, split):
    """Return what makes a simulation of a split again, but for its length."""
    settings = only(dataset, "system", "solver", "dt") | design_of(dataset, split)
    return settings | {"output_every": output_every(dataset, split), "split": split}
