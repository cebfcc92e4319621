"""The configuration: its schema, its defaults, and messages that say what to change."""

import math
import re
from functools import cache

import yaml

from led.config import forecasts, studies, study_sections
from led.config.datasets import grid_of
from led.config.messages import HEADING, ConfigError, listed, nearest
from led.config.sections import contradictions
from led.config.validator import filling_validator


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
        With every default filled in, and the runs of all studies among the experiments. What the
        schema calls a number is a float: 60 and 60.0 are one value.

    Raises
    ------
    ConfigError
        Names each key, what was found and what is allowed.
    """
    if messages := list(_keys_other_than_text(config)):
        raise ConfigError(HEADING + "\n".join(messages))
    config = _apart(config)
    if messages := list(forecasts.write_out_ratios(config)):
        raise ConfigError(HEADING + "\n".join(messages))
    written, config = config, _apart(config)
    _write_out_names(config)
    validator, integers = filling_validator(_schema(schema_path))
    _check(config, written, validator, {})
    if messages := list(study_sections.contradictions(config, written["experiments"])):
        raise ConfigError(HEADING + "\n".join(messages))
    runs = studies.expand(config["studies"], written["experiments"])
    written["experiments"] |= _apart(runs)
    config["experiments"] |= runs
    _write_out_names(config)
    _check(config, written, validator, runs)
    _add_fields(config, validator)
    for section, key in integers:
        section[key] = float(section[key])
    return config


def _check(config, written, validator, runs):
    """Fill in the defaults, and raise a `ConfigError` if something is wrong.

    `runs` are the experiments that studies have added.
    """
    errors = sorted(validator.iter_errors(config), key=lambda e: list(map(str, e.path)))
    messages = [line for error in errors for line in _explain(error, written)]
    if not messages:
        messages = contradictions(config)
    if messages := list(studies.named(messages, runs)):
        raise ConfigError(HEADING + "\n".join(messages))


def _apart(value):
    """Copy a configuration. YAML anchors share one section: each place gets its own defaults."""
    if isinstance(value, dict):
        return {key: _apart(entry) for key, entry in value.items()}
    return [_apart(entry) for entry in value] if isinstance(value, list) else value


@cache
def _schema(path):
    with open(path) as file:
        return yaml.safe_load(file)


def _keys_other_than_text(section, place="the top level"):
    """Yield a message for each key that YAML reads as a number, a date, true, false or null."""
    for key, value in section.items() if isinstance(section, dict) else enumerate(section):
        if isinstance(section, dict) and not isinstance(key, str):
            yield f"{place}: found the key {key!r}, expected text: write it in quotes"
        elif isinstance(value, dict | list):
            yield from _keys_other_than_text(value, f"{place}.{key}".removeprefix("the top level."))


def _write_out_names(config):
    """Turn ``system: name`` into ``system: {name: name}``, and the same for each of `baselines`.

    ``source: netcdf`` and ``source: npz`` are former names of ``source: files``.
    """
    datasets = config.get("datasets")
    for dataset in datasets.values() if isinstance(datasets, dict) else ():
        if isinstance(dataset, dict) and isinstance(dataset.get("system"), str):
            dataset["system"] = {"name": dataset["system"]}
        if isinstance(dataset, dict) and dataset.get("source") in ("netcdf", "npz"):
            dataset["source"] = "files"
    experiments = config.get("experiments")
    for experiment in experiments.values() if isinstance(experiments, dict) else ():
        if isinstance(experiment, dict) and isinstance(experiment.get("baselines"), list):
            experiment["baselines"] = [
                {"name": entry} if isinstance(entry, str) else entry
                for entry in experiment["baselines"]
            ]


def _add_fields(config, validator):
    """Ask for the figures of fields where the configuration shows a grid of two dimensions."""
    for experiment in config["experiments"].values():
        if len(grid_of(config["datasets"][experiment["dataset"]])) == 2:
            for figure in ("fields", "reconstruction"):
                if experiment["figures"][figure] is None:
                    experiment["figures"][figure] = {}
    validator.validate(config)  # fills in the defaults


TYPES = {
    "object": "a mapping",
    "array": "a list",
    "string": "a string",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
}


def _explain(error, written):
    """Yield lines for an error of jsonschema: the key, what was found, what is allowed.

    `written` is the configuration before the defaults were filled in.
    """
    key = ".".join(map(str, error.absolute_path)) or "the top level"
    found, allowed = error.instance, error.validator_value
    if error.validator == "additionalProperties":
        known = list(error.schema["properties"])
        for name in found:
            if name not in known:
                yield f"{key}: unknown key {name!r}{nearest(name, known)}; known: {listed(known)}"
    elif error.validator == "required":
        missing = re.match("'(.*)' is a required property", error.message).group(1)
        for step in error.absolute_path:
            written = written[step] if isinstance(written, dict | list) else {"name": written}
        yield f"{key}: {missing!r} is missing; found {listed(written or ()) or 'nothing'}"
    elif error.validator == "type":
        kinds = [TYPES[kind] for kind in ([allowed] if isinstance(allowed, str) else allowed)]
        line = f"{key}: found {_shown(found)}, expected {' or '.join(kinds)}"
        yield line + _number_advice(found, kinds)
    elif error.validator == "enum":
        yield (
            f"{key}: found {_shown(found)}, expected one of {listed(allowed)}"
            f"{nearest(found, allowed)}"
        )
    elif error.validator == "pattern":
        kind = "the name " * ("propertyNames" in error.absolute_schema_path)
        yield f"{key}: found {kind}{found!r}, expected: {error.schema['description']}"
    elif error.validator in ("minItems", "minProperties"):
        yield f"{key}: found {_shown(found)}, expected at least one entry"
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


def _number_advice(found, kinds):
    """Return how to write a number that YAML has read as text: in quotes, or 1e-3."""
    if not isinstance(found, str):
        return ""
    if re.fullmatch(r"-?\d+", found):
        return f"; write it without quotes: {found} (and in a file: values of --config are text)"
    try:
        number = float(found)
    except ValueError:
        return ""
    if TYPES["number"] not in kinds or not math.isfinite(number):
        return ""
    plain = re.sub(r"^(-?\d+)e", r"\1.0e", repr(number))  # YAML 1.1 needs the point
    return f"; YAML reads {found} as text: write it as {plain}"
