"""Options: read from the source of a class, and the same as those of the class itself."""

import dataclasses
import importlib
import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from led.config import roles
from led.config.complete import ConfigError, complete
from led.config.options import ANY_OPTIONS, ANYTHING, schema_of
from led.config.validator import chosen
from led.jobs import options, registry, sources
from led.training.objectives.decoder import Decoding
from tests.config.test_config import SCHEMA, changed

TYPES = yaml.safe_load(SCHEMA.read_text())["$defs"]
CHOICES = [(role, name) for role in registry.ROLES for name in roles.choices(role)]


def test_the_choices_are_the_files_that_define_a_class():
    """What is abstract, or no class of the role, cannot be chosen."""
    expected = {"fitzhugh_nagumo", "fitzhugh_nagumo_1d", "van_der_pol"}
    assert expected <= roles.choices("systems").keys()
    expected = {"adams_bashforth", "implicit_runge_kutta", "lattice_boltzmann", "theta"}
    assert expected | {"runge_kutta"} <= roles.choices("solvers").keys()
    assert [*roles.choices("autoencoders")] == ["conv", "identity", "pca", "pointwise"]
    assert {"stateful", "windowed"} <= roles.choices("dynamics").keys()
    assert {"dmd", "sindy"} <= roles.choices("evaluation/baselines").keys()
    unusable = {"base", "neural", "linear", "reaction_diffusion", "compiled"}
    assert not unusable & {name for _, name in CHOICES}


@pytest.mark.parametrize(("role", "name"), CHOICES)
def test_a_schema_has_the_fields_of_the_class(role, name):
    module = importlib.import_module(f"led.{role.replace('/', '.')}.{name}")
    cls = getattr(module, roles.choices(role)[name])
    assert issubclass(
        cls, getattr(importlib.import_module(f"{module.__package__}.base"), registry.ROLES[role])
    )
    compare(schema_of(Path(module.__file__), cls.__name__, TYPES), cls)


def test_so_has_that_of_an_objective():
    path = sources.LIBRARY / "training" / "objectives" / "decoder.py"
    compare(schema_of(path, "Decoding", TYPES), Decoding)


def compare(schema, cls):
    """Compare a schema with the fields that Python itself has made of the class."""
    fields = {field.name: field for field in dataclasses.fields(cls)}
    assert set(schema["properties"]) == set(fields)
    needed = {name for name, f in fields.items() if f.default is dataclasses.MISSING}
    assert set(schema["required"]) == needed
    resolver = jsonschema.Draft202012Validator({"$defs": TYPES})
    for name, part in schema["properties"].items():
        assert part["description"], name
        if name in needed:
            continue
        default = fields[name].default
        if dataclasses.is_dataclass(default):
            written = {key: entry["default"] for key, entry in part["properties"].items()}
            assert written == dataclasses.asdict(default)
            assert (part["default"], part["required"]) == ({}, [])
        else:
            assert part["default"] == json.loads(json.dumps(default))
            assert type(part["default"]) is type(json.loads(json.dumps(default)))
            assert resolver.evolve(schema=part | {"$defs": TYPES}).is_valid(part["default"])


def test_each_shared_type_is_one_of_the_schema():
    for name in vars(options):
        if not name.startswith("__"):
            snake = "".join("_" + c.lower() if c.isupper() else c for c in name).strip("_")
            assert snake in TYPES, name


def values(schema):
    """Yield all values that a schema lists."""
    if isinstance(schema, dict):
        yield from schema["enum"] if isinstance(schema.get("enum"), list) else ()
        schema = list(schema.values())
    for part in schema if isinstance(schema, list) else ():
        yield from values(part)


def test_no_class_is_listed_in_the_schema():
    """So a new one is one new file."""
    listed = set(values(yaml.safe_load(SCHEMA.read_text())))
    assert "simulation" in listed
    assert not listed & {name for _, name in CHOICES}


