"""The configuration: its schema, its defaults, and messages that say what to mend."""

import copy
import difflib
import re

import jsonschema
import yaml

from led.solvers.tableaux import tableau


class ConfigError(ValueError):
    """A configuration that cannot work: one line for each thing to mend."""


def complete(config, schema_path):
    """Check a configuration and fill in the defaults.

    Parameters
    ----------
    config : dict
        As read from YAML; it is not changed.
    schema_path : str or Path
        JSON schema, as YAML.

    Returns
    -------
    dict
        With every default filled in.

    Raises
    ------
    ConfigError
        Names each key, what was found and what is allowed.
    """
    with open(schema_path) as file:
        schema = yaml.safe_load(file)
    config = copy.deepcopy(config)
    errors = sorted(
        _filling_validator(schema).iter_errors(config), key=lambda e: list(map(str, e.path))
    )
    messages = [line for error in errors for line in _explain(error)]
    if not messages:
        messages = list(_contradictions(config))
    if messages:
        raise ConfigError("the configuration cannot work:\n" + "\n".join(messages))
    return config


def _filling_validator(schema):
    """Return a validator that also fills in the defaults of properties."""
    check_properties = jsonschema.Draft202012Validator.VALIDATORS["properties"]

    def fill_and_check(validator, properties, instance, schema):
        if isinstance(instance, dict):
            for key, part in properties.items():
                if "default" in part:
                    instance.setdefault(key, copy.deepcopy(part["default"]))
        yield from check_properties(validator, properties, instance, schema)

    filling = jsonschema.validators.extend(
        jsonschema.Draft202012Validator, {"properties": fill_and_check}
    )
    return filling(schema)


TYPES = {
    "object": "a mapping",
    "array": "a list",
    "string": "a string",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
}


def _explain(error):
    """Yield lines for an error of jsonschema: the key, what was found, what is allowed."""
    key = ".".join(map(str, error.absolute_path)) or "the top level"
    found, allowed = error.instance, error.validator_value
    if error.validator == "additionalProperties":
        known = list(error.schema["properties"])
        for name in found:
            if name not in known:
                yield f"{key}: unknown key {name!r}{_nearest(name, known)}; known: {_listed(known)}"
    elif error.validator == "required":
        for name in allowed:
            if name not in found:
                yield f"{key}: {name!r} is missing; found {_listed(found) or 'nothing'}"
                break
    elif error.validator == "type":
        kinds = [TYPES[kind] for kind in ([allowed] if isinstance(allowed, str) else allowed)]
        line = f"{key}: found {_shown(found)}, expected {' or '.join(kinds)}"
        yield line + _number_advice(found)
    elif error.validator == "enum":
        yield (
            f"{key}: found {_shown(found)}, expected one of {_listed(allowed)}"
            f"{_nearest(found, allowed)}"
        )
    elif error.validator == "pattern":
        yield f"{key}: found the name {found!r}, expected: {error.schema['description']}"
    elif error.validator in BOUNDS:
        yield f"{key}: found {found}, expected {BOUNDS[error.validator]} {allowed}"
    else:
        yield f"{key}: {error.message}"


BOUNDS = {
    "minimum": "at least",
    "maximum": "at most",
    "exclusiveMinimum": "more than",
    "exclusiveMaximum": "less than",
}


def _shown(value):
    kind = next((TYPES[name] for name, cls in CLASSES if isinstance(value, cls)), "")
    return f"{value!r} ({kind})" if isinstance(value, str | bool | dict | list) else f"{value!r}"


CLASSES = [("string", str), ("boolean", bool), ("object", dict), ("array", list)]


def _listed(names):
    return ", ".join(map(str, names))


def _nearest(name, known):
    near = difflib.get_close_matches(str(name), map(str, known), n=1, cutoff=0.5)
    return f" (did you mean {near[0]!r}?)" if near else ""


def _number_advice(found):
    try:
        number = float(found)
    except (TypeError, ValueError):
        return ""
    if not isinstance(found, str):
        return ""
    plain = re.sub(r"^(-?\d+)e", r"\1.0e", repr(number))  # YAML 1.1 wants the point
    return f"; YAML reads {found} as text: write it as {plain}"


