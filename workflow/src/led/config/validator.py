"""The validator of the configuration: it fills in defaults, and checks the options of classes."""

import copy
import sys

import jsonschema

from led.config import roles
from led.config.options import schema_of
from led.jobs import registry, sources


def filling_validator(schema):
    """Return a validator that fills in the defaults of properties, and reads the classes of led.

    Three keywords are not those of JSON schema. ``choices``: the key ``name``, or the one that
    ``key`` gives, chooses a class of this role, and the other keys are its options. ``options``:
    the keys are the options of this class.

    Returns
    -------
    jsonschema.Validator
    list of (dict or list, key)
        Where the validator has found an integer for a number; it grows with each validation.
    """
    integers, definitions = [], schema["$defs"]
    check_properties = jsonschema.Draft202012Validator.VALIDATORS["properties"]

    def fill_and_check(validator, properties, instance, schema):
        if isinstance(instance, dict):
            for key, part in properties.items():
                if "default" in part:
                    instance.setdefault(key, copy.deepcopy(part["default"]))
                if key in instance:
                    integers.extend(_integers(instance, key, part, definitions))
        yield from check_properties(validator, properties, instance, schema)

    made = {}  # one validator reads the source of a class once

    def class_chosen(section, name=None):
        key = section.get("choices", section.get("options")), name
        if key not in made:
            made[key] = chosen(section, name, schema["$defs"])
        return made[key]

    def check_choice(validator, role, instance, section):
        key = section.get("key", "name")
        if isinstance(instance, dict) and key in instance:
            name = instance[key]
            is_file = isinstance(name, str) and registry.is_file(name)
            known = {"$ref": "#/$defs/own_class"} if is_file else {"enum": [*roles.choices(role)]}
            errors = list(validator.descend(name, known, path=key))
            yield from errors
            if not errors:
                yield from validator.descend(instance, class_chosen(section, name))

    def check_options(validator, _, instance, section):
        if isinstance(instance, dict):
            yield from validator.descend(instance, class_chosen(section))

    def check_order(validator, _, instance, section):
        if isinstance(instance, list) and len(instance) == 2 and not instance[0] < instance[1]:
            message = f"found {instance}, expected the lower end first"
            yield jsonschema.ValidationError(message)

    # JSON's own types take 1.0 for an integer, and YAML's .nan and .inf for numbers
    types = jsonschema.Draft202012Validator.TYPE_CHECKER.redefine_many(
        {
            "integer": lambda _, value: isinstance(value, int) and not isinstance(value, bool),
            "number": lambda _, value: (
                isinstance(value, int | float)
                and not isinstance(value, bool)
                and -sys.float_info.max <= value <= sys.float_info.max
            ),
        }
    )
    keywords = {"properties": fill_and_check, "choices": check_choice, "options": check_options}
    keywords["ascending"] = check_order
    filling = jsonschema.validators.extend(
        jsonschema.Draft202012Validator, keywords, type_checker=types
    )
    return filling(schema), integers


def _integers(section, key, schema, definitions):
    """Yield (section, key) of integers that the schema calls numbers, also in lists."""
    while "$ref" in schema:
        schema = definitions[schema["$ref"].rpartition("/")[2]] | {
            name: value for name, value in schema.items() if name != "$ref"
        }
    value, kinds = section[key], schema.get("type", ())
    if type(value) is int and abs(value) <= sys.float_info.max and "number" in kinds:
        yield section, key
    elif isinstance(value, list) and "items" in schema:
        for number in range(len(value)):
            yield from _integers(value, number, schema["items"], definitions)


def chosen(section, name, types):
    """Return the schema of a section: its own keys, and the options of a class.

    Parameters
    ----------
    section : dict
        Its schema, with the keyword ``choices`` or ``options``.
    name : str or None
        Of the class, for ``choices``.
    types : dict
        ``$defs`` of the schema of the configuration.
    """
    if "options" in section:
        path, class_name = registry.split(section["options"])
        path = sources.LIBRARY / path
    elif registry.is_file(name):
        path, class_name = registry.split(name)
    else:
        path = sources.LIBRARY / section["choices"] / f"{name}.py"
        class_name = roles.choices(section["choices"])[name]
    found = schema_of(path, class_name, types)
    properties = {key: {} for key in section.get("properties", ())} | found["properties"]
    return found | {"properties": properties}
