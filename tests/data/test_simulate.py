"""Datasets: samples that depend on nothing but themselves, and merges that lose nothing."""

import h5py
import numpy as np
import pytest
import xarray as xr

from led.data.merging import merge
from led.data.precision import fitted
from led.data.simulate import SPLITS, draw, simulate
from led.jobs import files, provenance
from led.solvers.theta import Theta
from led.systems import fields
from led.systems.fitzhugh_nagumo import FitzHughNagumo
from led.systems.van_der_pol import VanDerPol

OPTIONS = {"seed": 3, "split": "train", "duration": 20.0, "dt": 0.5}


def simulated(samples, system=None, **options):
    system = system or FitzHughNagumo(nx=4, ny=3, speed=0.05)
    return fitted(simulate(system, Theta(), samples=samples, **(OPTIONS | options)))


def write_batches(folder, size, count=7):
    paths = []
    for start in range(0, count, size):
        paths.append(folder / f"{start}.nc")
        files.write(simulated(range(start, min(start + size, count))), paths[-1])
    return paths


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_any_batch_size_gives_the_same_file(tmp_path, size):
    merge(write_batches(tmp_path, size), tmp_path / "merged.nc")
    merged = files.read(tmp_path / "merged.nc")
    xr.testing.assert_identical(merged, simulated(range(7)))


def test_samples_differ_by_seed_split_and_number():
    system = VanDerPol()
    drawn = [
        draw(system, seed, split, [number])["initial_x"][0]
        for seed in (0, 1)
        for split in SPLITS
        for number in (0, 1)
    ]
    assert len(set(drawn)) == 12


def test_file_has_dimensions_coordinates_and_units(tmp_path):
    batch = simulated(range(2))
    batch.attrs = provenance.attributes({"seed": 3})
    files.write(batch, tmp_path / "batch.nc")
    found = files.read(tmp_path / "batch.nc")
    assert found["state"].dims == ("sample", "time", "x", "y", "component")
    assert found["state"].dtype == np.float32
    assert found["component"].values.tolist() == ["u", "w"]
    assert found["time"].attrs["units"] == "ms"
    np.testing.assert_allclose(found["time"], np.arange(41) * 0.5)
    np.testing.assert_allclose(found["y"], [0, 1 / 3, 2 / 3])
    assert found["firing_x"].dims == ("sample",)
    assert '"seed": 3' in found.attrs["settings"]
    assert np.__version__ in found.attrs["versions"]
    chunks = found["state"].encoding
    assert chunks["chunksizes"] == (1, 41, 4, 3, 2)
    assert chunks["zlib"]
    assert chunks["fletcher32"]


def test_a_system_without_space_has_no_grid_dimensions():
    batch = simulated(range(3), VanDerPol(), duration=1.0, dt=0.1)
    assert batch["state"].dims == ("sample", "time", "component")
    np.testing.assert_array_equal(batch["state"][:, 0, 0], np.float32(batch["initial_x"].values))


def test_output_every_stores_some_steps_of_the_same_solution():
    every = simulated(range(2))
    some = simulated(range(2), output_every=5)
    xr.testing.assert_equal(some, every.isel(time=slice(None, None, 5)))


def test_a_sample_may_start_before_it_is_stored():
    """What is stored begins at t = 0, so a stimulus comes at the same time."""
    system = VanDerPol()
    whole = simulate(system, Theta(), samples=range(3), **OPTIONS | {"dt": 0.1})
    later = simulate(
        system, Theta(), samples=range(3), **OPTIONS | {"dt": 0.1, "duration": 12.0, "spin_up": 8.0}
    )
    assert later["time"].values.tolist() == whole["time"][:121].values.tolist()
    np.testing.assert_allclose(later["state"], whole["state"][:, 80:], atol=1e-8)
    system = FitzHughNagumo(nx=2, ny=1)
    early = {"duration": 40.0, "spin_up": 20.0}
    found = simulate(system, Theta(), samples=range(3), **OPTIONS | early)
    expected = simulate(system, Theta(), samples=range(3), **OPTIONS | {"duration": 40.0})
    np.testing.assert_allclose(found["state"], expected["state"], atol=1e-8)


