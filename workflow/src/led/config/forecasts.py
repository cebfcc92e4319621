"""What does not fit in the named forecasts of an experiment."""

from led.config import roles
from led.config.chosen import COMPARED
from led.config.datasets import source_contradictions
from led.config.messages import listed
from led.data.frames import chosen_frames, phases
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
        if dataset["source"] != "simulation" and says(entry["mode"], "needs_solver"):
            yield (
                f"{key}.forecasts.{forecast}.mode: found {entry['mode']!r}, which calls the solver "
                f"of the system; expected a mode without it, since the samples of {name} come from "
                f"{'a command' if dataset['source'] == 'command' else 'files'}"
            )


def time_contradictions(key, experiment, interval):
    """Yield a message for phases that are no frames; `interval` is that of the training samples."""
    for name, entry in experiment["forecasts"].items():
        if entry["mode"] == "multiscale":
            try:
                phases(entry["micro"], entry["ratio"], interval)
            except ValueError as error:
                yield f"{key}.forecasts.{name}.{error}"


def frame_contradictions(key, experiment, tests, frames, apart):
    """Yield a message for frames that a forecast has not.

    Parameters
    ----------
    key : str
    experiment : dict
    tests : led.config.samples.Samples
        That are forecast.
    frames : tuple of (int, int)
        The first one of the forecast, and the one behind its last.
    apart : int
        Every how many-th frame is one of a training sample.
    """
    for name, entry in experiment["forecasts"].items():
        place = f"{key}.forecasts.{name}"
        if entry["every"] and entry["times"]:
            yield f"{place}.times: found with every, expected one of the two"
            continue
        every = 1 if says(entry["mode"], "interpolates") else apart
        among = range(-(-frames[0] // every) * every, frames[1], every)
        start, step = tests.start + among.start * tests.interval, every * tests.interval
        try:
            chosen_frames(start, step, len(among), entry["every"], entry["times"])
        except ValueError as error:
            yield f"{place}.{error}"


def says(mode, attribute):
    """Return a class attribute of a mode, true or false."""
    try:
        return roles.attribute(MODES, mode, attribute)
    except (LookupError, OSError, SyntaxError, ValueError):  # of a user's file that cannot be read
        return False
