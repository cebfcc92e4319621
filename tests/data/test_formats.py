"""The ways other people write one field: read with its values and names, or refused with advice."""

from pathlib import Path

import h5py
import netCDF4
import numpy as np
import pandas as pd
import pytest
import scipy.io
import xarray as xr

from led.config import paths
from led.data import formats
from led.data.imported import describe, import_split
from led.jobs import files

SAMPLES, FRAMES, NX, NY = 3, 8, 5, 6
TIMES = 0.1 * np.arange(FRAMES)
FIELD = np.random.default_rng(0).normal(size=(SAMPLES, FRAMES, NX, NY, 2))
DIMS = ("sample", "time", "x", "y", "component")
X, Y = np.linspace(0, 1, NX), np.linspace(0, 3, NY)


def dataset(times=TIMES, dims=DIMS, values=FIELD, **coordinates):
    return xr.Dataset({"state": (dims, values)}, {"time": times} | coordinates)


def well(path):
    """The structure that The Well documents: fields by rank, with flags of what they vary along."""
    varying = {"sample_varying": True, "time_varying": True, "dim_varying": [True, True]}
    with h5py.File(path, "w") as file:
        file.attrs.update(n_spatial_dims=2, n_trajectories=SAMPLES, grid_type="cartesian")
        axes = file.create_group("dimensions")
        axes.attrs["spatial_dims"] = ["x", "y"]
        for name, points in {"time": TIMES, "x": X, "y": Y}.items():
            axes[name] = points.astype("f4")
        fields = {
            "t0_fields/u": (FIELD[..., 0], varying),
            "t0_fields/mask": (FIELD[0, 0, ..., 0], varying | dict.fromkeys([*varying][:2], False)),
            "t1_fields/flow": (FIELD, varying),
            "t2_fields/stress": (np.stack([FIELD, -FIELD], -2), varying),
            "scalars/nu": (np.arange(3.0), {"sample_varying": True, "time_varying": False}),
            "scalars/drive": (TIMES**2, {"sample_varying": False, "time_varying": True}),
            "scalars/gamma": (np.ones(1), {"sample_varying": False, "time_varying": False}),
        }
        for name, (values, attributes) in fields.items():
            file[name] = values.astype("f4")
            file[name].attrs.update(attributes)
        file.create_group("boundary_conditions")


def bench(path):
    """PDEBench in one dimension: an axis of time with one more, no names of dimensions."""
    with h5py.File(path, "w") as file:
        file["tensor"] = FIELD[..., 0, 0].astype("f4")
        file["x-coordinate"], file["t-coordinate"] = X.astype("f4"), 0.1 * np.arange(FRAMES + 1.0)


def flows(path):
    """PDEBench in two dimensions: a field for each component."""
    with h5py.File(path, "w") as file:
        file["Vx"], file["density"] = (np.moveaxis(FIELD, -1, 0)).astype("f4")
        file["t-coordinate"], file["x-coordinate"], file["y-coordinate"] = TIMES, X, Y


def groups(path):
    """PDEBench with a group for each sample."""
    with h5py.File(path, "w") as file:
        for number, sample in enumerate(FIELD):
            file[f"{number:04}/data"] = sample.astype("f4")
            for name, axis in {"t": TIMES, "x": X, "y": Y}.items():
                file[f"{number:04}/grid/{name}"] = axis


def hdf5(path):
    with h5py.File(path, "w") as file:
        file["runs/fields"], file["runs/notes"] = FIELD, np.ones(3)


def mat73(path):
    """MATLAB since 7.3: HDF5 after 512 bytes of text, with the dimensions in reverse order."""
    with h5py.File(path, "w", userblock_size=512) as file:
        file["w"] = FIELD.T
    with open(path, "r+b") as file:
        file.write(b"MATLAB 7.3 MAT-file".ljust(512))


SERIES = FIELD[:1, :, 0, 0]
TABLE = pd.DataFrame({"time": TIMES, "u": SERIES[0, :, 0], "v": SERIES[0, :, 1], "note": "fine"})
DATES = pd.date_range("2001-01-01", periods=FRAMES, freq="6h")
NAMES = {"sample": "batch", "time": "t", "component": "channel"}
STATED = {"dims": [*DIMS], "dt": 0.1}
APART = xr.Dataset({n: (DIMS[:4], FIELD[..., i]) for i, n in enumerate("uv")}, {"time": TIMES})
ONE = {"values": FIELD[..., :1]}
LINE = {"values": FIELD[..., 0, :1], "dims": ("sample", "time", "x", "component")}
RUN = {"values": SERIES, "dims": ("sample", "time", "component"), "components": ["u", "v"]}
TENSOR = np.stack([FIELD, -FIELD], -2).reshape(*FIELD.shape[:-1], 4)
WELL = np.concatenate([FIELD[..., :1], FIELD, TENSOR], -1)
WELL_NAMES = ["u", "flow_x", "flow_y", "stress_xx", "stress_xy", "stress_yx", "stress_yy"]


