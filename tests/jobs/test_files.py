"""Files are whole or not there."""

import os
import subprocess

import numpy as np
import pytest
import xarray as xr

from led.jobs import files


def fail_half_way(path):
    with files.moved_into_place(path) as temporary:
        temporary.write_text("half")
        raise ZeroDivisionError


def test_a_failed_write_leaves_nothing(tmp_path):
    path = tmp_path / "folder" / "result.txt"
    with pytest.raises(ZeroDivisionError):
        fail_half_way(path)
    assert list(path.parent.iterdir()) == []


def test_a_failed_write_keeps_the_old_file(tmp_path):
    path = tmp_path / "result.txt"
    path.write_text("old")
    with pytest.raises(ZeroDivisionError):
        fail_half_way(path)
    assert path.read_text() == "old"
    with files.moved_into_place(path) as temporary:
        assert temporary.suffix == ".txt"
        temporary.write_text("new")
    assert path.read_text() == "new"


def test_what_a_killed_job_left_is_removed(tmp_path):
    gone = subprocess.Popen("true")
    gone.wait()
    names = [f".result.{gone.pid}.txt", f".other.{gone.pid}.txt", f".result.{os.getppid()}.txt"]
    abandoned, *left = [tmp_path / name for name in names]
    for path in (abandoned, *left):
        path.write_text("half")
    with files.moved_into_place(tmp_path / "result.txt") as temporary:
        assert not abandoned.exists()
        temporary.write_text("whole")
    assert set(tmp_path.iterdir()) == {*left, tmp_path / "result.txt"}


def test_the_same_dataset_gives_the_same_bytes(tmp_path):
    values = np.random.default_rng(0).normal(size=(2, 3))
    dataset = xr.Dataset({"state": (("sample", "time"), values)}, attrs={"seed": 1})
    files.write(dataset, tmp_path / "a.nc")
    files.write(dataset, tmp_path / "b.nc")
    assert (tmp_path / "a.nc").read_bytes() == (tmp_path / "b.nc").read_bytes()


def test_times_stay_numbers_with_a_unit(tmp_path):
    dataset = xr.Dataset(coords={"time": ("time", [0.0, 0.5], {"units": "ms"})})
    files.write(dataset, tmp_path / "a.nc")
    found = files.read(tmp_path / "a.nc")
    assert found["time"].dtype == float
    assert found["time"].attrs == {"units": "ms"}


def test_a_missing_file_is_reported_as_missing(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"nothing\.nc"):
        files.read(tmp_path / "nothing.nc")


def test_a_file_that_cannot_be_written_is_named_with_the_space_that_is_left(tmp_path):
    with (
        pytest.raises(files.FileError, match=r"a\.nc: cannot be written .* MiB are free"),
        files.moved_into_place(tmp_path / "a.nc"),
    ):
        raise OSError(28, "No space left on device")
    assert list(tmp_path.iterdir()) == []
