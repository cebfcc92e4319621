"""Data files that are swapped, replaced, touched or moved; and what they lack, before any job."""

import os
import re
import shutil

import numpy as np
import pytest
import xarray as xr
import yaml

from led.jobs import files
from tests.workflow.conftest import Checkout

SPLITS = ("train", "validation", "test")
NETWORKS = {
    "autoencoder": {"name": "identity"},
    "rnn": {"name": "stateful", "units": [4], "training": {"epochs": 1, "batch_size": 4}},
}


def imports(*splits):
    return {f"Import the {split} samples of own" for split in splits}


@pytest.fixture(scope="module")
def imported(tmp_path_factory):
    """A dataset of files above 1 MB, where the checksums of Snakemake end, which is imported."""
    checkout = Checkout.fresh(tmp_path_factory.mktemp("files"))
    rng = np.random.default_rng(0)
    for split in SPLITS:
        state = (("sample", "time", "component"), rng.normal(size=(4, 40000, 1)))
        own = xr.Dataset({"state": state}, {"time": 0.1 * np.arange(40000)})
        own.to_netcdf(checkout / f"{split}.nc")
        os.utime(checkout / f"{split}.nc", (10**9, 10**9))
    own = {"source": "files"} | {split: f"{split}.nc" for split in SPLITS}
    experiment = {"dataset": "own", "warmup": 5.0} | NETWORKS
    config = {"datasets": {"own": own}, "experiments": {"own": experiment}}
    (checkout / "config.yaml").write_text(yaml.safe_dump(config))
    checkout.run(*TARGETS, "--cores", "2")
    return checkout


TARGETS = [f"results/datasets/own/{split}.nc" for split in SPLITS]


def test_swapped_files_are_imported_anew(imported, tmp_path):
    checkout = imported.copy(tmp_path)
    assert checkout.planned(*TARGETS) == set()
    with checkout.configured(
        **{"datasets.own.test": "validation.nc", "datasets.own.validation": "test.nc"}
    ):
        assert checkout.planned(*TARGETS) == imports("validation", "test")
    swapped = {"datasets.own.train": "validation.nc", "datasets.own.validation": "train.nc"}
    with checkout.configured(**swapped):
        assert checkout.planned(*TARGETS) == imports(*SPLITS)
        checkout.run(*TARGETS, "--cores", "2")
        assert checkout.planned(*TARGETS) == set()
        for split, other in zip(SPLITS, ("validation", "train", "test"), strict=True):
            found = files.read(checkout / f"results/datasets/own/{split}.nc")["state"]
            given = files.read(checkout / f"{other}.nc")["state"]
            np.testing.assert_array_equal(found, given.astype(np.float32))


def test_a_file_of_an_older_or_equal_time_is_seen_and_a_time_is_not(imported, tmp_path):
    checkout = imported.copy(tmp_path)
    os.utime(checkout / "test.nc")
    assert checkout.planned(*TARGETS) == set()
    (checkout / "elsewhere").mkdir()
    shutil.move(checkout / "train.nc", checkout / "elsewhere" / "moved.nc")
    with checkout.configured(**{"datasets.own.train": "elsewhere/moved.nc"}):
        assert checkout.planned(*TARGETS) == set()
    shutil.move(checkout / "elsewhere" / "moved.nc", checkout / "train.nc")
    for time in (10**9, 10**8):
        content = bytearray((checkout / "test.nc").read_bytes())
        content[-1000] ^= 0xFF
        (checkout / "test.nc").write_bytes(content)
        os.utime(checkout / "test.nc", (time, time))
        assert checkout.planned(*TARGETS) == (imports("test") if time == 10**9 else set())


WRONG = {
    "warmup": (
        {"warmup": 5000.0},
        r"warmup: found 5000\.0, expected 0\.1 to 3999\.9, within a sam",
    ),
    "horizon": ({"horizon": 4000.0}, r"horizon: found 4000\.0, expected 0\.1 to 3995, what the"),
    "train_samples": ({"train_samples": 5}, r"train_samples: found 5, expected at most 4, the tra"),
    "rnn.window": (
        {"rnn": {"name": "windowed", "window": 60}},
        r"rnn\.window: found 60 frames, expected at most 50, the warm-up",
    ),
    "smoothing": (
        {"smoothing": {"window": 51, "order": 2}},
        r"smoothing\.window: found 51 frames, expected at most 50",
    ),
    "latent_dim": (
        {"autoencoder": {"name": "pca", "latent_dim": 2}},
        r"autoencoder\.latent_dim: found 2, expected at most 1, the numbers of a state",
    ),
    "conv": (
        {"autoencoder": {"name": "conv", "latent_dim": 2, "filters": [4]}},
        r"autoencoder\.name: found 'conv', which needs a grid",
    ),
    "sample": (
        {"figures": {"latents": {"sample": 4}}},
        r"figures\.latents\.sample: found 4, expected less than 4, the number of test samples",
    ),
}


@pytest.mark.parametrize("key", WRONG)
def test_what_files_have_not_is_found_before_any_job(imported, key):
    changes, message = WRONG[key]
    changes = {f"experiments.own.{name}": value for name, value in changes.items()}
    with imported.configured(**changes):
        output = imported.run("results/own/led_errors.csv", "--dry-run", ok=False)
    assert re.search(rf"experiments\.own\.{message}", output), output
    assert "Traceback" not in output


WITHOUT_NETCDF = """
import importlib.util, pathlib, sys
if not pathlib.Path("results/logs").exists():
    raise ImportError("not while planning")
sys.path.remove({folder!r})
sys.modules.pop("netCDF4")
import netCDF4
"""


