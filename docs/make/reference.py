"""The reference of the configuration: all keys, from the schema and from the classes it names."""

import json
from pathlib import Path

import yaml

from led.config import roles, validator

SCHEMA = Path(__file__).parents[2] / "workflow/schemas/config.schema.yaml"
ROLES = {
    "systems": "Systems",
    "solvers": "Solvers",
    "autoencoders": "Autoencoders",
    "dynamics": "Dynamics",
    "evaluation/baselines": "Baselines",
    "surrogate/modes": "Modes of a forecast",
}
BOUNDS = {
    "minimum": "at least",
    "exclusiveMinimum": "above",
    "maximum": "at most",
    "exclusiveMaximum": "below",
    "minItems": "entries: at least",
    "maxItems": "entries: at most",
}
UNLIMITED = 2**31 - 1  # the largest integer that a library of a job takes
HEAD = "| key | value | default | |\n| --- | --- | --- | --- |\n"


class Reference:
    """Tables of the keys of a schema.

    Parameters
    ----------
    schema : dict
        Of the configuration.
    """

    def __init__(self, schema):
        self.definitions = schema["$defs"]

    def markdown(self):
        """Return all tables, under headings."""
        return "\n".join(
            [
                "## Datasets\n",
                *(
                    f"### `source: {name}`\n\n{self._table(self.rows(section))}"
                    for name, section in self.sources().items()
                ),
                f"## Experiments\n\n{self._table(self.rows(self.named('experiment')))}",
                f"## Studies\n\n{self._table(self.rows(self.named('study')))}",
                *(self._role(role, title) for role, title in ROLES.items()),
            ]
        )

    def sources(self):
        """Return the section of a dataset for each of its sources."""
        cases = self.definitions["dataset"]["allOf"]
        return {
            case["if"]["properties"]["source"]["const"]: self._resolved(case["then"])
            for case in cases
        }

    def classes(self, role):
        """Return the section of each class of a role: its keys are the options of the class."""
        return {
            name: validator.chosen({"choices": role}, name, self.definitions)
            for name in roles.choices(role)
        }

    def rows(self, section, place=""):
        """Yield a row for each key of a section: path, what it may be, default, description.

        The default is JSON, "required" or None.
        """
        for key, part in section.get("properties", {}).items():
            part = self._resolved(part)
            if not part:  # a key that another place describes
                continue
            needed = key in section.get("required", ())
            default = json.dumps(part["default"]) if "default" in part else None
            default = "required" if needed and default is None else default
            path, kind = f"{place}{key}", self._kind(part)
            if key == "name" and "choices" in section:
                kind = ", ".join(f"`{name}`" for name in roles.choices(section["choices"]))
            yield path, kind, default, part.get("description", "")
            if "options" in part:
                part = validator.chosen(part, None, self.definitions)
            yield from self.rows(part, f"{path}.")
            for keyword, suffix in {"items": "[]", "additionalProperties": ".{name}"}.items():
                if isinstance(part.get(keyword), dict):
                    yield from self.rows(self._resolved(part[keyword]), f"{path}{suffix}.")

    def named(self, name):
        """Return the section of an experiment or a study."""
        return self.definitions[name]

    def _role(self, role, title):
        parts = [f"## {title}\n"]
        for name, section in self.classes(role).items():
            summary = roles.summary(role, name)
            options = self._table(self.rows(section)) or "No options.\n"
            parts.append(f"### `{name}`\n\n{summary[0].upper()}{summary[1:]}.\n\n{options}")
        return "\n".join(parts)

    def _table(self, rows):
        lines = [
            f"| `{path}` | {_cell(kind)} | {DEFAULTS.get(default, f'`{default}`')} "
            f"| {_cell(description)} |\n"
            for path, kind, default, description in rows
        ]
        return HEAD + "".join(lines) if lines else ""

    def _resolved(self, section):
        """Return a section with what it refers to; its own keys win."""
        while "$ref" in section:
            name = section["$ref"].rpartition("/")[2]
            own = {key: value for key, value in section.items() if key != "$ref"}
            section = self.definitions[name] | own
        return section

    def _kind(self, section):
        """Say in words what a value may be."""
        section = self._resolved(section)
        if section == self.definitions["parameter"]:
            return "anything"
        if "choices" in section:
            title = ROLES[section["choices"]]
            return f"a section with `name`: [{title.lower()}](#{title.lower()})"
        if "enum" in section:
            return ", ".join(f"`{json.dumps(value).strip(chr(34))}`" for value in section["enum"])
        if "const" in section:
            return f"`{section['const']}`"
        for several in ("anyOf", "oneOf"):
            if several in section:
                return " or ".join(map(self._kind, section[several]))
        if "if" in section and "else" in section:
            return f"{self._kind(section['else'])} or {self._kind(section['then'])}"
        kinds = section.get("type", "anything")
        kinds = [kinds] if isinstance(kinds, str) else kinds
        words = " or ".join(KINDS.get(kind, kind) for kind in kinds)
        if "array" in kinds and section.get("items"):
            words = words.replace("list", f"list of ({self._kind(section['items'])})")
        bounds = [
            f"{text} {section[key]}"
            for key, text in BOUNDS.items()
            if section.get(key, UNLIMITED) != UNLIMITED
        ]
        return ", ".join([words, *bounds])


DEFAULTS = {None: "", "required": "*required*"}
KINDS = {"object": "section", "array": "list", "string": "text", "boolean": "true or false"}


def _cell(text):
    return " ".join(str(text).split()).replace("|", "\\|")


def reference():
    """Return the reference as Markdown."""
    return Reference(yaml.safe_load(SCHEMA.read_text())).markdown()