def dated(freq, **options):
    dates = xr.date_range("2001-01-01", periods=FRAMES, freq=freq, **options)
    return dataset(times=dates).to_netcdf


# suffix, how it is written, what the dataset says, and what differs from dataset()
READ = {
    "time first": (".nc", dataset().transpose("time", "sample", ...).to_netcdf, {}, {}),
    "dates": (".nc", dated("6h"), {}, {"step": 6, "units": "hours"}),
    "months": (".nc", dated("MS"), {}, {"step": 1, "units": "months"}),
    "ends of months": (".nc", dated("ME"), {}, {"step": 1, "units": "months"}),
    "years": (".nc", dated("YS"), {}, {"step": 12, "units": "months"}),
    "no leap years": (
        *(".nc", dated("D", calendar="noleap", use_cftime=True), {}),
        {"step": 1, "units": "days"},
    ),
    "durations": (
        *(".nc", dataset(times=pd.to_timedelta(np.arange(FRAMES) * 30, unit="min")).to_netcdf, {}),
        {"step": 30, "units": "minutes"},
    ),
    "float32 times": (".nc", dataset(times=(500 + TIMES).astype("f4")).to_netcdf, {}, {}),
    "later times": (".nc", dataset(times=1000 + TIMES).to_netcdf, {}, {}),
    "PDEBench": (".hdf5", bench, {"layout": "pdebench"}, LINE | {"components": ["u"]}),
    "PDEBench, fields": (
        *(".hdf5", flows, {"layout": "pdebench"}),
        {"components": ["Vx", "density"]},
    ),
    "PDEBench, groups": (".h5", groups, {"layout": "pdebench"}, {}),
    "The Well": (
        *(".hdf5", well, {"layout": "the_well"}),
        {"values": WELL, "components": WELL_NAMES, "inputs": ["nu", "drive"]},
    ),
    "variables": (".nc", APART.to_netcdf, {}, {"components": ["u", "v"]}),
    "chosen variables": (
        *(".nc", APART.to_netcdf, {"variables": ["v"]}),
        {"values": FIELD[..., 1:], "components": ["v"]},
    ),
    "latitudes": (
        *(".nc", dataset(dims=("sample", "time", "lat", "lon", "component")).to_netcdf, {}),
        {"dims": ("sample", "time", "lat", "lon", "component")},
    ),
    "no samples": (
        *(".nc", dataset(dims=DIMS[1:], values=FIELD[0], nu=0.3).to_netcdf, {}),
        {"values": FIELD[:1], "inputs": ["nu"]},
    ),
    "no component": (".nc", dataset(dims=DIMS[:-1], values=FIELD[..., 0]).to_netcdf, {}, ONE),
    "Zarr": (".zarr", dataset(times=DATES).to_zarr, {}, {"step": 6, "units": "hours"}),
    "a group of Zarr": (
        *(".zarr", lambda path: dataset().to_zarr(path, group="run"), {"group": "run"}, {}),
    ),
    "MAT": (".mat", lambda path: scipy.io.savemat(path, {"state": FIELD}), STATED, {}),
    "MAT, 7.3": (".mat", mat73, STATED, {"components": ["c0", "c1"]}),
    "a group of HDF5": (".h5", hdf5, STATED | {"group": "runs"}, {}),
    "CSV": (".csv", lambda path: TABLE.to_csv(path, index=False), {}, RUN),
    "CSV, dates": (
        *(".csv", lambda path: TABLE.assign(day=DATES).to_csv(path, sep=";", index=False)),
        {"dims": {"time": "day"}, "variables": ["u", "v"]},
        RUN | {"step": 6, "units": "hours"},
    ),
    "CSV, columns with numbers": (
        *(".csv", lambda path: pd.DataFrame(SERIES[0]).to_csv(path, index=False), {"dt": 0.1}),
        RUN | {"components": ["0", "1"]},
    ),
    "CSV, one column": (
        *(".csv", lambda path: TABLE[["u"]].to_csv(path, index=False), {"dt": 0.1}),
        {"values": FIELD[:1, :, 0, 0, :1], "dims": RUN["dims"], "components": ["u"]},
    ),
    "CSV, no times": (
        *(".csv", lambda path: TABLE[["u", "v"]].to_csv(path, index=False), {"dt": 0.1}, RUN),
    ),
    "channels first": (
        *(".npz", lambda path: np.savez(path, np.moveaxis(FIELD, -1, 2))),
        {"dims": ["sample", "time", "component", "x", "y"], "dt": 0.1},
        {},
    ),
    "no channels": (
        *(".npz", lambda path: np.savez(path, FIELD[..., 0, 0])),
        {"dims": ["sample", "time", "x"], "dt": 0.1},
        LINE,
    ),
    "other arrays": (".npz", lambda path: np.savez(path, state=FIELD, t=TIMES, x=X), STATED, {}),
    "NPY": (".npy", lambda path: np.save(path, FIELD), STATED, {}),
    "other names": (
        *(".nc", dataset().rename(NAMES | {"state": "data"}).to_netcdf, {"dims": NAMES}, {}),
    ),
    "a dimension besides its times": (
        *(".nc", dataset().swap_dims(time="t").to_netcdf, {"dims": {"time": "t"}}, {}),
    ),
    "packed": (
        ".nc",
        lambda path: dataset().to_netcdf(
            path, encoding={"state": {"dtype": "i2", "scale_factor": 2e-4, "_FillValue": -32767}}
        ),
        {},
        {"tolerance": 2e-4},
    ),
    "no times": (".nc", dataset().drop_vars("time").to_netcdf, {"dt": 0.1}, {}),
    "some frames": (
        *(".nc", dataset().to_netcdf, {"time": {"slice": [0.2, 0.7], "every": 2}}),
        {"values": FIELD[:, 2:7:2], "step": 0.2},
    ),
    "classic": (
        *(".cdf", lambda path: dataset().to_netcdf(path, format="NETCDF3_CLASSIC"), {}, {}),
    ),
}


