"""A configuration and targets that try to reach further than they may."""

import numpy as np
import pytest
import xarray as xr

from tests.workflow.conftest import Checkout


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    return Checkout.fresh(tmp_path_factory.mktemp("hostile"))


def test_python_in_a_configuration_is_not_run(checkout):
    hostile = "datasets: !!python/object/apply:os.mkdir [touched]\n"
    with checkout.edited("config.yaml", lambda text: hostile):
        output = checkout.run("--dry-run", ok=False)
    assert "Config file is not valid JSON or YAML" in output
    assert "Traceback" not in output
    assert not (checkout / "touched").exists()


def test_a_text_that_cannot_be_read_rightly_is_named(checkout):
    """Before Snakemake reads it, which would say less, or nothing."""
    file = checkout / "config.yaml"
    whole = file.read_bytes()
    for content, message in {
        whole.decode().encode("utf-16"): "config.yaml: found bytes that are not UTF-8",
        whole + b"x: &x {y: *x}\n": "config.yaml: found an anchor at x.y that holds itself",
        whole
        + b"studies: {}\n": "config.yaml: found the key 'studies' of the top level in the lin",
    }.items():
        file.write_bytes(content)
        output = checkout.run("--dry-run", ok=False)
        assert message in output
        assert "Traceback" not in output
    file.write_bytes(whole)


@pytest.mark.parametrize(
    "target",
    [
        "results/../../fhn/led_errors.csv",
        "results/../fhn/led_errors.csv",
        "results/other/led_errors.csv",
        "results/datasets/../../fhn/train.nc",
        "results/datasets/fhn/batches/train/../0000.nc",
        "results/fhn/rnn/../../../x.md",
    ],
)
def test_a_target_outside_is_made_by_no_rule(checkout, target):
    output = checkout.run(target, "--dry-run", ok=False)
    assert "MissingRuleException" in output
    assert target in output


def write_samples(path):
    dims = ("sample", "time", "component")
    states = np.random.default_rng(0).normal(size=(2, 5, 1))
    times = {"time": np.arange(5.0)}
    xr.Dataset({"state": (dims, states)}, times).to_netcdf(path)


def test_own_files_have_no_batches(checkout):
    files = dict.fromkeys(("train", "validation", "test"), "own.nc")
    write_samples(checkout / "own.nc")
    with checkout.configured(**{"datasets.own": {"source": "files", **files}}):
        checkout.run("results/datasets/own/train.nc", "--dry-run")
        output = checkout.run("results/datasets/own/batches/train/0000.nc", "--dry-run", ok=False)
    assert "MissingRuleException" in output


def test_own_files_may_lie_elsewhere(checkout, tmp_path):
    files = {split: str(tmp_path / "own data.nc") for split in ("train", "validation", "test")}
    write_samples(tmp_path / "own data.nc")
    with checkout.configured(**{"datasets.own": {"source": "files", **files}}):
        assert checkout.planned("results/datasets/own/test.nc") == {
            "Import the test samples of own"
        }
