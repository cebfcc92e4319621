"""Files of users in the form of ours: their dimensions, coordinates and names."""

import warnings
import zlib
from contextlib import contextmanager
from zipfile import BadZipFile

import numpy as np
import xarray as xr

from led.data import headers, names, times
from led.data.frames import frames_apart
from led.jobs import files
from led.jobs.runtime import ResultWarning

NUMBERS = "fiu"  # kinds of arrays


@contextmanager
def opened(path, source, dt, dims, header=False, used=(), arrange=lambda path, dataset: dataset):
    """Open a file in our form; with `header`, the values of an NPZ file are not read.

    Variables that are named in `used` are inputs of an experiment. `arrange` may change what is in
    a NetCDF file before it is checked.
    """
    if source == "npz":
        yield _as_ours(path, _read_npz(path, 1.0 if dt is None else dt, dims, header), None)
    else:
        with files.open_dataset(path) as dataset:
            yield _as_ours(path, _checked(path, arrange(path, dataset), dt, header, used), dt)


def _as_ours(path, dataset, dt):
    state = dataset["state"]
    if state.dtype.kind not in NUMBERS or state.size == 0:
        raise files.FileError(
            f"{path}: found an array of {state.dtype}, shape {state.shape}, expected numbers"
        )
    space = [d for d in state.dims if d not in names.CORE]
    if len(space) > len(headers.SPACE):
        raise files.FileError(f"{path}: found the space dimensions {space}, expected at most 3")
    labels = [_text(name) for name in dataset["component"].values]
    others = [n for n, c in dataset.coords.items() if n not in state.dims or c.dims != (n,)]
    others += [name for name in dataset.data_vars if name != "state"]
    try:
        names.check(space, labels, others)
        frames = times.regular(dataset["time"].values, dt)
    except ValueError as error:
        raise files.FileError(f"{path}: {error}") from error
    numbered = {d: np.arange(dataset.sizes[d]) for d in space if not _is_numeric(path, dataset, d)}
    dataset = dataset.transpose("sample", "time", *space, "component", ...).assign_coords(numbered)
    # samples are numbered anew: these numbers identify the samples of batches
    return dataset.assign_coords(
        sample=np.arange(dataset.sizes["sample"]),
        time=("time", frames, _plain(dataset["time"].attrs)),
        component=("component", labels, _plain(dataset["component"].attrs)),
    )


def _text(label):
    return label.decode() if isinstance(label, bytes) else str(label)


def _plain(attributes):
    """Return attributes whose units are text, as people also write numbers there."""
    units = {"units": str(attributes["units"])} if "units" in attributes else {}
    return attributes | units


def _is_numeric(path, dataset, dimension):
    """Return whether a dimension of space has numbers; labels are replaced, with a word."""
    if dimension not in dataset.coords:
        return False
    points = dataset[dimension].values
    if points.dtype.kind not in NUMBERS:
        shown = ", ".join(map(_text, points[:3]))
        print(f"{dimension}: the labels {shown}, ... are replaced by their numbers", flush=True)
        return False
    if not np.isfinite(points).all():
        raise files.FileError(f"{path}: {dimension} has values that are not finite")
    return True


def _checked(path, dataset, dt, quiet, used):
    if "state" not in dataset:
        raise files.FileError(
            f"{path}: found the variables {list(dataset.data_vars)}, expected one named 'state'"
        )
    dims = dataset["state"].dims
    absent = [d for d in names.CORE if d not in dims]
    if absent:
        raise files.FileError(
            f"{path}: state has the dimensions {dims}, expected sample, time, up to three of "
            f"space, component; {', '.join(absent)} missing"
        )
    if "time" not in dataset.coords:
        if dt is None:
            raise files.FileError(
                f"{path}: found no coordinate 'time', expected the time of each frame"
            )
        dataset = dataset.assign_coords(time=np.arange(dataset.sizes["time"]) * dt)
    if "component" not in dataset.coords:
        dataset = dataset.assign_coords(component=_component_names(dataset.sizes["component"]))
    kept = _possible_inputs(dataset)
    if not quiet:
        _name_others(path, dataset, kept, used)
    dataset = dataset[["state", *kept]]
    for array in (dataset["state"], *(dataset[name] for name in dataset.coords)):
        array.attrs = _plain(array.attrs)
    return dataset


