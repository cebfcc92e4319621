"""The reference of the configuration, against what completing a configuration fills in."""

import json
from pathlib import Path

import pytest
import yaml

from led.config import roles
from led.config.complete import complete
from reference import ROLES, SCHEMA, Reference

CONFIG = yaml.safe_load((Path(__file__).parents[1] / "config.yaml").read_text())
REFERENCE = Reference(yaml.safe_load(SCHEMA.read_text()))
SECTIONS = {
    **REFERENCE.sources(),
    "experiment": REFERENCE.named("experiment"),
    "study": REFERENCE.named("study"),
    **{f"{role}/{name}": section for role in ROLES for name, section in
       REFERENCE.classes(role).items()},
}  # fmt: skip


def filled_in(section, place=""):
    """Yield the paths of a completed section with their values, those of sections, too."""
    for key, value in section.items():
        yield f"{place}{key}", value
        if isinstance(value, dict):
            yield from filled_in(value, f"{place}{key}.")


@pytest.mark.parametrize("name", SECTIONS)
def test_every_key_is_described(name):
    assert [row[0] for row in REFERENCE.rows(SECTIONS[name]) if not row[3]] == []


def test_the_defaults_are_those_that_are_filled_in():
    config = {"datasets": {"d": CONFIG["datasets"]["vdp"]}, "experiments": {}}
    config["experiments"]["e"] = {
        "dataset": "d",
        "warmup": 2.0,
        "autoencoder": {"name": "pca", "latent_dim": 2},
        "rnn": {},
        "decoder": {},
        "smoothing": {"window": 5, "order": 2},
    }
    complete_experiment = complete(config, SCHEMA)["experiments"]["e"]
    rows = {path: default for path, _, default, _ in REFERENCE.rows(SECTIONS["experiment"])}
    for role, name, place in (
        ("dynamics", "stateful", "rnn."),
        ("autoencoders", "pca", "autoencoder."),
    ):
        options = REFERENCE.rows(SECTIONS[f"{role}/{name}"], place)
        rows |= {path: default for path, _, default, _ in options}
    written = {path for path, default in rows.items() if default == "required"} | {
        "autoencoder.name"
    }
    checked = 0
    for path, value in filled_in(complete_experiment):
        assert path in rows
        if path in written or isinstance(value, dict):
            continue
        assert json.loads(rows[path]) == value, path
        checked += 1
    assert checked > 40


def test_every_class_that_may_be_chosen_has_its_heading():
    text = REFERENCE.markdown()
    for role in ROLES:
        for name in roles.choices(role):
            assert f"### `{name}`\n" in text
    assert '| `cell` | `lstm`, `gru` | `"lstm"` | Kind of the recurrent layers. |' in text
    assert "| `training.epochs` | integer, at least 1 | `300` |" in text
