"""Samples from elsewhere: kept as they are, or rejected with the reason."""

import numpy as np
import pytest
import xarray as xr

from led.data.imported import import_split
from led.jobs import files


@pytest.fixture
def dataset():
    rng = np.random.default_rng(0)
    return xr.Dataset(
        {
            "state": (
                ("time", "sample", "radius", "component"),
                rng.normal(size=(6, 23, 4, 2)).astype(np.float32),
            )
        },
        coords={
            "time": ("time", 5 + 0.1 * np.arange(6), {"units": "s"}),
            "radius": ("radius", [1.0, 2.0, 4.0, 8.0], {"units": "m"}),
            "component": ["pressure", "speed"],
            "sample": np.arange(100, 123),
            "inlet": ("sample", rng.uniform(size=23)),
        },
    )


def bring(dataset, tmp_path, reference=None):
    (reference if reference is not None else dataset).to_netcdf(tmp_path / "train.nc")
    dataset.to_netcdf(tmp_path / "test.nc")
    given, first, out = (str(tmp_path / name) for name in ("test.nc", "train.nc", "out/test.nc"))
    import_split([given], [first], out)
    return files.read(out)


def test_names_times_and_units_stay(dataset, tmp_path):
    found = bring(dataset, tmp_path)
    expected = dataset.transpose("sample", "time", "radius", "component")
    np.testing.assert_array_equal(found["state"], expected["state"])
    assert found["state"].dims == ("sample", "time", "radius", "component")
    for name in ("time", "radius", "component"):
        xr.testing.assert_identical(found[name], expected[name])
    np.testing.assert_array_equal(found["inlet"], dataset["inlet"])
    assert found["sample"].values.tolist() == list(range(23))


@pytest.mark.parametrize("shape", [(3, 5, 2), (3, 5, 4, 1), (3, 5, 4, 3, 2, 2)])
def test_an_array_becomes_samples_over_time(tmp_path, shape):
    values = np.random.default_rng(1).normal(size=shape).astype(np.float32)
    np.savez(tmp_path / "samples.npz", values)
    path = str(tmp_path / "samples.npz")
    import_split([path], [path], str(tmp_path / "out.nc"), dt=0.25)
    found = files.read(tmp_path / "out.nc")
    np.testing.assert_array_equal(found["state"], values)
    assert found["state"].dims == ("sample", "time", *"xyz"[: len(shape) - 3], "component")
    assert found["time"].values.tolist() == [0, 0.25, 0.5, 0.75, 1]


def changed(dataset, sample, value):
    state = dataset["state"].copy()
    state[2, sample, 0, 0] = value
    return dataset.assign(state=state)


