"""What does not fit in the named forecasts of an experiment."""

from led.config import roles
from led.config.chosen import COMPARED
from led.config.datasets import source_contradictions
from led.config.messages import listed
from led.jobs import registry

MODES = "surrogate/modes"


def contradictions(key, experiment):
    """Yield a message for each named forecast that does not fit the experiment at `key`."""
    names = [*COMPARED, "led", "autoencoder"]
    names += [registry.label(entry["name"]) for entry in experiment["baselines"]]
    taken = {name.lower() for name in names}
    for name, entry in experiment["forecasts"].items():
        if name.lower() in taken:
            yield (
                f"{key}.forecasts.{name}: found the name {name!r}, expected none of "
                f"{listed(names)}, which the table of errors has already"
            )
        taken.add(name.lower())
        yield from source_contradictions(f"{key}.forecasts.{name}.mode", entry["mode"])


def solver_contradictions(key, experiment, name, dataset):
    """Yield a message for each mode that calls a solver, which the dataset `name` has not."""
    for forecast, entry in experiment["forecasts"].items():
        if dataset["source"] != "simulation" and needs_solver(entry["mode"]):
            yield (
                f"{key}.forecasts.{forecast}.mode: found {entry['mode']!r}, which calls the solver "
                f"of the system; expected a mode without it, since the samples of {name} come from "
                f"{'a command' if dataset['source'] == 'command' else 'files'}"
            )


def needs_solver(mode):
    """Return whether a mode says that it calls the solver of the system."""
    try:
        return roles.attribute(MODES, mode, "needs_solver")
    except (LookupError, OSError, SyntaxError, ValueError):  # of a user's file that cannot be read
        return False
