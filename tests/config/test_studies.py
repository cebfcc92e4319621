"""Studies: expansions worked out by hand, and one clear message for each mistake."""

import copy
import json
import re
from pathlib import Path

import pytest
import yaml

from led.config import studies
from led.config.complete import ConfigError, complete

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "workflow" / "schemas" / "config.schema.yaml"
CONFIG = yaml.safe_load((ROOT / "tests" / "config.yaml").read_text())
LATENTS = {"base": "fhn", "vary": {"autoencoder.latent_dim": [2, 4]}}
NAME = re.compile(yaml.safe_load(SCHEMA.read_text())["$defs"]["name"]["pattern"])


def configured(**sections):
    """Return the small configuration with other studies."""
    return json.loads(json.dumps(CONFIG)) | {"studies": sections}


def runs_of(study):
    completed = complete(configured(study=study), SCHEMA)["experiments"]
    return {name: entry for name, entry in completed.items() if entry["study"]}


def test_a_run_is_the_base_with_another_value():
    runs = runs_of(LATENTS)
    assert list(runs) == ["study-2", "study-4"]
    expected = complete(configured(), SCHEMA)["experiments"]["fhn"]
    expected["autoencoder"]["latent_dim"] = 4
    assert runs["study-4"] == expected | {"in_all": False, "study": "study"}


def test_several_parameters_are_a_grid_in_any_order_of_keys():
    vary = {"rnn.units": [[8], [4, 4]], "autoencoder.latent_dim": [2, 3]}
    runs = runs_of({"base": "fhn", "vary": vary})
    found = [(run["autoencoder"]["latent_dim"], run["rnn"]["units"]) for run in runs.values()]
    assert found == [(2, [8]), (2, [4, 4]), (3, [8]), (3, [4, 4])]
    assert list(runs) == ["study-2-8", "study-2-4_4", "study-3-8", "study-3-4_4"]
    assert runs == runs_of({"base": "fhn", "vary": dict(reversed(vary.items()))})


def test_points_are_run_as_they_are_listed():
    points = [
        {"autoencoder.latent_dim": 2, "rnn.units": [4]},
        {"autoencoder.latent_dim": 5, "rnn.units": [16]},
    ]
    runs = runs_of({"base": "fhn", "points": points})
    assert list(runs) == ["study-2-4", "study-5-16"]
    assert runs["study-5-16"]["rnn"]["units"] == [16]


def test_what_is_set_holds_for_all_runs_and_opens_sections():
    shared = {"decoder": {}, "decoder.training.epochs": 7}
    shared |= {"autoencoder": {"name": "pca", "latent_dim": 2}}
    runs = runs_of({"base": "fhn", "set": shared, "vary": {"decoder.frames_per_sample": [2, 3]}})
    for run, frames in zip(runs.values(), [2, 3], strict=True):
        assert run["decoder"]["frames_per_sample"] == frames
        assert run["decoder"]["training"]["epochs"] == 7
        assert run["autoencoder"] == {"name": "pca", "latent_dim": 2}


def test_a_network_of_another_kind_has_its_own_defaults():
    kinds = [{"name": "stateful"}, {"name": "windowed", "window": 10}]
    runs = runs_of({"base": "vdp", "vary": {"rnn": kinds}})
    assert [run["rnn"]["units"] for run in runs.values()] == [[128], [32, 64]]


def test_sections_that_share_an_anchor_are_varied_alone():
    config = configured(study={"base": "fhn", "vary": {"rnn.training.epochs": [9]}})
    shared = {"epochs": 5}
    config["experiments"]["fhn"]["autoencoder"]["training"] = shared
    config["experiments"]["fhn"]["rnn"]["training"] = shared
    run = complete(config, SCHEMA)["experiments"]["study-9"]
    assert run["autoencoder"]["training"]["epochs"] == 5
    assert run["rnn"]["training"]["epochs"] == 9