def same(tmp_path, suffix, write, options, *, values=FIELD, dims=DIMS, components=None, **other):
    path = str(tmp_path / f"train{suffix}")
    write(path)
    (described,) = describe([[path]], options)
    import_split([path], [path], str(tmp_path / "out.nc"), **options)
    found = files.read(tmp_path / "out.nc")
    assert found["state"].dims == dims
    np.testing.assert_allclose(found["state"], values, atol=other.get("tolerance", 1e-6))
    labels = components or [f"c{number}" for number in range(values.shape[-1])]
    assert found["component"].values.tolist() == labels == described["components"]
    step = other.get("step", 0.1)
    np.testing.assert_allclose(np.diff(found["time"]), step, rtol=1e-6)
    assert found["time"].attrs.get("units", "").partition(" since ")[0] == other.get("units", "")
    assert described["sizes"] == dict(found["state"].sizes)
    assert described["interval"] == pytest.approx(step)
    assert set(described["inputs"]) == set(other.get("inputs", ())) <= set(found.variables)


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("layout", READ)
def test_a_field_is_read_as_it_was_written(tmp_path, layout):
    suffix, write, options, expected = READ[layout]
    same(tmp_path, suffix, write, options, **expected)


# suffix, how it is written, what the dataset says, and what the message asks for
REFUSED = {
    "PDEBench": (
        ".hdf5",
        bench,
        {},
        "a file of pdebench, expected layout: pdebench in the dataset",
    ),
    "The Well": (".hdf5", well, {}, "a file of the_well, expected layout: the_well in the dataset"),
    "another structure": (
        *(".h5", hdf5, {"layout": "the_well"}),
        "found no group 'dimensions', expected the structure of The Well",
    ),
    "neither of PDEBench": (
        *(".nc", dataset().to_netcdf, {"layout": "pdebench"}),
        "expected t-coordinate next to the fields, or a group for each sample",
    ),
    "groups": (".h5", hdf5, {}, r"found no variables, but the groups runs: expected group: \.\.\."),
    "no such group": (
        ".h5",
        hdf5,
        {"group": "fields"},
        "found no group 'fields', expected one of runs",
    ),
    "a group of an array": (
        *(".npy", lambda path: np.save(path, FIELD), {"group": "a"}),
        "found group 'a' of a npy file, expected one of NetCDF, HDF5 or Zarr",
    ),
    "an index": (
        ".csv",
        TABLE.to_csv,
        {},
        "a first column without a name, as pandas writes an index",
    ),
    "a table without names": (
        *(".csv", lambda path: np.savetxt(path, FIELD[0, :, 0, 0], delimiter=","), {"dt": 0.1}),
        r"found the first line '.*', expected a name for each column, without # before them",
    ),
    "a table that begins with equal numbers": (
        *(".csv", lambda path: np.savetxt(path, np.zeros((8, 3)), delimiter=",", fmt="%.1f")),
        {"dt": 0.1},
        r"found the first line '0.0,0.0,0.0', expected a name for each column",
    ),
    "a table whose names are a comment": (
        ".csv",
        lambda path: np.savetxt(path, FIELD[0, :, 0, 0], delimiter=",", header="u,v"),
        {"dt": 0.1},
        r"found the first line '# u,v', expected a name for each column, without # before them",
    ),
    "channels first": (
        *(".npz", lambda path: np.savez(path, np.moveaxis(FIELD, -1, 2)), {"dt": 0.1}),
        r"whose order of dimensions is in doubt; state it in the dataset, for example dims: \[",
    ),
    "no times in an array": (
        *(".npy", lambda path: np.save(path, FIELD), {"dims": [*DIMS]}),
        "found no times, no coordinate 'time': expected dt in the dataset",
    ),
    "several arrays": (
        *(".npz", lambda path: np.savez(path, a=FIELD, b=FIELD), STATED),
        "found the variables a .*, b .*, expected one named state, or variables: ",
    ),
    "names for an array": (
        *(".npy", lambda path: np.save(path, FIELD), {"dims": {"time": "t"}}),
        "whose dimensions have no names: expected dims as a list of all of them in their order",
    ),
    "other names": (
        *(".nc", dataset().rename(NAMES).to_netcdf, {}),
        "expected time; write in the dataset dims: {time: t, sample: batch, component: channel}",
    ),
    "a name that is likely of samples": (
        *(".nc", dataset().rename(sample="batch").to_netcdf, {}),
        "to know what batch is; write in the dataset dims: {sample: batch}, or {x: batch} if it is",
    ),
    "a dimension that is not there": (
        *(".nc", dataset().to_netcdf, {"dims": {"time": "t"}}),
        "found the dimensions sample, time, x, y, component, expected 't', which dims",
    ),
    "a variable that is not there": (
        *(".nc", APART.to_netcdf, {"variables": ["u", "w"]}),
        "found the variables u .*, v .*, expected 'w', which variables of the dataset names",
    ),
    "variables on other dimensions": (
        *(".nc", APART.assign(w=(("time", "x"), FIELD[0, :, :, 0, 0])).to_netcdf),
        {"variables": ["u", "w"]},
        "found u with the dimensions sample, time, x, y, w with time, x; expected the same",
    ),
    "unequal steps": (
        *(".nc", dataset(times=[*TIMES[:-1], 2.0]).to_netcdf, {}),
        "found time steps from 0.1 to 1.4, expected one that is the same throughout",
    ),
    "times that are not there": (
        *(".nc", dataset().to_netcdf, {"time": {"slice": [0.2, 3.0]}}),
        "found the times 0 to 0.7 in steps of 0.1, expected two or more from 0.2 on and before 3",
    ),
    "an unknown format": (
        *(".dat", lambda path: Path(path).write_text("no data"), {}),
        "found a file of an unknown format, expected one of NetCDF, HDF5, Zarr, GRIB, NPZ, NPY",
    ),
    "a folder": (
        *("", lambda path: Path(path).mkdir(), {}),
        "found a folder that is no Zarr store",
    ),
    "GRIB": (
        *(".grib", lambda path: Path(path).write_text("GRIB"), {}),
        "found a grib file, expected the package that reads it: pip install cfgrib",
    ),
}


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("layout", REFUSED)
def test_what_is_in_doubt_is_refused_with_what_to_write(tmp_path, layout, monkeypatch):
    monkeypatch.setattr(formats, "find_spec", lambda package: None)  # as if cfgrib were not there
    suffix, write, options, message = REFUSED[layout]
    path = str(tmp_path / f"train{suffix}")
    write(path)
    (described,) = describe([[path]], options)
    with pytest.raises(files.FileError, match=message) as raised:
        import_split([path], [path], str(tmp_path / "out.nc"), **options)
    assert described == {"error": str(raised.value)}
    assert str(raised.value).startswith(path)
    assert not (tmp_path / "out.nc").exists()


