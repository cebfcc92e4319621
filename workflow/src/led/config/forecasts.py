"""What does not fit in the named forecasts of an experiment."""

from led.config import roles
from led.config.chosen import COMPARED, MODES
from led.config.datasets import source_contradictions
from led.config.messages import listed
from led.data.frames import phases
from led.jobs import registry


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
        if entry["mode"] == "adaptive":
            yield from _adaptive_contradictions(f"{key}.forecasts.{name}", entry, experiment)


def _adaptive_contradictions(key, entry, experiment):
    shortest, longest = entry["length"]
    if longest < shortest:
        yield f"{key}.length: found {entry['length']}, expected the shorter time first"
    horizon = experiment["horizon"]
    if horizon and entry["compare"] > horizon:
        yield (
            f"{key}.compare: found {entry['compare']:g}, expected at most {horizon:g}, the horizon"
        )
    if not entry["train"]["steps"]:
        return
    if experiment["rnn"]["name"] != "stateful":
        yield (
            f"{key}.train: found with rnn.name {experiment['rnn']['name']!r}, expected 'stateful', "
            "which is trained step by step"
        )
    if experiment["inputs"]:
        yield f"{key}.train: found with inputs, expected an experiment without"
    if entry["train"]["autoencoder"] and (experiment["decoder"] or experiment["joint"]):
        yield (
            f"{key}.train.autoencoder: found true with a decoder that is trained on forecasts, "
            "expected false"
        )


def solver_contradictions(key, experiment, name, dataset):
    """Yield a message for each mode that calls a solver, which the dataset `name` has not."""
    for forecast, entry in experiment["forecasts"].items():
        solves = roles.declares(MODES, entry["mode"], "needs_solver")
        if solves and dataset["source"] != "simulation":
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