def test_a_completed_configuration_is_complete():
    """A module of Snakemake may be used twice, and completes what it has completed."""
    kinds = {"rnn": [{"name": "stateful"}, {"name": "windowed", "window": 10}]}
    config = complete(configured(study={"base": "vdp", "vary": kinds}), SCHEMA)
    before = copy.deepcopy(config)
    assert complete(config, SCHEMA) == config == before


NAMES = {
    "study-2": 2,
    "study--3": -3,
    "study-0p5": 0.5,
    "study-1e-05": 1e-5,
    "study-1e16": 1e16,
    "study-100p0": 100.0,
    "study-true": True,
    "study-null": None,
    "study-leaky_relu": "leaky_relu",
    "study-32_64": [32, 64],
    "study-empty": [],
}


@pytest.mark.parametrize("name", NAMES)
def test_names_of_runs_can_be_read(name):
    assert studies.name_of_run("study", {"a.b": NAMES[name]}) == name


@pytest.mark.parametrize("value", ["a b", "", {"name": "pca"}, [[1], [2]], "x" * 95, "1" * 20])
def test_values_that_make_no_name_have_a_digest(value):
    name = studies.name_of_run("study", {"a": value})
    assert re.fullmatch("study-[0-9a-f]{12}", name)
    assert name != studies.name_of_run("study", {"b": value})
    long = studies.name_of_run("ab" * 50, {"a": 1})
    for found in (name, long):
        assert NAME.match(found)


def test_a_name_depends_on_its_values_alone():
    few = studies.runs("s", {"points": None, "vary": {"a": [1, 2], "b": ["x y"]}})
    many = studies.runs("s", {"points": None, "vary": {"b": ["z", "x y"], "a": [2, 3, 1]}})
    assert few.items() <= many.items()


