"""From a user's files to the samples that the workflow imports from them."""

import numpy as np
import pytest
import xarray as xr

from led.config.messages import ConfigError
from led.inspection import reading
from led.jobs import files
from led.jobs.files import FileError

SPLITS = ("train", "validation", "test")


def samples(count, frames, period=12, seed=0):
    phases = np.random.default_rng(seed).uniform(0, 2 * np.pi, (count, 1))
    waves = np.sin(2 * np.pi * np.arange(frames) / period + phases)[..., None]
    times = {"time": 3 + 0.25 * np.arange(frames), "component": ["u"]}
    return xr.Dataset({"state": (("sample", "time", "component"), waves)}, times)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "mine").mkdir()
    for number, name in enumerate(SPLITS):
        samples(4, 30, seed=number).to_netcdf(tmp_path / "mine" / f"{name}.nc")
    return tmp_path / "mine"


def read(section, tmp_path):
    notes = reading.read(section, tmp_path / "read")
    train, validation = (files.read(tmp_path / "read" / f"{name}.nc") for name in SPLITS[:2])
    assert not (tmp_path / "read" / "test.nc").exists()  # the test samples are not opened
    return train["state"], validation["state"], notes


def test_a_folder_and_its_three_files_are_one_dataset(folder, tmp_path):
    paths = [str(folder / f"{name}.nc") for name in SPLITS]
    expected = {"source": "files"} | dict(zip(SPLITS, paths, strict=True))
    assert reading.section([str(folder)], {}) == expected
    assert reading.section(paths, {}) == expected
    train, _, notes = read(expected, tmp_path)
    np.testing.assert_allclose(train, files.read(paths[0])["state"], rtol=1e-6)
    assert "train: read 4 samples, 30 times 0.25 apart, no grid, components u" in notes
    assert reading.name_of([str(folder)]) == reading.name_of(paths) == "mine"


def test_one_long_series_is_divided_by_time_into_windows_of_some_periods(tmp_path):
    samples(1, 1000).to_netcdf(tmp_path / "the series.nc")
    path = str(tmp_path / "the series.nc")
    section = reading.section([path], {})
    assert section["windows"] == {"length": 96, "step": 6}  # eight periods
    edges = [section["split"][name] for name in SPLITS]
    assert edges == [[3.0, 153.0], [153.0, 203.0], [203.0, 253.0]]  # 60, 20 and 20 % of the frames
    train, validation, _ = read(section, tmp_path)
    assert train.shape[1:] == validation.shape[1:] == (96, 1)
    whole = samples(1, 1000)["state"].values[0]
    np.testing.assert_allclose(train[1], whole[6:102], atol=1e-6)
    np.testing.assert_allclose(validation[0], whole[600:696], atol=1e-6)
    assert reading.name_of([path]) == "the_series"


def test_an_array_is_read_with_the_keys_that_are_given(tmp_path):
    values = np.random.default_rng(0).normal(size=(200, 3)).astype("f4")
    np.save(tmp_path / "runs.npy", values)
    section = reading.section(
        [str(tmp_path / "runs.npy")], {"dt": 0.5, "dims": ["time", "component"]}
    )
    train, _, _ = read(section, tmp_path)
    np.testing.assert_array_equal(train[0], values[: train.shape[1]])
    assert float(train["time"][1]) == 0.5


def test_what_is_not_clear_is_refused(folder, tmp_path):
    for paths, message in (
        ([str(tmp_path / "absent.nc")], "absent.nc: found no such file"),
        ([str(folder / "train.nc"), str(folder / "test.nc")], "found 2 files, expected one, or"),
    ):
        with pytest.raises(FileError, match=message):
            reading.section(paths, {})
    (folder / "train.nc").rename(folder / "training.nc")
    with pytest.raises(FileError, match=r"files test.nc, training.nc, validation.nc, expected"):
        reading.section([str(folder)], {})
    samples(1, 20).to_netcdf(tmp_path / "short.nc")
    with pytest.raises(FileError, match="1 samples of 20 frames, expected at least 60 frames"):
        reading.section([str(tmp_path / "short.nc")], {})
    (tmp_path / "notes.pdf").write_text("x")
    with pytest.raises(FileError, match=r"found a file of an unknown format, expected"):
        reading.section([str(tmp_path / "notes.pdf")], {})
    for wrong, message in (
        ({"dt": "a"}, r"datasets.inspected.dt: found 'a' \(a string\), expected a number or null$"),
        ({"dtt": 1.0}, r"datasets.inspected: unknown key 'dtt' \(did you mean 'dt'\?\)"),
    ):
        with pytest.raises(ConfigError, match=message):
            reading.section([str(tmp_path / "short.nc")], wrong)
    samples(1, 200).to_netcdf(tmp_path / "long.nc")
    section = reading.section([str(tmp_path / "long.nc")], {"windows": {"length": 1000}})
    with pytest.raises(ConfigError, match=r"windows.length: found 1000 frames, expected 2 to"):
        reading.read(section, tmp_path)
