"""Samples that are cut from long runs: by time, and in windows; runs that end early."""

import numpy as np
import pytest
import xarray as xr

from led.data.imported import import_split
from led.jobs import files
from led.jobs.runtime import ResultWarning


def runs(lengths, frames, kind=np.float32, first=100.0, step=0.5):
    """Runs whose value says where it is from: 1000 times the run, plus the frame."""
    state = (1000 * np.arange(len(lengths))[:, None] + np.arange(frames)).astype(kind)
    state[np.arange(frames) >= np.array(lengths)[:, None]] = np.nan
    return xr.Dataset(
        {"state": (("sample", "time", "component"), np.stack([state, -state], -1))},
        coords={
            "time": ("time", first + step * np.arange(frames), {"units": "d"}),
            "component": ["u", "w"],
            "mu": ("sample", 0.1 * np.arange(len(lengths))),
        },
    )


def bring(dataset, folder, **options):
    path = str(folder / "runs.nc")
    dataset.to_netcdf(path)
    import_split([path], [path], str(folder / "out.nc"), **options)
    return files.read(folder / "out.nc")


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_windows_of_runs_of_different_lengths(tmp_path, kind):
    """Runs of 10, 4 and 7 frames in windows of 4, 3 frames apart: at 0, 3, 6; 0; and 0, 3."""
    found = bring(runs([10, 4, 7], 10, kind), tmp_path, windows={"length": 4, "step": 3})
    starts = [(0, 0), (0, 3), (0, 6), (1, 0), (2, 0), (2, 3)]
    expected = [[1000 * run + start + frame for frame in range(4)] for run, start in starts]
    np.testing.assert_array_equal(found["state"].sel(component="u"), expected)
    np.testing.assert_array_equal(found["state"].sel(component="w"), -np.array(expected))
    assert found["run"].values.tolist() == [run for run, _ in starts]
    assert found["run_start"].values.tolist() == [100 + 0.5 * start for _, start in starts]
    assert found["run_start"].attrs["units"] == found["time"].attrs["units"] == "d"
    assert found["time"].values.tolist() == [0, 0.5, 1, 1.5]
    assert found["sample"].values.tolist() == list(range(6))
    np.testing.assert_allclose(found["mu"], [0, 0, 0, 0.1, 0.2, 0.2])


def test_windows_follow_each_other_without_a_step_and_in_many_blocks(tmp_path):
    found = bring(runs([129], 129), tmp_path, windows={"length": 4, "step": None})
    expected = np.arange(128).reshape(32, 4)  # the last frame begins no window
    np.testing.assert_array_equal(found["state"].sel(component="u"), expected)
    assert found["run_start"].values.tolist() == (100 + 0.5 * expected[:, 0]).tolist()


def test_runs_shorter_than_a_window_are_left_out_with_a_warning(tmp_path):
    with pytest.warns(
        ResultWarning, match=r"the samples \[1, 3\] have less than 5 frames, the win"
    ):
        found = bring(runs([10, 4, 5, 0], 10), tmp_path, windows={"length": 5, "step": None})
    assert found["run"].values.tolist() == [0, 0, 2]


def test_a_split_has_the_frames_of_its_times_and_no_other_has_them(tmp_path):
    """Times 100, 100.5, ... 109.5: each of the frames 0 to 19 is in one split, the gap in none."""
    whole = runs([20, 20], 20)
    splits = {(100.0, 105.0): range(10), (105.0, 107.0): range(10, 14), (108, 110): range(16, 20)}
    for interval, frames in splits.items():
        found = bring(whole, tmp_path, interval=interval)
        xr.testing.assert_equal(
            found["state"], whole["state"][:, frames].assign_coords(sample=[0, 1])
        )
    found = bring(whole, tmp_path, interval=(100.1, 101.6))
    assert found["time"].values.tolist() == [100.5, 101, 101.5]


def test_rounded_times_are_divided_as_those_that_they_stand_for(tmp_path):
    tenths = runs([40], 40, first=0.0, step=0.1)
    tenths["time"] = tenths["time"].astype(np.float32)
    parts = [bring(tenths, tmp_path, interval=ends)["state"] for ends in ((0, 1.7), (1.7, 4.0))]
    np.testing.assert_array_equal(xr.concat(parts, "time"), tenths["state"])
    assert parts[0].sizes["time"] == 17


def test_windows_are_cut_within_the_times_of_the_split(tmp_path):
    """A run that ends within them is cut there."""
    options = {"interval": (102.0, 106.0), "windows": {"length": 3, "step": 2}}
    found = bring(runs([20, 9], 20), tmp_path, **options)
    expected = [[4, 5, 6], [6, 7, 8], [8, 9, 10], [1004, 1005, 1006], [1006, 1007, 1008]]
    np.testing.assert_array_equal(found["state"].sel(component="u"), expected)
    assert found["run_start"].values.tolist() == [102, 103, 104, 102, 103]


def test_padding_behind_the_times_of_a_split_does_not_matter(tmp_path):
    found = bring(runs([20, 9], 20), tmp_path, interval=(100.0, 104.5))
    assert found["state"].shape == (2, 9, 2)


def test_an_array_is_divided_too(tmp_path):
    np.savez(tmp_path / "run.npz", np.arange(12.0)[:, None])
    path = str(tmp_path / "run.npz")
    options = {"dt": 0.25, "dims": ["time", "component"]}
    cut = {"interval": (1.0, 3.0), "windows": {"length": 3, "step": None}}
    import_split([path], [path], str(tmp_path / "out.nc"), **options, **cut)
    found = files.read(tmp_path / "out.nc")
    np.testing.assert_array_equal(found["state"][..., 0], [[4, 5, 6], [7, 8, 9]])
    assert found["run_start"].values.tolist() == [1.0, 1.75]


WRONG = {
    "runs of different lengths": (
        lambda d: d,
        {},
        r"sample 1 has 4 frames, then NaN, of 10; expected samples of equal length, or windows: "
        r"\{length: 4\} in the dataset",
    ),
    "no run of that length": (
        lambda d: d.isel(time=slice(8)),
        {"windows": {"length": 9, "step": 1}},
        r"found at most 8 frames in a run, expected 9, the windows.length of the dataset",
    ),
    "times that are not there": (
        lambda d: d,
        {"interval": (101.0, 106.0)},
        r"found the times 100 to 104.5 in steps of 0.5, expected two or more from 101 on and before"
        r" 106, and none missing",
    ),
    "times before the first": (lambda d: d, {"interval": (99.0, 104.0)}, "found the times 100 to"),
    "a single frame": (
        lambda d: d,
        {"interval": (101.0, 101.5)},
        ".*expected two or more from 101",
    ),
    "a coordinate of a name that windows get": (
        lambda d: d.rename(mu="run_start"),
        {"windows": {"length": 4, "step": None}},
        r"found a coordinate named 'run_start', which windows get: expected another name",
    ),
    "a hole in a run": (
        lambda d: d.where(d["time"] != 101.0),
        {"windows": {"length": 4, "step": None}},
        r"sample 0 lacks 1 of 10 frames, the first at time 101; expected numbers",
    ),
}


@pytest.mark.parametrize("mistake", WRONG)
def test_what_cannot_be_cut_is_refused(tmp_path, mistake):
    change, options, message = WRONG[mistake]
    with pytest.raises(files.FileError, match=rf"runs.nc: {message}"):
        bring(change(runs([10, 4], 10)), tmp_path, **options)
    assert not (tmp_path / "out.nc").exists()