MISTAKES = {
    "no base": (
        LATENTS | {"base": "fnh"},
        r"studies.study.base: found 'fnh', expected one of fhn, v",
    ),
    "nothing to vary": (
        {"base": "fhn"},
        r"studies.study: found neither, expected either vary or p",
    ),
    "two ways at once": (
        LATENTS | {"points": [{"seed": 1}]},
        r"studies.study: found vary and points, expected either",
    ),
    "no value": (
        {"base": "fhn", "vary": {"seed": []}},
        r"studies.study.vary.seed: found \[\] \(a list\), expected at least one entry",
    ),
    "no parameter": (
        {"base": "fhn", "vary": {}},
        r"studies.study.vary: found {} \(a mapping\), expected at least one entry",
    ),
    "a value without a list": (
        {"base": "fhn", "vary": {"seed": 3}},
        r"studies.study.vary.seed: found 3, expected a list",
    ),
    "an unknown parameter": (
        {"base": "fhn", "vary": {"autoencoder.latent_dims": [2, 3, 4]}},
        r"studies.study, run study-2: autoencoder: unknown key 'latent_dims' \(did you mean",
    ),
    "an unknown section": (
        {"base": "fhn", "set": {"rrn.units": [2]}, "vary": {"seed": [1, 2]}},
        r"studies.study, run study-1: unknown key 'rrn' \(did you mean 'rnn'",
    ),
    "a value that is refused": (
        {"base": "fhn", "vary": {"autoencoder.latent_dim": [2, 0]}},
        r"studies.study, run study-0: autoencoder.latent_dim: found 0, expected at least 1",
    ),
    "a value that contradicts others": (
        {"base": "fhn", "vary": {"smoothing.window": [5, 6]}},
        r"studies.study, run study-6: smoothing.window: found 6, expected an odd number",
    ),
    "more samples than there are": (
        {"base": "fhn", "vary": {"train_samples": [2, 5, 6]}},
        r"studies.study, run study-6: train_samples: found 6, expected at most 5",
    ),
    "a parameter of what is switched off": (
        {"base": "vdp", "vary": {"decoder.training.epochs": [2]}},
        r"studies.study.vary.decoder.training.epochs: found None as decoder, expected a mapping",
    ),
    "a mapping that would reset the rest of the section": (
        {"base": "fhn", "set": {"rnn": {"training": {"epochs": 9}}}, "vary": {"seed": [0, 1]}},
        r"studies.study.set.rnn: found a mapping without .*units, which would lose the value of "
        r"the base; expected single parameters, such as rnn.training",
    ),
    "a path through a number": (
        {"base": "vdp", "set": {"seed.x": 2}, "vary": {"threads": [1]}},
        r"studies.study.set.seed.x: found 0 as seed, expected a mapping there",
    ),
    "the same value twice": (
        {"base": "fhn", "vary": {"warmup": [10, 20, 10.0]}},
        r"studies.study: found warmup: 10.0 twice, expected each point once",
    ),
    "the same point twice": (
        {"base": "fhn", "points": [{"seed": 1}, {"seed": 2}, {"seed": 1}]},
        r"studies.study: found seed: 1 twice, expected each point once",
    ),
    "values of one name": (
        {"base": "fhn", "vary": {"dataset": ["fhn", "FHN"]}},
        r"studies.study: found the name 'study-FHN' for dataset: 'FHN' next to the run 'study-fhn'",
    ),
    "points of other parameters": (
        {"base": "fhn", "points": [{"seed": 1}, {"threads": 2}]},
        r"studies.study.points.1: found threads, expected the parameters of the first point: seed",
    ),
    "what the study fills in": (
        {"base": "fhn", "vary": {"in_all": [True]}},
        r"studies.study.vary: found in_all, which the study fills in, expected another",
    ),
    "a value that is overwritten": (
        LATENTS | {"set": {"autoencoder.latent_dim": 3}},
        r"studies.study.vary.autoencoder.latent_dim: found with autoencoder.latent_dim, expected",
    ),
    "a section and a part of it": (
        {"base": "fhn", "vary": {"rnn": [{}], "rnn.units": [[4]]}},
        r"studies.study.vary.rnn: found with rnn.units, expected parameters of which none",
    ),
    "more runs than can be planned": (
        {"base": "fhn", "vary": {"seed": list(range(30)), "threads": list(range(1, 21))}},
        r"studies.study.vary: found 600 runs, expected at most 500",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_has_one_clear_message(mistake):
    study, message = MISTAKES[mistake]
    with pytest.raises(ConfigError, match=message) as raised:
        complete(configured(study=study), SCHEMA)
    assert len(str(raised.value).splitlines()) == 2  # a heading and one line


def test_a_mistake_in_the_base_is_reported_once():
    config = configured(study=LATENTS)
    config["experiments"]["fhn"]["warmup"] = 1000.0
    with pytest.raises(ConfigError) as raised:
        complete(config, SCHEMA)
    (line,) = str(raised.value).splitlines()[1:]
    assert line.startswith("experiments.fhn.warmup: found 1000.0")


def test_names_that_are_taken_are_rejected():
    for taken, message in {
        "FHN": r"studies.FHN: found next to the experiment 'fhn', expected another name",
        "logs": r"studies: found the name 'logs', expected: Letters",
    }.items():
        with pytest.raises(ConfigError, match=message):
            complete(configured(**{taken: LATENTS}), SCHEMA)
    config = configured(study=LATENTS)
    config["experiments"]["Study-4"] = config["experiments"]["vdp"]
    message = r"studies.study: found the name 'study-4' .* next to the experiment 'Study-4'"
    with pytest.raises(ConfigError, match=message):
        complete(config, SCHEMA)
    two = {"a": LATENTS, "a-2": LATENTS}
    with pytest.raises(ConfigError, match=r"studies.a: found the name 'a-2' .* the study 'a-2'"):
        complete(configured(**two), SCHEMA)


def test_an_experiment_is_no_run_by_its_own_word():
    config = configured(study=LATENTS)
    config["experiments"]["vdp"]["study"] = "study"
    with pytest.raises(
        ConfigError, match=r"experiments.vdp.study: found 'study', expected no such"
    ):
        complete(config, SCHEMA)
