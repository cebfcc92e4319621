"""Files of users in other forms: read rightly, or refused, and never without a word."""

import io
import subprocess
import sys
import zipfile

import numpy as np
import pytest
import xarray as xr

from led.data import blocks, imported, inputs
from led.data.imported import import_split
from led.data.merging import merge
from led.data.precision import fitted
from led.data.simulate import simulate
from led.data.units import units_of
from led.jobs import contents, files
from led.jobs.runtime import ResultWarning
from led.solvers.theta import Theta
from led.systems.van_der_pol import VanDerPol


def dataset(values=None, dims=("sample", "time", "component"), **coords):
    values = np.random.default_rng(0).normal(size=(4, 6, 2)) if values is None else values
    times = {"time": 0.5 * np.arange(values.shape[dims.index("time")])}
    return xr.Dataset({"state": (dims, values)}, times | coords)


def bring(data, folder, **options):
    """Import a dataset or, of NPZ, an array."""
    path, out = str(folder / "train.nc"), folder / "out.nc"
    if isinstance(data, np.ndarray):
        np.savez(path := str(folder / "train.npz"), data)
    else:
        data.to_netcdf(path)
    import_split([path], [path], str(out), **options)
    return files.read(out)


# Numbers


def test_a_small_signal_on_a_large_mean_is_kept(tmp_path, capfd):
    """Float32 has numbers 0.0078 apart at 101325, of which this varies by 0.001."""
    rng = np.random.default_rng(0)
    values = np.stack([101325 + 0.001 * rng.normal(size=(23, 40)), rng.normal(size=(23, 40))], -1)
    found = bring(dataset(values, component=["p", "u"]), tmp_path)["state"]
    np.testing.assert_array_equal(found, values)
    assert found.dtype == np.float64
    assert "stored as float64: float32 would lose more than 1e-3 of" in (
        log := capfd.readouterr().out
    )
    assert log.split("deviation of ")[1].splitlines()[0] == "p"
    with files.open_dataset(tmp_path / "out.nc") as opened:
        for memory in (None, 0.001):  # as a whole, and sample by sample
            (held,) = blocks.shared(memory, opened["state"])
            assert (held.count > 1) == (memory is not None)
            taken = held.take(np.arange(23), np.tile(np.arange(40), (23, 1)))
            np.testing.assert_array_equal(taken, values)
        # as a forecast is written beside the truth
        truth = opened["state"][:, 10:]
        files.write(xr.Dataset({"truth": truth, "other": ("a", [1 / 3])}), tmp_path / "forecast.nc")
    forecast = files.read(tmp_path / "forecast.nc")
    np.testing.assert_array_equal(forecast["truth"], values[:, 10:])
    assert forecast["other"].dtype == np.float32


def test_whole_numbers_and_coordinates_of_text_are_kept(tmp_path):
    values = np.arange(23 * 6 * 2).reshape(23, 6, 2)
    named = dataset(values, origin=("sample", [f"run {n}" for n in range(23)]))
    found = bring(named, tmp_path)
    assert found["state"].dtype == np.float32
    np.testing.assert_array_equal(found["state"], values)
    assert found["origin"].values.tolist() == named["origin"].values.tolist()


@pytest.mark.parametrize(("mean", "deviation"), [(300, 1), (0, 1e-15), (0, 1e15), (5, 0)])
def test_what_float32_holds_is_stored_so(tmp_path, mean, deviation):
    values = mean + deviation * np.random.default_rng(0).normal(size=(12, 6, 2))
    found = bring(dataset(values), tmp_path)["state"]
    np.testing.assert_array_equal(found, values.astype(np.float32))
    assert found.dtype == np.float32


def test_numbers_beyond_float32_are_named(tmp_path):
    values = np.ones((23, 6, 2))
    values[17, 2, 1] = -1e39
    with pytest.raises(files.FileError, match=r"train\.nc: sample 17 holds -1e\+39 in v, expected"):
        bring(dataset(values, component=["u", "v"]), tmp_path)
    small = 1e-60 * np.random.default_rng(0).normal(size=(3, 6, 2))
    with pytest.raises(files.FileError, match=r"c0 varies by .*e-60, .*choose another unit"):
        bring(dataset(small), tmp_path)


@pytest.mark.parametrize("number", [1e5, 1e39])
@pytest.mark.parametrize("size", [1, 2, 4])
def test_a_simulation_that_float32_cannot_hold_is_kept(tmp_path, number, size, capfd):
    """Of sample 2 alone, which has a large mean, or a large unit: in batches of any size."""
    states = np.random.default_rng(0).normal(0, 0.01, (4, 9, 2))
    states[2, :, 0] = number * (1 + (number > 1e9) * states[2, :, 0]) + states[2, :, 0]
    paths = []
    for start in range(0, 4, size):
        batch = dataset(states[start : start + size], component=["p", "u"])
        batch["sample"] = np.arange(start, start + size)
        paths.append(str(tmp_path / f"{start}.nc"))
        files.write(fitted(batch.copy(deep=True)), paths[-1])
    assert "stored as float64: float32 would lose more than 1e-3 of" in capfd.readouterr().out
    merge(paths, tmp_path / "train.nc")
    found = files.read(tmp_path / "train.nc")["state"]
    assert found.dtype == np.float64
    np.testing.assert_array_equal(found[2], states[2])
    others = [0, 1, 3]
    np.testing.assert_array_equal(found[others], states[others].astype(np.float32))
    assert f"stored as float64, as {paths[2 // size]} is" in capfd.readouterr().out


