"""What does not fit in the named forecasts of an experiment."""

from led.config import roles
from led.config.chosen import COMPARED, OTHERS, forecast_of
from led.config.datasets import source_contradictions
from led.config.messages import listed
from led.data.frames import chosen_frames, frames_until, phases, whole_steps
from led.jobs import registry

MODES = "surrogate/modes"
BOUNDS = ("error", "spread", "distance")  # of the mode adaptive


def write_out_ratios(config):
    """Replace each forecast with a list of ratios by one for each of them.

    The ratio follows the name: those of ``turns`` are ``turns-1`` and ``turns-2p5``.

    Parameters
    ----------
    config : dict
        As it is written; it is changed. What is no such list is left to the schema.

    Yields
    ------
    str
        A message where two forecasts would have one name.
    """
    experiments = config.get("experiments")
    for key, experiment in experiments.items() if isinstance(experiments, dict) else ():
        named = experiment.get("forecasts") if isinstance(experiment, dict) else None
        if not isinstance(named, dict):
            continue
        found = []
        for name, entry in named.items():
            ratios = entry.get("ratio") if isinstance(entry, dict) else None
            if ratios and isinstance(ratios, list) and {*map(type, ratios)} <= {int, float}:
                texts = (f"{ratio:g}".replace(".", "p").replace("+", "") for ratio in ratios)
                each = zip(texts, ratios, strict=True)
                found += [(f"{name}-{text}", entry | {"ratio": ratio}) for text, ratio in each]
            else:
                found.append((name, entry))
        experiment["forecasts"] = dict(found)
        names = [name for name, _ in found]
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield (
                f"experiments.{key}.forecasts: found {name!r} twice, expected other names, or each "
                "ratio once"
            )


def contradictions(key, experiment):
    """Yield a message for each named forecast that does not fit the experiment at `key`."""
    names = [*COMPARED, *OTHERS]
    names += [registry.label(entry["name"]) for entry in experiment["baselines"]]
    taken = {name.lower() for name in names}
    for name, entry in experiment["forecasts"].items():
        if name.lower() in taken:
            yield (
                f"{key}.forecasts.{name}: found the name {name!r}, expected none of "
                f"{listed(names)}, which the tables have already"
            )
        taken.add(name.lower())
        yield from source_contradictions(f"{key}.forecasts.{name}.mode", entry["mode"])
        if entry["mode"] == "adaptive":
            yield from _adaptive_contradictions(f"{key}.forecasts.{name}", entry, experiment)


def _adaptive_contradictions(key, entry, experiment):
    shortest, longest = entry["length"]
    if longest < shortest:
        yield f"{key}.length: found {entry['length']}, expected the shorter time first"
    if entry["symmetrize"]:
        yield f"{key}.symmetrize: found true, expected null: this mode uses no symmetric copies"
    horizon = experiment["horizon"]
    if horizon and entry["compare"] > horizon:
        yield (
            f"{key}.compare: found {entry['compare']:g}, expected at most {horizon:g}, the horizon"
        )
    if experiment["inputs"] and any(isinstance(entry[bound], dict) for bound in BOUNDS):
        yield f"{key}: found a quantile with inputs, expected numbers for {listed(BOUNDS)}"
    if not entry["train"]["steps"]:
        return
    if entry["distance"]:
        yield f"{key}.distance: found with train, expected null: what is new is to be learned"
    if experiment["rnn"]["name"] != "stateful":
        yield (
            f"{key}.train: found with rnn.name {experiment['rnn']['name']!r}, expected 'stateful', "
            "which is trained step by step"
        )
    if experiment["inputs"]:
        yield f"{key}.train: found with inputs, expected an experiment without"
    if entry["train"]["autoencoder"] and experiment["decoder"]:
        yield (
            f"{key}.train.autoencoder: found true with a decoder that is trained on forecasts, "
            "expected false"
        )


def solver_contradictions(key, experiment, name, dataset):
    """Yield a message for each mode that calls a solver, which the dataset `name` has not."""
    for forecast, entry in experiment["forecasts"].items():
        if dataset["source"] != "simulation" and says(entry["mode"], "needs_solver"):
            yield (
                f"{key}.forecasts.{forecast}.mode: found {entry['mode']!r}, which calls the solver "
                f"of the system; expected a mode without it, since the samples of {name} come from "
                f"{'a command' if dataset['source'] == 'command' else 'files'}"
            )


def time_contradictions(key, experiment, train, validation):
    """Yield a message for phases that are no frames, and for comparisons that samples cannot hold.

    Parameters
    ----------
    key : str
    experiment : dict
    train, validation : led.config.samples.Samples
        With equal steps.
    """
    stride = experiment["rnn"].get("stride", 1)
    for name, entry in experiment["forecasts"].items():
        place = f"{key}.forecasts.{name}"
        if entry["mode"] == "multiscale":
            try:
                phases(entry["micro"], entry["ratio"], train.interval, stride)
            except ValueError as error:
                yield f"{place}.{error}"
        elif entry["mode"] == "adaptive":
            yield from _comparison_contradictions(place, entry, experiment, train, validation)


def _comparison_contradictions(key, entry, experiment, train, validation):
    interval, smoothing = train.interval, experiment["smoothing"]
    known = frames_until(experiment["warmup"], interval)
    stride = experiment["rnn"].get("stride", 1)
    compare = whole_steps(frames_until(entry["compare"], interval), stride)
    needing = {
        "training": (train, entry["distance"] is not None or entry["train"]["steps"]),
        "validation": (validation, any(isinstance(entry[bound], dict) for bound in BOUNDS)),
    }
    for split, (samples, needed) in needing.items():
        if needed and known + compare > samples.frames:
            yield (
                f"{key}.compare: found {compare} frames, expected at most "
                f"{samples.frames - known}: a {split} sample has {samples.frames}, of which the "
                f"warm-up has {known}"
            )
    if smoothing and entry["train"]["steps"] and smoothing["window"] > compare:
        yield (
            f"{key}.compare: found {compare} frames with train, expected at least "
            f"{smoothing['window']}, those of smoothing.window"
        )


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


def learns(config, wildcards):
    """Return whether the mode of a named forecast is given the samples of the training."""
    return says(forecast_of(config, wildcards)["mode"]["name"], "learns")


def says(mode, attribute):
    """Return a class attribute of a mode, true or false."""
    try:
        return roles.attribute(MODES, mode, attribute)
    except (LookupError, OSError, SyntaxError, ValueError):  # of a user's file that cannot be read
        return False