def test_several_files_are_samples_in_the_order_of_their_numbers(tmp_path, monkeypatch):
    """Each with a parameter of its own, and in a folder whose name has a space."""
    (tmp_path / "my runs").mkdir()
    for number in range(12):
        run = dataset(dims=DIMS[1:], values=FIELD[0] + number, nu=float(number))
        run.to_netcdf(tmp_path / "my runs" / f"run_{number}.nc")
    monkeypatch.setenv("HOME", str(tmp_path))
    found = paths.expanded("~/my runs/run_*.nc")
    assert found == paths.expanded([str(tmp_path / "my runs" / f"run_{n}.nc") for n in range(12)])
    cut = {"share": [0.25, 0.75], "used": ["nu"]}
    import_split(found, found, str(tmp_path / "out.nc"), **cut)
    out = files.read(tmp_path / "out.nc")
    np.testing.assert_allclose(out["state"][:, 0, 0, 0, 0], FIELD[0, 0, 0, 0, 0] + np.arange(3, 9))
    np.testing.assert_array_equal(out["nu"], np.arange(3.0, 9.0))
    dataset(dims=DIMS[1:], values=FIELD[0], x=X + 1, nu=0.0).to_netcdf(found[5])
    with pytest.raises(files.FileError, match=r"run_5\.nc: x has other values than in .*run_0\.nc"):
        import_split(found, found, str(tmp_path / "out.nc"))


