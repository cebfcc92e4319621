"""Properties: of any configuration, and of samples that are cut into batches of any size."""

import copy
import datetime
import itertools
import math
import os
import tempfile
from pathlib import Path

import pytest
import xarray as xr
import yaml
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st
from snakemake.api import SnakemakeApi
from snakemake.exceptions import WorkflowError
from snakemake.settings.enums import Quietness
from snakemake.settings.types import ConfigSettings, DAGSettings, OutputSettings, ResourceSettings

from led.config import roles, validator
from led.config.complete import HEADING, ConfigError, complete
from led.data.merging import merge
from led.data.simulate import SPLITS, simulate
from led.jobs import files
from led.solvers.runge_kutta import RungeKutta
from led.solvers.theta import Theta
from led.systems.fitzhugh_nagumo import FitzHughNagumo
from led.systems.van_der_pol import VanDerPol

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "workflow" / "schemas" / "config.schema.yaml"
PARTS = yaml.safe_load(SCHEMA.read_text())
SMALL = complete(yaml.safe_load((ROOT / "tests" / "config.yaml").read_text()), SCHEMA)
for name in [name for name, entry in SMALL["experiments"].items() if entry["study"]]:
    del SMALL["experiments"][name]  # made from the study, which stays


def examples(check, count, **drawn):
    """Return two tests: of `count` examples, which are the same each time, and of random ones.

    The second is behind the marker `long`. One that fails is shown as it is: making it smaller
    would plan hundreds more.
    """
    options = {
        "deadline": None,
        "phases": [Phase.generate],
        "database": None,
        "print_blob": True,  # of a failure, to repeat it
        "suppress_health_check": [HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    }
    fixed = settings(max_examples=count, derandomize=True, **options)
    random = settings(
        max_examples=int(os.environ.get("LED_EXAMPLES", 500)), derandomize=False, **options
    )
    return fixed(given(**drawn)(check)), pytest.mark.long(random(given(**drawn)(check)))


NUMBERS = [0, -1, 1, 2, 7, 2**31, 2**63, 10**400, 0.5, -0.0, 5e-324, 1e-300, 1e308, math.nan]
TEXTS = ["", "x", "1e-3", "5", "{dataset}", "a\0b", "x" * 300, "é", "../x", "-x", "a\n", "datasets"]
NESTED = [[], {}, [[]], [None], [0, "a"], {"name": "x"}, {1: 2, "a": 3}, {None: {}}]
OTHERS = [math.inf, -math.inf, None, True, False, datetime.date(2026, 1, 1)]
ODD = st.sampled_from([*NUMBERS, *TEXTS, *NESTED, *OTHERS])
NAMES = st.sampled_from(
    ["a", "b", "fhn", "fhn-2", "FHN", "train", "batches", "0", "_", "a-b_" * 19]
)
ODD_NAMES = NAMES | st.sampled_from(
    [
        "logs",
        "Datasets",
        "solvers",
        "../a",
        "-x",
        "a b",
        "a.b",
        "{a}",
        "",
        "a\n",
        "é",
        1,
        None,
        True,
    ]
)
FILES = st.sampled_from(["samples.nc", "./with space.nc", "é.npz", "config.yaml"])
ODD_FILES = FILES | st.sampled_from(["nothing.nc", "results", "results/a.nc", "{a}.nc", "a\0.nc"])
SYSTEMS = st.sampled_from(["fitzhugh_nagumo", "van_der_pol", "system.py:Own"])
ODD_SYSTEMS = SYSTEMS | st.sampled_from(
    ["broken.py:Own", "nothing.py:Own", "system.py:", "{a}.py:B", "x" * 300 + ".py:A", "\0.py:A"]
)

# values that go together: without them hardly a configuration could work
LIKELY = {
    "duration": st.sampled_from([60.0, 5, 12]),
    "dt": st.sampled_from([0.5, 1, 0.25]),
    "train": st.sampled_from([5, 2]),
    "members": st.sampled_from([1, 2]),
    "output_every": st.sampled_from([1, 2]),
    "test_output_every": st.sampled_from([None, 1]),
    "warmup": st.sampled_from([4.0, 2]),
    "horizon": st.sampled_from([None, None, 1.0]),
    "window": st.sampled_from([1, 3]),
    "order": st.just(0),
    "stride": st.sampled_from([1, 2]),
    "sample": st.just(0),
    "times": st.none(),
    "points": st.none(),
    "point": st.none(),
    "test_dataset": st.none() | NAMES,
    "train_samples": st.none() | st.sampled_from([1, 2]),
    "study": st.none(),
    "tableau": st.sampled_from(["rk4", "gauss2", {"A": [[0]], "b": [1], "c": [0]}]),
    "filters": st.just([2, 2, 2]),
    "kernels": st.just([3, 1, 2]),
}


def resolved(schema):
    """Return a schema with what it refers to."""
    schema = dict(schema)
    while "$ref" in schema:
        schema = PARTS["$defs"][schema.pop("$ref").rpartition("/")[2]] | schema
    return schema


@st.composite
def instances(draw, schema, key="", odd=0.0):
    """Draw what a schema describes; `odd` is how likely each part is something else."""
    schema = resolved(schema)
    if draw(st.floats(0, 1)) < odd:
        return draw(ODD)
    if key in LIKELY and draw(st.integers(0, 19)):
        return draw(LIKELY[key])
    if "enum" in schema:
        return draw(st.sampled_from(schema["enum"]))
    kinds = schema.get("type", "object")
    kind = kinds if isinstance(kinds, str) else draw(st.sampled_from(kinds))
    if kind == "integer":
        low = schema.get("minimum", 0)
        high = schema.get("maximum", low + 3)
        return draw(st.sampled_from([low, high]) | st.integers(low, min(low + 3, high)))
    if kind == "number":
        low = schema.get("minimum", 1e-3 if "exclusiveMinimum" in schema else -3.0)
        high = schema.get("maximum", 0.9 if "exclusiveMaximum" in schema else 1e3)
        return draw(st.sampled_from([low, high]) | st.floats(low, high))
    if kind == "array":
        items = instances(schema["items"], odd=odd)
        return draw(st.lists(items, min_size=schema.get("minItems", 0), max_size=3))
    if kind == "object":
        return draw(objects(schema, odd))
    return draw({"boolean": st.booleans(), "null": st.none(), "string": st.just("a")}[kind])


@st.composite
def objects(draw, schema, odd):
    """Draw an object; one of its keys may say which of the schemas in `allOf` it follows, or which
    class of a role has the other keys as options."""
    properties, required = dict(schema.get("properties", {})), set(schema.get("required", []))
    drawn = {}
    if "options" in schema:
        properties |= validator.chosen(schema, None, PARTS["$defs"])["properties"]
    if "choices" in schema:
        role = schema["choices"]
        own = ["system.py:Own"] if role in ("systems", "solvers") else []
        drawn["name"] = draw(st.sampled_from([*roles.choices(role), *own]))
        part = validator.chosen(schema, drawn["name"], PARTS["$defs"])
        properties |= part["properties"] | properties
        required |= set(part["required"])
    if "allOf" in schema:
        (discriminator,) = schema["allOf"][0]["if"]["required"]
        choices = {
            part["if"]["properties"][discriminator]["const"]: part["then"]
            for part in schema["allOf"]
        }
        chosen = draw(st.sampled_from(sorted(choices)))
        drawn[discriminator] = chosen
        part = resolved(choices[chosen])
        properties |= part.get("properties", {})
        required |= set(part.get("required", []))
    for name, part in properties.items():
        wanted = name in required or draw(st.booleans())
        if name not in drawn and wanted and draw(st.floats(0, 1)) >= odd / 4:
            drawn[name] = draw(instances(part, name, odd))
    return drawn


COMMAND = {
    "command": "./solver {parameters} {output}",
    "draw": {"rate": {"uniform": [0, 1]}},
    "table": None,
    "format": "npy",
    "dims": ["time", "x"],
    "dt": 0.5,
    "depends": ["config.yaml"],
}


@st.composite
def odd_commands(draw, odd):
    """Draw the keys of a command that have to fit each other; `odd` is how likely one is odd."""
    return {key: draw(ODD) if draw(st.floats(0, 1)) < odd else COMMAND[key] for key in COMMAND}


@st.composite
def configurations(draw):
    """Draw datasets and experiments; most of them could work, some are odd in a few places."""
    odd = draw(st.sampled_from([0, 0, 0, 0.02, 0.2]))
    names, paths, systems = (ODD_NAMES, ODD_FILES, ODD_SYSTEMS) if odd else (NAMES, FILES, SYSTEMS)
    unlike = {"unique_by": lambda name: str(name).lower()} if not odd else {"unique_by": str}
    datasets = {}
    for name in draw(st.lists(names, min_size=1, max_size=3, **unlike)):
        entry = draw(instances(PARTS["$defs"]["dataset"], odd=odd))
        if isinstance(entry, dict):
            for split in {"train", "validation", "test"} & entry.keys():
                entry[split] = draw(paths)
            if entry.get("source") == "command":
                entry |= draw(odd_commands(odd))
            if isinstance(entry.get("system"), dict) and odd:
                entry["system"]["name"] = draw(systems)
        datasets[name] = entry
    experiments = {}
    for name in draw(st.lists(names, min_size=1, max_size=3, **unlike)):
        entry = draw(instances(PARTS["$defs"]["experiment"], odd=odd))
        if isinstance(entry, dict):
            entry["dataset"] = draw(st.sampled_from(list(datasets)))
            if not odd and entry.get("test_dataset") not in datasets:
                entry["test_dataset"] = None
        experiments[name] = entry
    return {"datasets": datasets, "experiments": experiments}


VARIED = {
    "seed": st.integers(0, 9),
    "augment": st.booleans(),
    "symmetrize": st.booleans(),
    "train_samples": st.sampled_from([1, 2, None]),
    "warmup": st.sampled_from([2, 3.0, 4]),
    "rnn": st.sampled_from([{}, {"name": "stateful", "units": [4]}, {"name": "windowed"}]),
    "rnn.units": st.lists(st.integers(1, 9), min_size=1, max_size=3),
    "rnn.training.epochs": st.integers(1, 3),
    "autoencoder": st.just({"name": "identity"}),
    "autoencoder.latent_dim": st.integers(1, 3),
    "decoder.training.epochs": st.integers(1, 3),
    "smoothing": st.sampled_from([None, {"window": 3, "order": 1}]),
}
ODD_VARIED = ["in_all", "study", "rnn.units.0", "rnn.", "", "..", "nothing", "dataset", "seed.x"]


@st.composite
def studies(draw, odd):
    """Draw a study of one of the small experiments."""
    paths = st.sampled_from([*VARIED, *ODD_VARIED] if odd else [*VARIED])

    def value(path):
        return draw(ODD if draw(st.floats(0, 1)) < odd else VARIED.get(path, ODD))

    study = {"base": draw(st.sampled_from(["fhn", "vdp", "nothing"] if odd else ["fhn", "vdp"]))}
    chosen = draw(st.lists(paths, min_size=1, max_size=2, unique=True))
    if draw(st.booleans()):
        values = {path: range(draw(st.integers(1, 3))) for path in chosen}
        study["vary"] = {path: [value(path) for _ in values[path]] for path in chosen}
    if "vary" not in study or draw(st.floats(0, 1)) < odd:
        study["points"] = [{path: value(path) for path in chosen}]
    if draw(st.booleans()):
        study["set"] = {path: value(path) for path in draw(st.lists(paths, max_size=2))}
    return study


@st.composite
def studied(draw):
    """Draw the small configuration with other studies; half of them are odd in a few places."""
    odd = draw(st.sampled_from([0, 0.1]))
    names = ODD_NAMES if odd else st.sampled_from(["c", "study", "d-e"])
    return SMALL | {"studies": draw(st.dictionaries(names, studies(odd), min_size=1, max_size=2))}


def places(value, path=()):
    """Yield the paths to all parts of a configuration."""
    if path:
        yield path
    if isinstance(value, dict | list):
        for key in list(value) if isinstance(value, dict) else range(len(value)):
            yield from places(value[key], (*path, key))


KINDS = ["close", "close", "odd", "other", "removed", "renamed", "doubled"]


@st.composite
def mutations(draw):
    """Draw the small configuration of the tests with one or two changes."""
    config = copy.deepcopy(SMALL)
    for _ in range(draw(st.integers(1, 2))):
        *parents, key = draw(st.sampled_from(list(places(config))))
        section = config
        for parent in parents:
            section = section[parent]
        kind = draw(st.sampled_from(KINDS))
        if kind == "close" and isinstance(section[key], int | float):
            section[key] += draw(st.sampled_from([-1, 1, 0.5, 1e9, -section[key]]))
        elif kind == "other":  # the value of another place
            place = draw(st.sampled_from(list(places(SMALL))))
            value = SMALL
            for step in place:
                value = value[step]
            section[key] = copy.deepcopy(value)
        elif kind == "removed":
            del section[key]
        elif kind in ("renamed", "doubled") and isinstance(section, dict):
            value = section[key] if kind == "doubled" else section.pop(key)
            section[draw(ODD_NAMES)] = copy.deepcopy(value)
        else:
            section[key] = draw(ODD)
        if not section:
            break
    return config


def names_a_key(message):
    """Return whether a message is ours, and names a key."""
    first = message.removeprefix(HEADING)
    sections = ("datasets", "experiments", "studies", "the top level")
    return first != message and first.startswith(sections)


@pytest.fixture(scope="module")
def folder():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in ("samples.nc", "with space.nc", "é.npz", "results/a.nc"):
            (folder / file).parent.mkdir(exist_ok=True)
            (folder / file).touch()
        (folder / "system.py").write_text("class Own: ...\n")
        (folder / "broken.py").write_text("class Own:\n")
        yield folder


def plan(config):
    """Build the whole graph of jobs, as `snakemake --dry-run` does."""
    Path("config.yaml").write_text(yaml.safe_dump(config, allow_unicode=True))
    try:
        completed = complete(config, SCHEMA)
        targets = {"all", "results/solvers/convergence.png"}
        targets |= {f"results/{name}/led_errors.csv" for name in completed["experiments"]}
        targets |= {f"results/{name}/errors.png" for name in completed["studies"]}
    except ConfigError:
        targets = set()
    with SnakemakeApi(OutputSettings(quiet={Quietness.ALL})) as api:
        workflow = api.workflow(
            resource_settings=ResourceSettings(cores=1),
            config_settings=ConfigSettings(),
            snakefile=ROOT / "Snakefile",
            workdir=Path.cwd(),
        )
        graph = workflow.dag(dag_settings=DAGSettings(targets=targets))
        graph.execute_workflow(executor="dryrun")


CONFIGURATIONS = configurations() | mutations() | studied()


def planned_or_rejected(folder, monkeypatch, config):
    monkeypatch.chdir(folder)
    try:
        plan(config)
    except WorkflowError as error:
        event("rejected")
        message = str(error)
    else:
        event("planned")
        return
    assert names_a_key(message), message


test_a_configuration_is_planned_or_rejected, test_random_configurations_are_planned_or_rejected = (
    examples(planned_or_rejected, 60, config=CONFIGURATIONS)
)


def completed_or_rejected(folder, monkeypatch, config):
    monkeypatch.chdir(folder)
    written = copy.deepcopy(config)
    try:
        completed, message = complete(config, SCHEMA), None
    except ConfigError as error:
        completed, message = None, str(error)
    assert str(config) == str(written)  # as text, since nan is not equal to itself
    assert completed is None or complete(completed, SCHEMA) == completed
    assert message is None or names_a_key(message), message


(
    test_a_configuration_is_completed_or_rejected,
    test_random_configurations_are_completed_or_rejected,
) = examples(completed_or_rejected, 60, config=CONFIGURATIONS)


SYSTEMS_TO_CUT = {
    "fhn": (FitzHughNagumo(nx=3, ny=2, speed=0.05), Theta()),
    "vdp": (VanDerPol(mu=3.0), Theta()),
    "explicit": (VanDerPol(), RungeKutta()),
}


def same_however_cut(tmp_path, system, seed, split, cuts):
    """Batches of one size are a case of batches of any sizes; the merged files are compared."""
    count, points = cuts
    system, solver = SYSTEMS_TO_CUT[system]

    def merged(name, bounds):
        paths = []
        for start, stop in itertools.pairwise(bounds):
            paths.append(tmp_path / f"{name}{start}.nc")
            batch = simulate(
                system,
                solver,
                seed=seed,
                split=split,
                samples=range(start, stop),
                duration=3.0,
                dt=0.25,
            )
            files.write(batch, paths[-1])
        merge(paths, tmp_path / f"{name}.nc")
        return files.read(tmp_path / f"{name}.nc")

    whole = merged("whole", [0, count])
    cut = merged("cut", sorted({0, count} | {point for point in points if point < count}))
    xr.testing.assert_identical(whole, cut)


test_samples_are_the_same_however_they_are_cut, test_random_samples_are_the_same = examples(
    same_however_cut,
    20,
    system=st.sampled_from(list(SYSTEMS_TO_CUT)),
    seed=st.integers(0, 2**31 - 1),
    split=st.sampled_from(SPLITS),
    cuts=st.integers(1, 12).flatmap(
        lambda count: st.tuples(st.just(count), st.sets(st.integers(1, max(1, count - 1))))
    ),
)