OWN = '''
from __future__ import annotations

import dataclasses
import typing
from dataclasses import KW_ONLY, dataclass, field
from typing import ClassVar, Literal, Optional

from led.jobs import options
from led.jobs.options import Activation, Count, Fraction
from led.systems.van_der_pol import VanDerPol
from led.training.settings import Training
from own_base import Base

TWO = 2

@dataclass(frozen=True)
class Own(Base, VanDerPol):
    """Mine.

    Parameters
    ----------
    a, b : int
        Of both,
        in two lines.
    c : float
        Only this.

    Notes
    -----
    None.
    """

    a: int
    b: "Count" = 3
    c: float | None = None
    d: Optional[options.Fraction] = 0.5
    e: bool = True
    f: str = "x"
    g: tuple[float, ...] = (1, -2.5)
    h: list[Count] = field(default_factory=list)
    i: Literal["p", "q"] | None = "q"
    j: Literal[3, 4, 5] = 4
    k: Literal[1, 3] = 3
    l: dict = field(default_factory=dict)
    m: float = TWO
    n: complex = 1
    o: float = None
    p: int | str = 3
    _: KW_ONLY
    q: ClassVar[int] = 1
    r: typing.ClassVar = 2
    s: int = field(init=False, default=3)
    t: Training = Training(2, batch_size=3, learning_rate=0.1)
    u: Training = dataclasses.field(default=TWO)
    v: Activation | None = None
    w = 3
    mu: int = 4
'''
BASE = '''
from dataclasses import dataclass

@dataclass(frozen=True)
class Base:
    """See.

    Parameters
    ----------
    inherited : str
        From another file.
    """

    inherited: str = "y"
'''


@pytest.fixture
def own(tmp_path):
    (tmp_path / "own.py").write_text(OWN)
    (tmp_path / "own_base.py").write_text(BASE)
    return schema_of(tmp_path / "own.py", "Own", TYPES)


def test_annotations_and_defaults_of_a_user(own):
    found = dict(own["properties"])
    assert found.pop("t")["properties"]["batch_size"]["default"] == 3
    assert found.pop("mu") == {"description": TYPES_OF_VDP["mu"], "type": "integer", "default": 4}
    assert found.pop("extent")["$ref"] == "#/$defs/positive"
    assert found.pop("regimes")["default"] is None
    activations = TYPES["activation"]["enum"]
    assert found.pop("v") == TYPES["activation"] | {
        "type": ["string", "null"],
        "enum": [*activations, None],
        "default": None,
    }
    both = "Of both, in two lines."
    assert found == {
        "inherited": {"description": "From another file.", "type": "string", "default": "y"},
        "a": {"description": both, "type": "integer"},
        "b": {"description": both, "$ref": "#/$defs/count", "default": 3},
        "c": {"description": "Only this.", "type": ["number", "null"], "default": None},
        "d": TYPES["fraction"] | {"type": ["number", "null"], "default": 0.5},
        "e": {"type": "boolean", "default": True},
        "f": {"type": "string", "default": "x"},
        "g": {"type": "array", "items": {"type": "number"}, "default": [1, -2.5]},
        "h": {"type": "array", "items": {"$ref": "#/$defs/count"}, "default": []},
        "i": {"enum": ["p", "q", None], "default": "q"},
        "j": {"type": "integer", "minimum": 3, "maximum": 5, "default": 4},
        "k": {"enum": [1, 3], "default": 3},
        "l": {"type": "object", "additionalProperties": ANYTHING, "default": {}},
        "m": {"type": "number"},
        "n": ANYTHING | {"default": 1},
        "o": {"type": ["number", "null"], "default": None},
        "p": ANYTHING | {"default": 3},
        "u": ANYTHING,
    }
    assert own["required"] == ["a"]
    assert own["additionalProperties"] is False


TYPES_OF_VDP = {
    name: part["description"]
    for name, part in chosen(TYPES["system"], "van_der_pol", TYPES)["properties"].items()
    if part
}