def test_a_single_run_is_divided_in_time(tmp_path):
    path = str(tmp_path / "run.nc")
    dataset(dims=DIMS[1:], values=FIELD[0]).to_netcdf(path)
    for share, frames in {
        (0, 0.5): slice(0, 4),
        (0.5, 0.8): slice(4, 6),
        (0.8, 1): slice(6, 8),
    }.items():
        import_split([path], [path], str(tmp_path / "out.nc"), share=share)
        out = files.read(tmp_path / "out.nc")
        np.testing.assert_allclose(out["state"][0], FIELD[0, frames], rtol=1e-6)
        np.testing.assert_allclose(out["time"], TIMES[frames])
    with pytest.raises(
        files.FileError, match="found 1 frames of 8 in the split, expected 2 or more"
    ):
        import_split([path], [path], str(tmp_path / "out.nc"), share=(0.9, 1))


def test_the_header_of_an_npz_has_its_times_and_grid(tmp_path):
    """What the plan reads, which loads no array of several dimensions."""
    path = str(tmp_path / "train.npz")
    np.savez(path, state=FIELD, time=TIMES, x=X, array=FIELD)
    (described,) = describe([[path]], {"dims": [*DIMS], "variables": ["state"]})
    assert [described["start"], described["interval"]] == pytest.approx([0.0, 0.1])


def test_numbers_that_were_never_written_are_missing(tmp_path):
    """A solver that stopped: NetCDF holds 9.97e36 there, which no attribute names."""
    path = str(tmp_path / "train.nc")
    with netCDF4.Dataset(path, "w") as file:
        for name, size in (("sample", None), ("time", None), ("x", 3)):
            file.createDimension(name, size)
        file.createVariable("time", "f8", ("time",))[:] = np.arange(20)
        written = file.createVariable("u", "f4", ("sample", "time", "x"))
        written[0, :20], written[1, :13] = 1.0, 2.0
    with pytest.raises(files.FileError, match=r"sample 1 has 13 frames, then NaN, of 20; expected"):
        import_split([path], [path], str(tmp_path / "out.nc"))
    import_split([path], [path], str(tmp_path / "out.nc"), windows={"length": 5, "step": None})
    found = files.read(tmp_path / "out.nc")["state"].values
    assert [float(window.mean()) for window in found] == [1, 1, 1, 1, 2, 2]


def test_numbers_of_frames_give_way_to_times(tmp_path):
    """Also of other dimensions: a coordinate of our name lies along that of the file."""
    stored = (
        dataset()
        .rename(time="frame", x="i")
        .assign_coords(
            frame=np.arange(len(TIMES)),
            i=np.arange(len(X)),
            time=("frame", 0.1 * np.arange(8)),
            x=("i", X),
        )
    )
    stored.to_netcdf(path := str(tmp_path / "train.nc"))
    import_split([path], [path], out := str(tmp_path / "out.nc"), dims={"time": "frame", "x": "i"})
    found = files.read(out)
    np.testing.assert_allclose(found["time"], 0.1 * np.arange(8))
    np.testing.assert_allclose(found["x"], X)
