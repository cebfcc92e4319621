"""Samples from elsewhere: files of another solver, checked and brought into the form of ours."""

import zlib
from contextlib import contextmanager
from zipfile import BadZipFile

import numpy as np
import xarray as xr

from led.data.merging import write_parts
from led.jobs import files
from led.jobs.runtime import progress

SAMPLES_A_BLOCK = 10
SPACE = ("x", "y", "z")
NUMBERS = "fiu"  # kinds of arrays


def import_split(path, reference, destination, *, source, dt=1.0):
    """Write the samples of `path` as a split of a dataset.

    Parameters
    ----------
    path : str
        NetCDF: a variable ``state`` with the dimensions ``sample``, ``time``, up to three of space
        with names of their own, and ``component``, in any order. Coordinates, units and attributes
        are kept. NPZ: one array (sample, time, [space,] component).
    reference : str
        The file of the training split: times, grid and components must be the same.
    destination : str
    source : {"netcdf", "npz"}
    dt : float
        Time between two frames of an NPZ file, which holds no times.

    Raises
    ------
    led.jobs.files.FileError
        If dimensions are wrong, times not equally spaced, values not finite, or the splits do not
        fit each other; names the file.
    """
    with _open(path, source, dt) as dataset, _open(reference, source, dt) as first:
        _check_same(path, dataset, reference, first)
        blocks = range(0, dataset.sizes["sample"], SAMPLES_A_BLOCK)
        parts = (
            (path, dataset.isel(sample=slice(start, start + SAMPLES_A_BLOCK)).load())
            for start in progress(blocks, "block")
        )
        write_parts(parts, destination)


@contextmanager
def _open(path, source, dt):
    if source == "npz":
        yield _as_ours(path, _read_npz(path, dt))
    else:
        with files.open_dataset(path) as dataset:
            yield _as_ours(path, _checked(path, dataset))


def _as_ours(path, dataset):
    state = dataset["state"]
    if state.dtype.kind not in NUMBERS or state.size == 0:
        raise files.FileError(
            f"{path}: found an array of {state.dtype}, shape {state.shape}, expected numbers"
        )
    space = [d for d in state.dims if d not in ("sample", "time", "component")]
    if len(space) > len(SPACE):
        raise files.FileError(f"{path}: found the space dimensions {space}, expected at most 3")
    missing = {d: np.arange(dataset.sizes[d]) for d in space if d not in dataset.coords}
    dataset = dataset.transpose("sample", "time", *space, "component", ...).assign_coords(missing)
    _check_times(path, dataset["time"].values)
    # samples are numbered anew: these numbers identify the samples of batches
    return dataset.assign_coords(sample=np.arange(dataset.sizes["sample"]))


def _checked(path, dataset):
    if "state" not in dataset:
        raise files.FileError(
            f"{path}: found the variables {list(dataset.data_vars)}, expected one named 'state'"
        )
    dims = dataset["state"].dims
    absent = [d for d in ("sample", "time", "component") if d not in dims]
    if absent:
        raise files.FileError(
            f"{path}: state has the dimensions {dims}, expected sample, time, up to three of "
            f"space, component; {', '.join(absent)} missing"
        )
    if "time" not in dataset.coords:
        raise files.FileError(
            f"{path}: found no coordinate 'time', expected the time of each frame"
        )
    if "component" not in dataset.coords:
        dataset = dataset.assign_coords(component=_component_names(dataset.sizes["component"]))
    return dataset[["state"]]


def _read_npz(path, dt):
    try:
        with np.load(path, allow_pickle=False) as arrays:
            names = arrays.files
            values = arrays[names[0]] if len(names) == 1 else None
    except FileNotFoundError:
        raise
    # TypeError: one bare array, as of numpy.save; the others: a damaged archive
    except (OSError, ValueError, TypeError, EOFError, BadZipFile, zlib.error) as error:
        raise files.FileError(f"{path}: not a readable NPZ file ({error})") from error
    if values is None:
        raise files.FileError(f"{path}: found the arrays {names}, expected one")
    if not 3 <= values.ndim <= 3 + len(SPACE):
        raise files.FileError(
            f"{path}: found an array with {values.ndim} dimensions, expected sample, time, up to "
            "three of space, component"
        )
    dims = ("sample", "time", *SPACE[: values.ndim - 3], "component")
    coordinates = {
        "time": np.arange(values.shape[1]) * dt,
        "component": _component_names(values.shape[-1]),
    }
    return xr.Dataset({"state": (dims, values)}, coordinates)


def _component_names(count):
    return [f"c{number}" for number in range(count)]


def _check_times(path, times):
    if len(times) < 2:
        raise files.FileError(f"{path}: found {len(times)} times, expected two or more")
    if times.dtype.kind not in NUMBERS:
        raise files.FileError(f"{path}: found times of {times.dtype}, expected numbers")
    steps = np.diff(times.astype(float))
    if not np.allclose(steps, steps[0], rtol=1e-4) or steps[0] <= 0:
        raise files.FileError(
            f"{path}: found time steps from {steps.min():g} to {steps.max():g}, "
            "expected one that is the same throughout, and larger than zero"
        )


def _check_same(path, dataset, reference, first):
    state, other = dataset["state"], first["state"]
    if state.dims != other.dims:
        raise files.FileError(
            f"{path}: found the dimensions {state.dims}, expected {other.dims} as in {reference}"
        )
    for name in state.dims[1:]:
        if state.sizes[name] != other.sizes[name]:
            raise files.FileError(
                f"{path}: found {state.sizes[name]} points along {name}, expected "
                f"{other.sizes[name]} as in {reference}"
            )
        if not state[name].equals(other[name]):
            raise files.FileError(f"{path}: {name} has other values than in {reference}")
