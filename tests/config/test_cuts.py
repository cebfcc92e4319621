"""Files that are split in time or cut in windows: planned as they are imported, or refused."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from led.config import chosen
from led.config.complete import complete
from led.config.messages import ConfigError
from led.config.samples import samples_of
from led.data.imported import import_split
from led.jobs import files

SCHEMA = Path(__file__).parents[2] / "workflow" / "schemas" / "config.schema.yaml"
SPLIT = {"train": [0, 30], "validation": [30, 40], "test": [45, 60.5]}
EXPERIMENT = {"dataset": "own", "warmup": 2.0, "autoencoder": {"name": "identity"}, "rnn": {}}


@pytest.fixture(autouse=True)
def run(tmp_path, monkeypatch):
    """Two runs of 121 frames, as NetCDF and as NPZ; three more, of 90."""
    monkeypatch.chdir(tmp_path)
    values = np.random.default_rng(0).normal(size=(2, 121, 1))
    state = (("sample", "time", "component"), values)
    xr.Dataset({"state": state}, {"time": 0.5 * np.arange(121)}).to_netcdf("run.nc")
    np.savez("run.npz", values)
    state = (("sample", "time", "component"), values[[0, 1, 0], :90])
    xr.Dataset({"state": state}, {"time": 0.5 * np.arange(90)}).to_netcdf("more.nc")


def completed(experiment=(), **dataset):
    own = {"source": "files", "file": "run.nc", "split": SPLIT} | dataset
    own = {key: value for key, value in own.items() if value is not ...}
    config = {"datasets": {"own": own}, "experiments": {"own": EXPERIMENT | dict(experiment)}}
    return complete(config, SCHEMA)["datasets"]["own"]


WINDOWS = {"windows": {"length": 9, "step": 4}, "test_windows": {"length": 20}}
SEPARATE = {"file": ..., "split": ...} | dict.fromkeys(("train", "validation", "test"), "run.nc")

LATER = {"train": [10, 30], "validation": [30, 40], "test": [45, 60]}
PARTS = {"split": {"train": 0.4, "validation": 0.3, "test": 0.3}}
FRAMES = {"time": {"slice": [10, 60.5], "every": 2}}  # of the 121
ARRAY = {"file": "run.npz", "dt": 0.5, "dims": ["sample", "time", "component"]}
SEVERAL = {"file": ["run.nc", "mor*.nc"], "windows": {"length": 30, "step": 4}} | PARTS


@pytest.mark.parametrize(
    "options",
    [
        {},
        WINDOWS,
        ARRAY | WINDOWS,
        SEPARATE | FRAMES | {"dt": 0.5},
        FRAMES | {"split": LATER},
        PARTS | {"file": "more.nc"},
        SEVERAL,
    ],
)
def test_what_is_planned_is_what_is_imported(options):
    dataset = completed(**options)
    for split in SPLIT:
        files_used = chosen.files_of(dataset, split)
        cut = {
            "interval": chosen.interval_of(dataset, split),
            "share": chosen.share_of(dataset, split),
            "windows": chosen.windows_of(dataset, split),
        }
        import_split(files_used, files_used, "out.nc", **chosen.reading_of(dataset), **cut)
        state, planned = files.read("out.nc")["state"], samples_of(dataset, split)
        assert (planned.count, planned.frames) == state.shape[:2]
        assert planned.start == state["time"][0]
        assert planned.interval == state["time"][1] - state["time"][0]


def test_the_test_windows_may_be_longer_and_the_horizon_with_them():
    options = {"windows": {"length": 9}, "test_windows": {"length": 31}}
    completed({"horizon": 13.5}, **options)
    with pytest.raises(ConfigError, match=r"horizon: found 14, expected 0\.5 to 13\.5, what"):
        completed({"horizon": 14}, **options)
    with pytest.raises(ConfigError, match=r"own\.warmup: found 5\.0, expected 0\.5 to 4, within"):
        completed({"warmup": 5.0}, **options)


WRONG = {
    "a frame in two splits": (
        {"split": SPLIT | {"validation": [29.5, 40]}},
        r"own\.split\.validation: found \[29\.5, 40\], expected no time of train \(\[0, 30\]",
    ),
    "an interval that ends before it starts": (
        {"split": SPLIT | {"test": [60, 45]}},
        r"own\.split\.test: found \[60, 45\], expected two times, the later one second",
    ),
    "an interval of one time": (
        {"split": SPLIT | {"test": [45]}},
        r"own\.split\.test: found \[45\], expected two times",
    ),
    "times that are not in the file": (
        {"split": SPLIT | {"test": [45, 70]}},
        r"own\.split\.test: found the times 0 to 60 in steps of 0\.5, expected two or more from 45",
    ),
    "a split that is missing": (
        {"split": {"train": [0, 30], "test": [30, 40]}},
        r"own\.split: 'validation' is missing; found train, test",
    ),
    "a file without a split": ({"split": ...}, r"datasets\.own: 'split' is missing; found source"),
    "a split without a file": (
        {"file": ...} | dict.fromkeys(("train", "validation", "test"), "run.nc"),
        r"own\.file: found null, expected a value: file and split belong together",
    ),
    "files of two kinds": (
        {"test": "run.nc"},
        r"own\.test: found next to file, expected either file and split, or train, validation",
    ),
    "no file": ({"file": "walk.nc"}, r"own\.file: found 'walk\.nc', expected a file that exists"),
    "neither": (
        {"file": ..., "split": ...},
        r"datasets\.own: 'train' is missing; found source",
    ),
    "windows longer than a split": (
        {"windows": {"length": 21}},
        r"own\.windows\.length: found 21 frames, expected 2 to 20, those of the validation samples",
    ),
    "test windows longer than the test": (
        {"windows": {"length": 20}, "test_windows": {"length": 32}},
        r"own\.test_windows\.length: found 32 frames, expected 2 to 31, those of the test samples",
    ),
    "a window of one frame": (
        {"windows": {"length": 1}},
        r"own\.windows\.length: found 1 frames, expected 2 to 60, those of the train",
    ),
}


@pytest.mark.parametrize("mistake", WRONG)
def test_what_does_not_fit_the_files_is_refused_when_planning(mistake):
    options, message = WRONG[mistake]
    with pytest.raises(ConfigError, match=message):
        completed(**options)
