"""The options of a class as a JSON schema, read from its fields and its docstring."""

import ast
import re

from led.config import roles

ANYTHING = {"$ref": "#/$defs/parameter"}
ANY_OPTIONS = {"properties": {}, "required": [], "additionalProperties": ANYTHING}
SIMPLE = {
    "int": {"type": "integer"},
    "float": {"type": "number"},
    "bool": {"type": "boolean"},
    "str": {"type": "string"},
    "dict": {"type": "object", "additionalProperties": ANYTHING},
    "list": {"type": "array", "items": ANYTHING},
    "tuple": {"type": "array", "items": ANYTHING},
}
OPTIONS = ("led", "jobs", "options")
NO_OPTION = r"^\w+: (typing\.)?ClassVar\b|^\w+: (dataclasses\.)?KW_ONLY$|\binit=False\b"
UNKNOWN = object()  # a default that is no literal: the class fills it in


def schema_of(path, class_name, types):
    """Return the JSON schema of the options of a class: of its fields, if it is a dataclass.

    Parameters
    ----------
    path : Path
        The file of the class.
    class_name : str
    types : dict
        ``$defs`` of the schema of the configuration: the types of `led.jobs.options`.

    Returns
    -------
    dict
        ``properties``, ``required`` and ``additionalProperties``. Any options are accepted of a
        class that is no dataclass, or not found, and any value where an annotation is not known.
    """
    try:
        path = path.resolve()
        return _schema(path, class_name, path.parent, types)
    except (LookupError, OSError, RuntimeError, SyntaxError, ValueError):
        return ANY_OPTIONS


def _schema(path, class_name, folder, types):
    """See `schema_of`; imports of a user's file are looked for in `folder`."""
    lineage = roles.lineage_of(*roles.located(path, class_name, folder), folder)
    while not roles.is_dataclass(lineage[0][1]) and "__init__" not in roles.defined_in(
        lineage[0][1]
    ):
        lineage = lineage[1:]
    if "__init__" in roles.defined_in(lineage[0][1]):
        return ANY_OPTIONS
    options, descriptions = {}, {}
    for place, node in reversed(lineage):
        if roles.is_dataclass(node):
            options |= _options(node, place, folder, types)
            descriptions |= _descriptions(ast.get_docstring(node) or "")
    properties = {
        name: ({"description": descriptions[name]} if name in descriptions else {}) | schema
        for name, (schema, _) in options.items()
    }
    required = [name for name, (_, needed) in options.items() if needed]
    return {"properties": properties, "required": required, "additionalProperties": False}


def _options(node, *where):
    """Return the fields of a dataclass, ``{name: (schema, whether there is no default)}``."""
    found = {}
    for line in node.body:
        if not isinstance(line, ast.AnnAssign) or re.search(NO_OPTION, ast.unparse(line)):
            continue
        needed, default = _default(line.value)
        schema = _nested(line, *where)
        if schema is None:
            schema = _value(line.annotation, *where)
            if default is None:
                schema = _nullable(schema, where[-1])
            if default is not UNKNOWN:
                schema = schema | {"default": default}
        found[line.target.id] = schema, needed
    return found


def _nested(line, path, folder, types):
    """Return the schema of a field whose default is another dataclass, made of literals."""
    call = line.value
    if not (isinstance(call, ast.Call) and ast.dump(call.func) == ast.dump(line.annotation)):
        return None
    try:
        file, node = roles.meant_by(call.func, path, folder)
    except LookupError:
        return None
    schema = _schema(file, node.name, folder, types)
    if schema is ANY_OPTIONS:
        return None
    names = list(schema["properties"])
    given = dict(zip(names, call.args, strict=False))
    given |= {keyword.arg: keyword.value for keyword in call.keywords}
    defaults = {name: {"default": _literal(value)} for name, value in given.items()}
    if not set(schema["required"]) <= defaults.keys() <= set(names):
        return None  # Python will say so
    if {"default": UNKNOWN} in defaults.values():
        return None
    properties = {name: schema["properties"][name] | defaults.get(name, {}) for name in names}
    nested = {"properties": properties, "required": [], "default": {}}
    return {"type": "object"} | schema | nested