def _contradictions(config):
    """Yield what no single key shows: sections that do not fit each other."""
    datasets = config["datasets"]
    broken = set()
    for name, dataset in datasets.items():
        for message in _dataset_contradictions(f"datasets.{name}", dataset):
            broken.add(name)
            yield message
    for name, experiment in config["experiments"].items():
        key, chosen = f"experiments.{name}", experiment["dataset"]
        if chosen not in datasets:
            yield (
                f"{key}.dataset: found {chosen!r}, expected one of {_listed(datasets)}"
                f"{_nearest(chosen, datasets)}"
            )
        elif chosen not in broken:
            yield from _experiment_contradictions(key, experiment, datasets[chosen])


def _dataset_contradictions(key, dataset):
    solver = dataset["solver"]
    if "tableau" in solver:
        try:
            tableau(solver["tableau"], explicit=solver["name"] == "runge_kutta")
        except ValueError as error:
            yield f"{key}.solver.{error}"
    steps = dataset["duration"] / dataset["dt"]
    if abs(steps - round(steps)) > 1e-6 * steps or round(steps) < 1:
        yield (
            f"{key}.duration: found {dataset['duration']}, expected a multiple of dt "
            f"({dataset['dt']})"
        )
    elif round(steps) < dataset["output_every"]:
        yield (
            f"{key}.output_every: found {dataset['output_every']}, expected at most "
            f"{round(steps)}, the steps of a sample"
        )


def grid_of(dataset):
    """Return the points along each side of the grid of a dataset, ``()`` without a grid."""
    return tuple(dataset["system"][side] for side in ("nx", "ny") if side in dataset["system"])


def _experiment_contradictions(key, experiment, dataset):
    interval = dataset["dt"] * dataset["output_every"]
    frames = round(dataset["duration"] / dataset["dt"]) // dataset["output_every"] + 1
    warmup = round(experiment["warmup"] / interval)
    left = frames - warmup
    if experiment["horizon"] is not None:
        horizon = round(experiment["horizon"] / interval)
        if not 1 <= horizon <= left and warmup < frames:
            yield (
                f"{key}.horizon: found {experiment['horizon']}, expected {interval:g} to "
                f"{left * interval:g}, what the warm-up leaves of a sample"
            )
    if not 1 <= warmup < frames:
        yield (
            f"{key}.warmup: found {experiment['warmup']}, expected {interval:g} to "
            f"{(frames - 1) * interval:g}, within a sample of the dataset"
        )
        return
    smoothing = experiment["smoothing"]
    if smoothing and smoothing["window"] > min(warmup, left):
        yield (
            f"{key}.smoothing.window: found {smoothing['window']} frames, expected at most "
            f"{min(warmup, left)}: the warm-up has {warmup} frames and {left} follow it"
        )
    if smoothing and smoothing["order"] >= smoothing["window"]:
        yield (
            f"{key}.smoothing.order: found {smoothing['order']}, expected less than the window "
            f"({smoothing['window']})"
        )
    rnn = experiment["rnn"]
    if rnn["name"] == "windowed" and rnn["window"] > warmup:
        yield (
            f"{key}.rnn.window: found {rnn['window']} frames, expected at most {warmup}, the "
            "warm-up"
        )
    if rnn["name"] == "stateful" and rnn["stride"] > min(warmup, left):
        yield (
            f"{key}.rnn.stride: found {rnn['stride']}, expected at most {min(warmup, left)}: the "
            f"warm-up has {warmup} frames and {left} follow it"
        )
    yield from _shape_contradictions(key, experiment, dataset)


def _shape_contradictions(key, experiment, dataset):
    grid = grid_of(dataset)
    autoencoder = experiment["autoencoder"]
    if autoencoder["name"] in ("conv", "pointwise") and not grid:
        yield (
            f"{key}.autoencoder.name: found {autoencoder['name']!r}, which needs a grid; expected "
            "identity or pca for a system without one"
        )
    if autoencoder["name"] == "conv" and len(autoencoder["filters"]) != len(autoencoder["kernels"]):
        yield (
            f"{key}.autoencoder.kernels: found {len(autoencoder['kernels'])} entries, expected "
            f"{len(autoencoder['filters'])}, one for each of filters"
        )
    tests = dataset["samples"]["test"]
    figures = experiment["figures"]
    for figure, options in figures.items():
        if options["sample"] >= tests:
            yield (
                f"{key}.figures.{figure}.sample: found {options['sample']}, expected less than "
                f"{tests}, the number of test samples"
            )
    for point in figures["particles"]["points"] or []:
        inside = len(point) == len(grid) and all(i < n for i, n in zip(point, grid, strict=True))
        if not inside:
            yield (
                f"{key}.figures.particles.points: found {point}, expected indices of the grid "
                f"{list(grid)}"
            )