def test_merging_needs_the_memory_of_one_batch(tmp_path, monkeypatch):
    """No batch is read before the one in front of it is forgotten."""
    paths = write_batches(tmp_path, 1)
    alive, most = [], 0
    read = files.read

    def counting_read(path):
        nonlocal most
        batch = read(path)
        alive.append(weak(batch))
        most = max(most, sum(reference() is not None for reference in alive))
        return batch

    from weakref import ref as weak

    monkeypatch.setattr(files, "read", counting_read)
    merge(paths, tmp_path / "merged.nc")
    assert len(alive) == 7
    assert most <= 3  # the first, which the others are compared with, the last and the new one


@pytest.mark.parametrize("damage", ["truncate", "empty", "text"])
def test_merge_names_a_damaged_batch_and_writes_nothing(tmp_path, damage):
    paths = write_batches(tmp_path, 3)
    content = paths[1].read_bytes()
    paths[1].write_bytes(
        {"truncate": content[: len(content) // 2], "empty": b"", "text": b"no data"}[damage]
    )
    with pytest.raises(files.FileError, match=f"{paths[1]}: damaged.*rm {paths[1]}"):
        merge(paths, tmp_path / "merged.nc")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0.nc", "3.nc", "6.nc"]


def test_merge_names_a_batch_with_a_flipped_bit(tmp_path):
    (path,) = write_batches(tmp_path, 7)
    whole = path.read_bytes()
    with h5py.File(path) as file:
        chunks = [file["state"].id.get_chunk_info(number) for number in range(7)]
    for chunk in chunks:  # one a sample
        content = bytearray(whole)
        content[chunk.byte_offset + chunk.size // 2] ^= 1
        path.write_bytes(content)
        with pytest.raises(files.FileError, match=f"{path}: damaged batch .*rm {path}"):
            merge([path], tmp_path / "merged.nc")


def test_merge_refuses_a_gap_another_grid_and_what_is_not_finite(tmp_path):
    paths = write_batches(tmp_path, 3)
    with pytest.raises(files.FileError, match=r"holds the samples \[6\], expected \[3\]"):
        merge([paths[0], paths[2]], tmp_path / "merged.nc")
    files.write(simulated(range(3, 6), FitzHughNagumo(nx=4, ny=4)), tmp_path / "other.nc")
    with pytest.raises(files.FileError, match=r"other\.nc: y differs from that of the first"):
        merge([paths[0], tmp_path / "other.nc"], tmp_path / "merged.nc")
    bad = simulated(range(3))
    bad["state"][1, 2] = np.nan
    files.write(bad, tmp_path / "bad.nc")
    with pytest.raises(files.FileError, match="not finite"):
        merge([tmp_path / "bad.nc"], tmp_path / "merged.nc")


class Landscape(VanDerPol):
    """A grid of points that start on a drawn field; further arrays are drawn."""

    components = ("height",)
    grid = {"x": np.arange(5) / 5, "y": np.arange(4) / 4}
    units = {"field": "m", "mode": "1/m"}
    drawn_dims = {"weights": {"mode": np.array([1.0, 2.0, 4.0])}, "profile": {"x": grid["x"]}}

    def draw(self, rng):
        field = fields.noise(rng, list(self.grid.values()), [1.0, 1.0], cutoff=2)
        arrays = {"weights": rng.normal(size=3), "profile": rng.normal(size=5)}
        return {"speed": rng.uniform(), "field": field, **arrays}

    def initial_state(self, drawn):
        assert drawn["weights"].shape == (len(drawn["speed"]), 3)
        return drawn["field"][None] + drawn["weights"].sum(axis=1)[:, None, None]

    def rhs(self, time, state, prepared):
        return -prepared["speed"][:, None, None] * state

    def jacobian(self, time, state, prepared):
        return [[-prepared["speed"][:, None, None]]]


def test_drawn_arrays_travel_with_their_samples(tmp_path):
    """Into batches of any size, the merged file and back into a simulation, to the last bit."""
    system = Landscape()
    whole = simulated(range(7), system, duration=2.0)
    for size in (2, 7):
        paths = []
        for start in range(0, 7, size):
            samples = range(start, min(start + size, 7))
            paths.append(tmp_path / f"{size}-{start}.nc")
            files.write(simulated(samples, system, duration=2.0), paths[-1])
        merge(paths, tmp_path / "merged.nc")
        found = files.read(tmp_path / "merged.nc")
        xr.testing.assert_identical(found, whole)
    assert found["field"].dims == ("sample", "x", "y")
    assert found["field"].attrs["units"] == "m"
    assert found["weights"].dims == ("sample", "mode")
    assert found["mode"].values.tolist() == [1, 2, 4]
    assert found["mode"].attrs["units"] == "1/m"
    assert found["profile"].dims == ("sample", "x")
    assert found["speed"].dims == ("sample",)
    assert "field" not in found["state"].coords
    drawn = {name: found[name].values for name in ("speed", "field", "weights", "profile")}
    start = np.float32(system.initial_state(drawn)[0])
    np.testing.assert_array_equal(found["state"][:, 0, ..., 0], start)


def drawing(values, **attributes):
    """Return a system that draws some values, and must not be integrated."""

    def refuse(*_):
        raise AssertionError("it was integrated")

    own = {"draw": lambda self, rng: values, "rhs": refuse, "initial_state": refuse}
    return type("Own", (Landscape,), own | attributes)()


@pytest.mark.parametrize(
    ("system", "message"),
    [
        (drawing({"x": 1.0}), "found a coordinate named 'x', which is a dimension"),
        (drawing({"time": 1.0}), "found a coordinate named 'time', which is a dimension"),
        (drawing({"state": 1.0}), "found a coordinate named 'state', which the results use"),
        (drawing({"height": 1.0}), "found 'height' as a component and as drawn"),
        (
            drawing({"weights": np.ones(3), "mode": 1.0}),
            "found a coordinate named 'mode', which is a dimension",
        ),
        (
            drawing({"a": np.ones(2)}, drawn_dims={"a": {"latent": np.arange(2)}}),
            "found a dimension named 'latent', which the results use",
        ),
        (
            drawing({"a": np.ones(5)}, drawn_dims={"a": {"x": np.arange(5)}}),
            "found two sets of points along 'x', expected one",
        ),
        (
            drawing({"a": np.ones((4, 5))}),
            r"found 'a' drawn as an array of the shape \(4, 5\), expected a number, an array",
        ),
        (drawing({"weights": np.ones(4)}), r"found 'weights' drawn as an array of the shape"),
    ],
)
def test_what_is_drawn_is_checked_before_it_is_integrated(system, message):
    with pytest.raises(ValueError, match=f"^Own: {message}"):
        simulated(range(2), system)


class Circling(VanDerPol):
    """Two components, whose rates or start may have a wrong form."""


KEPT = np.zeros((2, 3))


def circling(**methods):
    return type("Own", (Circling,), methods)()


@pytest.mark.parametrize(
    ("system", "message"),
    [
        (
            circling(rhs=lambda self, time, state, prepared: state[:1]),
            r"rhs: found the shape \(1, 3\), expected \(2, 3\): \(component, sample\)",
        ),
        (
            circling(rhs=lambda self, time, state, prepared: state.mean(1, keepdims=True)),
            r"rhs: found the shape \(2, 1\), expected \(2, 3\)",
        ),
        (
            circling(rhs=lambda self, time, state, prepared: [*state]),
            r"rhs: found a list, which np.stack makes an array of, expected",
        ),
        (
            circling(initial_state=lambda self, drawn: np.zeros((3, 3))),
            r"initial_state: found the shape \(3, 3\), expected \(2, 3\)",
        ),
        (
            circling(rhs=lambda self, time, state, prepared: KEPT),
            "rhs: found one array for two calls, expected a new one each time",
        ),
        (
            circling(forcing=lambda self, times: {"x": times}),
            "found 'x' for a forcing and for what is drawn or a component, expected",
        ),
        (
            circling(forcing=lambda self, times: {"time": times}),
            "found a coordinate named 'time', which is a dimension",
        ),
    ],
)
def test_a_state_and_its_rates_have_one_shape(system, message):
    with pytest.raises(ValueError, match=f"^Own: {message}"):
        simulated(range(3), system)


def test_a_start_of_whole_numbers_is_integrated():
    starts = (np.ones((2, 3), kind) for kind in (int, float))
    whole, real = (
        simulated(range(3), circling(initial_state=lambda self, drawn, at=start: at))["state"]
        for start in starts
    )
    np.testing.assert_array_equal(whole, real)
    assert np.abs(real - 1.0).max() > 0.5  # it moves


def test_an_array_has_one_shape():
    shapes = iter([3, 4])

    class Own(Landscape):
        def draw(self, rng):
            return {"weights": np.ones(next(shapes))}

    message = r"^Own: found 'weights' drawn in the shapes \(3,\), \(4,\), expected one shape"
    with pytest.raises(ValueError, match=message):
        simulated(range(2), Own())