# Layouts


LAYOUTS = {
    ("sample", "time", "component", "y", "x"): "grid 4 x 3 along y, x, components c0, c1",
    ("sample", "time", "x"): "grid 3 along x, components c0",
    ("time", "x", "y"): "grid 3 x 4 along x, y, components c0",
    ("component", "time"): "no grid, components c0, c1",
}
SIZES = {"sample": 5, "time": 7, "component": 2, "x": 3, "y": 4}


@pytest.mark.parametrize("dims", LAYOUTS)
def test_an_array_is_read_as_its_dims_say(tmp_path, dims, capfd):
    values = np.random.default_rng(0).normal(size=[SIZES[d] for d in dims]).astype(np.float32)
    found = bring(values, tmp_path, dt=0.5, dims=dims)
    expected = xr.DataArray(values, dims=dims)
    ours = ("sample", "time", *(d for d in dims if d in "xy"), "component")
    expected = expected.expand_dims([d for d in ours if d not in dims]).transpose(*ours)
    assert found["state"].dims == ours
    np.testing.assert_array_equal(found["state"], expected)
    samples = SIZES["sample"] if "sample" in dims else 1
    line = f"read {samples} samples, 7 times 0.5 apart, {LAYOUTS[dims]}\n"
    assert line in capfd.readouterr().out


@pytest.mark.parametrize(
    "shape", [(80, 6, 5), (10, 50, 64), (10, 50, 2, 24, 24), (10, 50, 24, 24), (9, 7, 2, 3)]
)
def test_an_array_in_doubt_is_refused(tmp_path, shape):
    with pytest.raises(files.FileError, match=r"order of dimensions is in doubt; .* dims: \["):
        bring(np.zeros(shape), tmp_path, dt=0.1)


def test_an_array_without_dims_is_read_with_a_word(tmp_path):
    with pytest.warns(ResultWarning, match=r"read as \(sample, time, component\); dims: "):
        bring(np.random.default_rng(0).normal(size=(12, 60, 2)), tmp_path, dt=0.1)
    with pytest.raises(files.FileError, match="expected 2 dimensions, those of dims: time, x"):
        bring(np.zeros((3, 4, 5)), tmp_path, dims=["time", "x"])


def test_what_is_not_used_is_named(tmp_path, capfd):
    forced = dataset(mu=("sample", np.arange(4.0)))
    forced["forcing"] = ("sample", "time"), np.zeros((4, 6))
    forced["area"] = 3.0
    with pytest.warns(ResultWarning, match=r"train\.nc: forcing depends on time and is not used"):
        bring(forced, tmp_path)
    lines = capfd.readouterr().out.splitlines()
    (line,) = (line for line in lines if line.startswith("no state, but inputs may name"))
    assert set(line.partition(": ")[2].split(", ")) >= {"mu (sample)", "area ()"}
    assert "forcing (sample, time)" in line


def test_what_may_be_an_input_is_kept(tmp_path):
    forced = dataset(mu=("sample", np.arange(4.0)))
    rng = np.random.default_rng(0)
    forced["forcing"] = ("time", "sample", "input"), rng.normal(size=(6, 4, 3))
    forced["wind"] = "time", np.arange(6.0)
    forced["note"] = "sample", ["a", "b", "c", "d"]
    with pytest.raises(files.FileError, match=r"found no input 'rain', expected one of .*forcing"):
        bring(forced, tmp_path, used=["forcing", "rain"])
    with pytest.warns(ResultWarning, match="wind depends on time"):
        found = bring(forced, tmp_path, used=["forcing"])
    assert "note" not in found
    for name in ("mu", "forcing", "wind"):
        expected = forced[name].transpose(*found[name].dims)
        np.testing.assert_allclose(found[name], expected, rtol=1e-6)
    read = inputs.read(found, ["wind", "forcing", "mu"])
    assert read.shape == (4, 6, 5)
    np.testing.assert_array_equal(read[1, :, 0], np.arange(6.0))
    np.testing.assert_allclose(read[3, 2, 1:4], forced["forcing"][2, 3], rtol=1e-6)
    np.testing.assert_array_equal(read[2, :, 4], np.full(6, 2.0))


# Names and units


@pytest.mark.parametrize("name", ["latent", "forecaster", "member", "stage", "metric", "truth"])
def test_a_dimension_of_a_name_of_the_results_is_refused(tmp_path, name):
    wrong = dataset(np.zeros((3, 6, 4, 2)), ("sample", "time", name, "component"))
    with pytest.raises(files.FileError, match=rf"found a dimension named '{name}', .*rename it"):
        bring(wrong, tmp_path)
    with pytest.raises(files.FileError, match=rf"found a coordinate named '{name}', .*rename it"):
        bring(dataset(**{name: ("sample", np.arange(4.0))}), tmp_path)