WRONG = {
    "four dimensions of space": (
        lambda d: d.expand_dims(a=1, b=1, c=1),
        r"found the space dimensions \['a', 'b', 'c', 'radius'\], expected at most 3; where one",
    ),
    "no times": (
        lambda d: d.drop_vars("time"),
        r"found no times, no coordinate 'time': expected dt in the dataset",
    ),
    "unequal time steps": (
        lambda d: d.assign_coords(time=[0, 1, 2, 3, 5, 6]),
        r"found time steps from 1 to 2, expected one that is the same throughout",
    ),
    "one frame": (lambda d: d.isel(time=[0]), r"found 1 times, expected two or more"),
    "times that go back": (
        lambda d: d.assign_coords(time=-d["time"]),
        r"and larger than zero",
    ),
    "a value that is missing": (
        lambda d: changed(d, 17, np.nan),
        r"sample 17 lacks 1 number in 1 of 6 frames, the first at time 5\.2, radius 1 in pressure",
    ),
    "an infinite value": (
        lambda d: changed(d, 17, np.inf),
        r"sample 17 holds values that are not finite",
    ),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_file_is_named_and_not_used(dataset, tmp_path, wrong):
    change, message = WRONG[wrong]
    with pytest.raises(files.FileError, match=rf"test\.nc: .*{message}"):
        bring(change(dataset), tmp_path)
    assert not (tmp_path / "out" / "test.nc").exists()


UNEQUAL = {
    "a step that is no fraction": (
        lambda d: d.assign_coords(time=0.07 * np.arange(6)),
        r"time: found a step of 0.07, expected 0.1, that of the training samples, or a whole",
    ),
    "another unit of time": (
        lambda d: d.assign_coords(time=d["time"].assign_attrs(units="days since 2000-01-01")),
        r"time: found the unit 'days since 2000-01-01', expected 's' as in .*train",
    ),
    "another size": (
        lambda d: d.isel(radius=slice(3)),
        r"found 3 points along radius, expected 4 as in .*train\.nc",
    ),
    "another grid": (
        lambda d: d.assign_coords(radius=[1.0, 2.0, 4.0, 9.0]),
        r"radius has other values than in .*train\.nc",
    ),
    "another dimension": (
        lambda d: d.rename(radius="x"),
        r"found the dimensions .*'x'.*, expected .*'radius'.* as in",
    ),
    "another component": (
        lambda d: d.assign_coords(component=["pressure", "heat"]),
        r"component has other values",
    ),
}


@pytest.mark.parametrize("unequal", UNEQUAL)
def test_splits_have_to_fit_each_other(dataset, tmp_path, unequal):
    change, message = UNEQUAL[unequal]
    with pytest.raises(files.FileError, match=rf"test\.nc: {message}"):
        bring(change(dataset), tmp_path, reference=dataset)


def runs(folder, *datasets):
    """Write a file for each dataset, and return what the import makes of them."""
    paths = [str(folder / f"run_{number}.nc") for number in range(len(datasets))]
    for path, run in zip(paths, datasets, strict=True):
        run.to_netcdf(path)
    import_split(paths, paths, str(folder / "out.nc"))
    return files.read(folder / "out.nc")


def run(values, **others):
    """Return a run with one component, and other variables."""
    values = np.asarray(values)
    time = 0.1 * np.arange(len(values))
    return xr.Dataset({"u": ("time", values)}, {"time": time}).assign(others)


def test_units_of_components_are_compared(tmp_path):
    kelvin, celsius, none = (run(np.arange(5.0)) for _ in range(3))
    kelvin["u"].attrs["units"], celsius["u"].attrs["units"] = "K", "degC"
    runs(tmp_path, kelvin, none)
    none["u"].attrs["units"] = "kelvin"
    runs(tmp_path, kelvin, none)
    with pytest.raises(files.FileError, match=r"run_1\.nc: u: found the unit 'degC', expected 'K'"):
        runs(tmp_path, kelvin, celsius)


def test_the_first_file_decides_no_type(tmp_path):
    """Whole numbers before others, and single before double precision."""
    small = 1e5 + 1e-3 * np.random.default_rng(0).normal(size=40)
    for kind in (np.int32, np.float32):
        found = runs(tmp_path, run(np.full(40, 1e5, kind)), run(small))
        np.testing.assert_array_equal(found["state"][1, :, 0], small)
    found = runs(tmp_path, run(small, mu=np.int8(1)), run(small, mu=np.int16(300)))
    np.testing.assert_array_equal(found["mu"], [1, 300])
    with pytest.raises(files.FileError, match=r"run_1\.nc: found mu as float64, expected int64"):
        runs(tmp_path, run(small, mu=1), run(small, mu=1.5))


def test_a_variable_that_some_files_lack_is_left_out(tmp_path):
    found = runs(tmp_path, run(np.arange(5.0), mu=1.0), run(np.arange(5.0)))
    assert "mu" not in found


def test_what_drives_each_file_is_its_own(tmp_path):
    """One sample each: its forcing is its own. Of several it is said to differ."""
    time = 0.1 * np.arange(5)
    forced = [run(np.arange(5.0), force=("time", f(time))) for f in (np.sin, np.cos)]
    alone = runs(tmp_path, *[one.assign(u=one["u"].expand_dims("sample")) for one in forced])
    np.testing.assert_array_equal(alone["force"], [np.sin(time), np.cos(time)])
    several = [one.assign(u=one["u"].expand_dims(sample=[0, 1])) for one in forced]
    with pytest.raises(files.FileError, match=r"run_1\.nc: force differs from that of the first;"):
        runs(tmp_path, *several)
    both = several[0], forced[0].assign(u=forced[0]["u"].expand_dims("sample"))  # the same for all
    np.testing.assert_array_equal(runs(tmp_path, *both)["force"], np.sin(time))
    rows = [run(np.arange(5.0), wind=(("time", "mode"), np.eye(5, 2) + n)) for n in range(2)]
    found = runs(tmp_path, *(row.rename(u="state") for row in rows))
    np.testing.assert_array_equal(found["wind"][1], np.eye(5, 2) + 1)


@pytest.mark.parametrize("step", [0.1, 0.05])
def test_a_series_may_be_longer_and_finer_than_those_of_the_training(dataset, tmp_path, step):
    longer = dataset.isel(time=[0, 1, 2, 3, 4, 5] * 5).assign_coords(time=step * np.arange(30))
    found = bring(longer, tmp_path, reference=dataset)
    np.testing.assert_allclose(found["time"], step * np.arange(30))


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        (
            {"a": np.zeros((2, 3, 1)), "b": np.zeros((2, 3, 1))},
            r"found the variables a \(2, 3, 1\), b \(2, 3, 1\), expected one named state, or var",
        ),
        ({"a": np.zeros((2, 3))}, r"found an array with 2 dimensions"),
        ({"a": np.array([{}, {}])}, r"not a readable NPZ file"),
    ],
)
def test_a_wrong_npz_is_named(tmp_path, arrays, message):
    path = str(tmp_path / "samples.npz")
    np.savez(path, **arrays)
    with pytest.raises(files.FileError, match=rf"samples\.npz: {message}"):
        import_split([path], [path], str(tmp_path / "out.nc"))