def _default(value):
    """Return whether a field has no default, and its default or `UNKNOWN`."""
    if isinstance(value, ast.Call) and ast.unparse(value.func).endswith("field"):
        given = {keyword.arg: keyword.value for keyword in value.keywords}
        if "default_factory" in given:
            made = ast.unparse(given["default_factory"])
            return False, {"list": [], "tuple": [], "dict": {}}.get(made, UNKNOWN)
        value = given.get("default")
    return value is None, UNKNOWN if value is None else _literal(value)


def _literal(node):
    """Return what JSON makes of a literal, or `UNKNOWN`."""

    def plain(value):
        if isinstance(value, tuple | list):
            return [plain(entry) for entry in value]
        if isinstance(value, dict):
            return {key: plain(entry) for key, entry in value.items()}
        if isinstance(value, bool | int | float | str | None):
            return value
        raise ValueError

    try:
        return plain(ast.literal_eval(node))
    except (TypeError, ValueError):
        return UNKNOWN


def _value(node, path, folder, types):
    """Return the schema of an annotation."""
    where = path, folder, types
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return _value(ast.parse(node.value, mode="eval").body, *where)
    if isinstance(node, ast.BinOp) and "None" in (ast.unparse(node.left), ast.unparse(node.right)):
        other = node.left if ast.unparse(node.right) == "None" else node.right
        return _nullable(_value(other, *where), types)
    if isinstance(node, ast.Subscript):
        kind, entries = ast.unparse(node.value).rpartition(".")[2], node.slice
        entries = entries.elts if isinstance(entries, ast.Tuple) else [entries]
        if kind == "Literal":
            return _enumeration([ast.literal_eval(entry) for entry in entries])
        if kind == "Optional":
            return _nullable(_value(entries[0], *where), types)
        if kind == "list" or (kind == "tuple" and ast.unparse(entries[-1]) == "..."):
            return {"type": "array", "items": _value(entries[0], *where)}
        return ANYTHING
    if (name := ast.unparse(node)) in SIMPLE:
        return SIMPLE[name]
    place = roles.place_of(node, path, folder)
    if place and place[1][:-1] == OPTIONS:
        name = re.sub("(?<=[a-z])(?=[A-Z])", "_", place[1][-1]).lower()
        return {"$ref": f"#/$defs/{name}"} if name in types else ANYTHING
    return ANYTHING


def _enumeration(values):
    """Return the schema of a `Literal`; of successive integers, their bounds."""
    if all(type(value) is int for value in values):
        low, high = min(values), max(values)
        if sorted(values) == list(range(low, high + 1)):
            return {"type": "integer", "minimum": low, "maximum": high}
    return {"enum": values}


def _nullable(schema, types):
    """Return the schema of what may be null, too: in one piece, for the messages."""
    if "$ref" in schema:
        schema = types[schema["$ref"].rpartition("/")[2]]
    if not {"enum", "type"} & schema.keys():
        return ANYTHING
    schema = dict(schema)
    if "enum" in schema:
        schema["enum"] = [*(value for value in schema["enum"] if value is not None), None]
    if "type" in schema:
        kinds = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
        schema["type"] = [*(kind for kind in kinds if kind != "null"), "null"]
    return schema


def _descriptions(docstring):
    """Return what the section `Parameters` of a docstring says, by name."""
    section = re.search(r"^Parameters\n-+\n(.*?)(?=^\S[^\n]*\n---|\Z)", docstring, re.M | re.S)
    found = {}
    for line in section[1].splitlines() if section else ():
        if line and not line[0].isspace():
            names = line.partition(" :")[0].split(", ")
        elif line.strip():
            for name in names:
                found[name] = f"{found[name]} {line.strip()}" if name in found else line.strip()
    return found