def test_what_planning_cannot_read_is_found_by_the_import(imported, tmp_path):
    """Where the process that plans has no netCDF4, and jobs have it in an environment of theirs."""
    checkout = imported.copy(tmp_path / "run")
    shutil.rmtree(checkout / "results")
    shutil.rmtree(checkout / ".snakemake")
    (tmp_path / "stub").mkdir()
    (tmp_path / "stub" / "netCDF4.py").write_text(
        WITHOUT_NETCDF.format(folder=str(tmp_path / "stub"))
    )
    path = os.pathsep.join(filter(None, [str(tmp_path / "stub"), os.environ.get("PYTHONPATH")]))
    run = {"environment": {"PYTHONPATH": path}, "ok": False}
    with checkout.configured(**{"experiments.own.warmup": 5000.0}):
        output = checkout.run("results/own/autoencoder.keras", "--cores", "1", **run)
    assert re.search(
        r"ConfigError.*\nexperiments\.own\.warmup: found 5000\.0, expected 0\.1 to", output
    )
    assert not list((checkout / "results").rglob("*.nc"))


def test_an_array_in_doubt_is_refused_at_planning_until_dims_are_stated(imported):
    for split in SPLITS:
        np.savez(imported / f"{split}.npz", np.random.default_rng(0).normal(size=(80, 6, 5)))
    array = {"source": "files", "dt": 0.1} | {split: f"{split}.npz" for split in SPLITS}
    with imported.configured(**{"datasets.own": array}):
        output = imported.run(*TARGETS, "--dry-run", ok=False)
        assert "own.train: train.npz: found an array of the shape (80, 6, 5), whose order" in output
    for dims, message in {
        ("time", "latent", "y"): "datasets.own.dims: found 'latent', which the results use",
        ("x", "y", "z"): "datasets.own.dims: found x, y, z, expected each name once: time",
    }.items():
        with imported.configured(**{"datasets.own": array | {"dims": [*dims]}}):
            assert message in imported.run(*TARGETS, "--dry-run", ok=False)
    with imported.configured(**{"datasets.own": array | {"dims": ["time", "x", "y"]}}):
        assert imported.planned(*TARGETS) == imports(*SPLITS)


def test_a_longer_test_series_is_no_mistake(imported):
    longer = xr.open_dataset(imported / "test.nc").isel(time=slice(100))
    longer.to_netcdf(imported / "short.nc")
    short = {f"datasets.own.{split}": "short.nc" for split in ("train", "validation")}
    with imported.configured(**short, **{"experiments.own.horizon": 3000.0}):
        assert "Import the train samples of own" in imported.planned("results/own/led_errors.csv")


def test_one_run_is_split_in_time_and_only_what_changed_is_imported(imported, tmp_path):
    """Four runs of 400 times: windows of 10 of the first 200, and a forecast of the last 100."""
    checkout = imported.copy(tmp_path)
    times = {"train": [0, 200], "validation": [200, 300], "test": [300, 400]}
    whole = xr.open_dataset(checkout / "train.nc").isel(time=slice(4000))
    whole.to_netcdf(checkout / "run.nc")
    own = {"source": "files", "file": "run.nc", "split": times}
    own |= {"windows": {"length": 100, "step": 500}, "test_windows": {"length": 1000}}
    with checkout.configured(**{"datasets.own": own, "experiments.own.horizon": 95.0}):
        assert checkout.planned(*TARGETS) == imports(*SPLITS)
        checkout.run("results/own/led_errors.csv", "--cores", "2")
        for split, (first, last) in times.items():
            found = files.read(checkout / f"results/datasets/own/{split}.nc")
            windows = {"train": range(0, 2000, 500), "validation": range(2000, 3000, 500)}
            starts, length = windows.get(split, range(3000, 4000, 1000)), found.sizes["time"]
            expected = [
                whole["state"][run, start : start + length] for run in range(4) for start in starts
            ]
            np.testing.assert_array_equal(found["state"], np.float32(expected))
            assert first <= found["run_start"].min()
            assert found["run_start"].max() + 0.1 * length <= last + 0.05
        forecast = files.read(checkout / "results/own/forecast.nc")
        assert forecast["time"].values[[0, -1]].round(6).tolist() == [5.0, 99.9]
        assert checkout.planned(*TARGETS) == set()
        later = own | {"split": times | {"test": [250, 400]}}
        with checkout.configured(**{"datasets.own": later}):
            output = checkout.run(*TARGETS, "--dry-run", ok=False)
            assert "own.split.test: found [250, 400], expected no time of validation" in output
        later = own | {"split": times | {"test": [300, 399]}, "test_windows": {"length": 990}}
        shorter = {"datasets.own": later, "experiments.own.horizon": 90.0}
        with checkout.configured(**shorter):
            assert checkout.planned(*TARGETS) == imports("test")
            assert checkout.planned("results/own/led_errors.csv") == imports("test") | {
                "Forecast the test samples of own",
                "Report the errors of own",
            }


def test_a_finer_validation_series_is_refused_before_any_job(imported):
    finer = xr.open_dataset(imported / "validation.nc")
    finer.assign_coords(time=finer["time"] / 2).to_netcdf(imported / "finer.nc")
    with imported.configured(**{"datasets.own.validation": "finer.nc"}):
        output = imported.run("results/own/led_errors.csv", "--dry-run", ok=False)
    assert "found validation samples with a step of 0.05, expected 0.1, that of the" in output