@pytest.mark.parametrize(
    "source",
    [
        "class Own: ...",
        "class Own:\n    def __init__(self, a): ...",
        "from led.systems.van_der_pol import VanDerPol\n"
        "class Own(VanDerPol):\n    def __init__(self, a): ...",
        "from somewhere import Base\nfrom dataclasses import dataclass\n"
        "@dataclass\nclass Own(Base):\n    a: int = 1",
        "Own = make()",
        "from own import Own",
        "class Own(Own): ...",
        "class Own",
        "",
    ],
)
def test_a_class_that_cannot_be_read_takes_any_option(tmp_path, source):
    (tmp_path / "own.py").write_text(source)
    assert schema_of(tmp_path / "own.py", "Own", TYPES) == ANY_OPTIONS
    assert schema_of(tmp_path / "nothing.py", "Own", TYPES) == ANY_OPTIONS


def test_a_subclass_takes_the_options_of_its_base(tmp_path):
    (tmp_path / "own.py").write_text(
        "from led.systems import van_der_pol\nclass Own(van_der_pol.VanDerPol):\n    x: int = 1\n"
    )
    base = schema_of(sources.LIBRARY / "systems" / "van_der_pol.py", "VanDerPol", TYPES)
    assert schema_of(tmp_path / "own.py", "Own", TYPES) == base


PARTS = {
    "datasets.vdp.system": ("systems.base", "System"),
    "datasets.vdp.solver": ("solvers.base", "Solver"),
    "experiments.vdp.autoencoder": ("autoencoders.base", "Autoencoder"),
    "experiments.vdp.rnn": ("dynamics.base", registry.ROLES["dynamics"]),
    "experiments.vdp.baselines": (
        "evaluation.baselines.base",
        registry.ROLES["evaluation/baselines"],
    ),
}
MINE = """
from dataclasses import dataclass
from led.jobs.options import Count
from led.{} import {} as Base

@dataclass(frozen=True)
class Mine(Base):
    size: Count
    rate: float = 2.5
"""


@pytest.fixture(params=PARTS)
def section(request, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text(MINE.format(*PARTS[request.param]))
    return request.param


def with_options(section, **entries):
    value = {"name": "mine.py:Mine", **entries}
    return changed(**{section: [value] if section.endswith("baselines") else value})


def test_any_role_takes_a_class_of_the_user_and_checks_its_options(section):
    config = complete(with_options(section, size=3), SCHEMA)
    assert complete(config, SCHEMA) == config
    for step in section.split("."):
        config = config[step]
    found = config[0] if isinstance(config, list) else config
    assert found.items() >= {"name": "mine.py:Mine", "size": 3, "rate": 2.5}.items()
    key = section + ".0" * section.endswith("baselines")
    for entries, message in {
        "size: 0": rf"{key}.size: found 0, expected at least 1$",
        "size: 1, rate: fast": rf"{key}.rate: found 'fast' \(a string\), expected a number$",
        "size: 1, sise: 2": rf"{key}: unknown key 'sise' \(did you mean 'size'\?\)",
        "{}": rf"{key}: 'size' is missing; found name$",
    }.items():
        entries = yaml.safe_load(entries if entries == "{}" else f"{{{entries}}}")
        with pytest.raises(ConfigError, match=message):
            complete(with_options(section, **entries), SCHEMA)


def test_a_file_that_is_not_there_is_reported_for_each_role(section):
    Path("mine.py").unlink()
    with pytest.raises(ConfigError, match=r"name: found 'mine.py:Mine', expected a file that exi"):
        complete(with_options(section, size=3), SCHEMA)


def test_a_helper_that_is_no_python_is_reported(section):
    Path("mine.py").write_text("import helper\n" + Path("mine.py").read_text())
    Path("helper.py").write_text("def\n")
    with pytest.raises(ConfigError, match=r"expected a file of Python: .*helper\.py"):
        complete(with_options(section, size=3), SCHEMA)


def test_baselines_of_one_label_are_rejected(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = ["a.py:Mine", "b.py:mine"]
    for name in names:
        Path(name.partition(":")[0]).write_text("class Mine: ...")
    with pytest.raises(ConfigError, match="baselines: found Mine, mine, expected each name once"):
        complete(changed(**{"experiments.vdp.baselines": names}), SCHEMA)
