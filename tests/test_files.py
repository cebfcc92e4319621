"""Files are whole or not there."""

import numpy as np
import pytest
import xarray as xr

from led import files


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
    abandoned = tmp_path / ".result.12345.txt"
    abandoned.write_text("half")
    other = tmp_path / ".others.12345.txt"
    other.write_text("half")
    with files.moved_into_place(tmp_path / "result.txt") as temporary:
        assert not abandoned.exists()
        temporary.write_text("whole")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".others.12345.txt", "result.txt"]


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


def test_a_missing_file_is_told_as_missing(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"nothing\.nc"):
        files.read(tmp_path / "nothing.nc")