def test_a_component_has_a_name_of_its_own(tmp_path):
    with pytest.raises(files.FileError, match="found 'u' for two components"):
        bring(dataset(component=["u", "u"]), tmp_path)
    with pytest.raises(files.FileError, match="found 'all' for all components together"):
        bring(dataset(component=["u", "all"]), tmp_path)
    assert bring(dataset(component=[10, 20]), tmp_path)["component"].values.tolist() == ["10", "20"]


def test_labels_of_space_become_numbers(tmp_path, capfd):
    values = np.random.default_rng(0).normal(size=(3, 6, 2, 2))
    labelled = dataset(values, ("sample", "time", "side", "component"), side=["left", "right"])
    assert bring(labelled, tmp_path)["side"].values.tolist() == [0, 1]
    assert "side: the labels left, right, ... are replaced" in capfd.readouterr().out


def test_drawn_names_are_not_those_of_dimensions():
    class Wrong(VanDerPol):
        def draw(self, rng):
            return super().draw(rng) | {"time": 1.0}

    with pytest.raises(ValueError, match=r"Wrong: found a coordinate named 'time', which is a dim"):
        simulate(Wrong(), Theta(), seed=0, split="train", samples=[0], duration=1.0, dt=0.1)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("m s-1", ["m s-1", "m s-1"]),
        (1, ["1", "1"]),
        (np.float32(2.5), ["2.5", "2.5"]),
        ("", ["1", "1"]),
        ("u: m s-1, p: Pa", ["m s-1", "Pa"]),
        ("p: Pa", ["1", "Pa"]),
        ("ratio: a, b", ["ratio: a, b"] * 2),
    ],
)
def test_units_of_any_kind_are_read(tmp_path, written, expected):
    data = dataset(component=["u", "p"])
    data["state"].attrs["units"] = written
    data["time"].attrs["units"] = 1
    found = bring(data, tmp_path)
    assert list(units_of(found["state"]).values()) == expected
    assert found["time"].attrs["units"] == "1"


# Hostile and changing files


CRASH = """
import sys
from led.data.imported import import_split
import_split([sys.argv[1]], [sys.argv[1]], sys.argv[2])
"""


def test_one_nan_among_named_components_is_no_crash(tmp_path):
    values = np.random.default_rng(0).normal(size=(12, 60, 2)).astype("f4")
    values[3, 7, 0] = np.nan
    dataset(values, component=["u", "v"]).to_netcdf(path := tmp_path / "train.nc")
    source = str(imported.__file__).partition("/led/")[0]
    command = [sys.executable, "-c", CRASH, str(path), str(tmp_path / "out.nc")]
    run = subprocess.run(command, capture_output=True, text=True, env={"PYTHONPATH": source})
    assert run.returncode == 1, run.stderr
    message = (
        "train.nc: sample 3 lacks 1 number in 1 of 60 frames, the first at time 3.5 in u; expected"
    )
    assert message in run.stderr


@pytest.mark.parametrize("honest", [True, False])
def test_a_header_of_terabytes_is_refused_before_any_memory(tmp_path, honest):
    header = io.BytesIO()
    shape = {"descr": "<f8", "fortran_order": False, "shape": (10**6, 10**6, 1)}
    np.lib.format.write_array_header_1_0(header, shape)
    content = header.getvalue() + bytes(1000)
    path = tmp_path / "samples.npz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.npy", content)
        if not honest:  # the directory of the archive says the same as the header
            archive.filelist[0].file_size = 8 * 10**12 + len(header.getvalue())
    with pytest.raises(files.FileError, match=r"samples\.npz: not a readable NPZ .* 8000000000000"):
        import_split([str(path)], [str(path)], str(tmp_path / "out.nc"))


def test_an_import_of_a_file_that_changes_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    data = dataset()
    data.to_netcdf(path := tmp_path / "train.nc")
    digests = {key: [contents.digest(path)] for key in ("file", "reference")}
    bring(data, tmp_path)

    def replaced(parts, *rest):
        """Another file takes the place of the one that is being read."""
        data.assign(state=data["state"] + 1).to_netcdf(tmp_path / "new.nc")
        (tmp_path / "new.nc").replace(path)
        return write(parts, *rest)

    data.to_netcdf(path)
    digests = {key: [contents.digest(path)] for key in ("file", "reference")}
    write = imported.write_parts
    monkeypatch.setattr(imported, "write_parts", replaced)
    (tmp_path / "out.nc").unlink()
    for _ in range(2):  # during the import, and before it
        with pytest.raises(files.FileError, match=r"train\.nc: changed since .*run the same comm"):
            import_split([str(path)], [str(path)], str(tmp_path / "out.nc"), digests=digests)
    assert not (tmp_path / "out.nc").exists()