def _possible_inputs(dataset):
    """Return the variables that may be an input: numbers of samples or times, or rows of them."""
    space = set(dataset["state"].dims) - {"sample", "time"}
    return [
        name
        for name, array in dataset.data_vars.items()
        if {"sample", "time"} & set(array.dims)
        and len(set(array.dims) - {"sample", "time"}) <= 1
        and not space & set(array.dims)
        and array.dtype.kind in NUMBERS
    ]


def _name_others(path, dataset, kept, used):
    """Say what a file holds besides the states and their dimensions."""
    bounds = {dataset[name].attrs.get("bounds") for name in dataset.coords}
    unused = {
        name: dataset[name].dims
        for name in dataset.variables
        if name not in ("state", *dataset["state"].dims) and name not in bounds
    }
    if unused:
        listed = [f"{name} ({', '.join(dims)})" for name, dims in unused.items()]
        print(f"no state, but inputs may name what samples have: {', '.join(listed)}", flush=True)
    moving = [name for name, dims in unused.items() if "time" in dims and name not in used]
    if moving:
        possible = [name for name in moving if name in kept]
        message = (
            f"{path}: {', '.join(moving)} depends on time and is not used: the networks do not "
            "see it"
            + f"; inputs: [{', '.join(possible)}] in an experiment gives it to them"
            * bool(possible)
        )
        warnings.warn(message, ResultWarning, stacklevel=2)


def _read_npz(path, dt, dims, header):
    shape, kind = headers.npz(path)
    stated = dims is not None
    try:
        dims = headers.dims_of(shape, dims)
    except ValueError as error:
        raise files.FileError(f"{path}: {error}") from error
    if not stated and not header:
        message = (
            f"{path}: read as ({', '.join(dims)}); dims: [...] in the dataset states the order"
        )
        warnings.warn(message, ResultWarning, stacklevel=2)
    values = np.broadcast_to(np.zeros((), kind), shape) if header else _npz_values(path)
    dataset = xr.Dataset({"state": (dims, values)})
    dataset = dataset.expand_dims([name for name in ("sample", "component") if name not in dims])
    coordinates = {
        "time": np.arange(dataset.sizes["time"]) * dt,
        "component": _component_names(dataset.sizes["component"]),
    }
    return dataset.assign_coords(coordinates)


def _npz_values(path):
    try:
        found = np.load(path, allow_pickle=False)
        if isinstance(found, np.ndarray):
            return found
        with found as arrays:
            (name,) = arrays.files
            return arrays[name]
    except (OSError, ValueError, TypeError, EOFError, BadZipFile, zlib.error, MemoryError) as error:
        raise files.FileError(f"{path}: not a readable NPZ file ({error})") from error


def _component_names(count):
    return [f"c{number}" for number in range(count)]


def check_same(path, dataset, reference, first):
    """Raise a `led.jobs.files.FileError` unless two opened files have the same points and names.

    Series may differ in length, and have a step that is a whole fraction of that of the reference.
    """
    state, other = dataset["state"], first["state"]
    if state.dims != other.dims:
        raise files.FileError(
            f"{path}: found the dimensions {state.dims}, expected {other.dims} as in {reference}"
        )
    try:
        frames_apart(*(float(time[1] - time[0]) for time in (state["time"], other["time"])))
    except ValueError as error:
        raise files.FileError(f"{path}: {error}") from error
    for name in state.dims[2:]:
        if state.sizes[name] != other.sizes[name]:
            raise files.FileError(
                f"{path}: found {state.sizes[name]} points along {name}, expected "
                f"{other.sizes[name]} as in {reference}"
            )
        if not state[name].equals(other[name]):
            raise files.FileError(f"{path}: {name} has other values than in {reference}")
