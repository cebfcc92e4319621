"""The canonical form of samples, ``state(sample, time, *grid, component)``, of arrays of a file."""

import numpy as np
import xarray as xr

from led.data import names
from led.data.formats import NUMBERS
from led.jobs import files


def described(path, dataset, variables):
    """Return what the runs of a file are in the canonical form, without their values.

    Parameters
    ----------
    path : str
        For messages.
    dataset : xarray.Dataset
        With the variables of the states, and those that may be inputs.
    variables : sequence of str

    Returns
    -------
    header, stored : xarray.Dataset
        As `led.data.runs.Opened` takes them.

    Raises
    ------
    led.jobs.files.FileError
        If the states are no numbers, or names are in conflict with those of the results.
    """
    arrays = [dataset[name] for name in variables]
    _check_numbers(path, arrays)
    space = [d for d in arrays[0].dims if d not in names.CORE]
    ours = ("sample", "time", *space, "component")
    labels = _labels(dataset, variables)
    others = [n for n, c in dataset.coords.items() if n not in ours or c.dims != (n,)]
    others += [n for n in dataset.data_vars if n not in variables]
    try:
        names.check(space, labels, others)
    except ValueError as error:
        raise files.FileError(f"{path}: {error}") from error
    numbered = {d: np.arange(dataset.sizes[d]) for d in space if not _is_numeric(path, dataset, d)}
    attributes = dataset["component"].attrs if "component" in dataset.variables else {}
    stored = dataset.drop_vars("component", errors="ignore").assign_coords(numbered)
    # samples are numbered anew: these numbers identify the samples of batches
    samples = np.arange(dataset.sizes["sample"] if "sample" in arrays[0].dims else 1)
    if "sample" in dataset.dims:
        stored = stored.assign_coords(sample=samples)
    sizes = dict(stored.sizes) | {"sample": len(samples), "component": len(labels)}
    kind = np.result_type(*(array.dtype for array in arrays))
    state = np.broadcast_to(np.zeros((), kind), [sizes[d] for d in ours])
    header = xr.Dataset({"state": (ours, state, _units(arrays, labels))}, stored.coords)
    components = ("component", labels, _plain(attributes))
    header = header.assign_coords(sample=samples, component=components)
    for array in header.coords.values():
        array.attrs = _plain(array.attrs)
    return header, stored


def _check_numbers(path, arrays):
    for array in arrays:
        if array.dtype.kind not in NUMBERS or array.size == 0:
            raise files.FileError(
                f"{path}: found an array of {array.dtype}, shape {array.shape}, expected numbers"
            )


def values(stored, variables, ours):
    """Return ``state`` with our dimensions, and the other variables as they are."""
    arrays = [stored[name].variable for name in variables]
    if "component" not in arrays[0].dims:
        first = arrays[0].dims
        stacked = np.stack([array.transpose(*first).values for array in arrays], axis=-1)
        state = xr.Variable((*first, "component"), stacked)
    else:
        (state,) = arrays
    missing = [name for name in ("sample",) if name not in state.dims]
    state = state.set_dims({**dict.fromkeys(missing, 1), **state.sizes}).transpose(*ours)
    found = {"state": state}
    for name in stored.data_vars:
        if name not in variables:
            found[name] = stored[name].variable
    return found


def _labels(dataset, variables):
    if "component" in dataset[variables[0]].dims:
        if "component" in dataset.coords:
            return [_text(name) for name in dataset["component"].values]
        return _component_names(dataset.sizes["component"])
    if len(variables) == 1 and (variables[0] in ("state", "array") or variables[0][:4] == "arr_"):
        return _component_names(1)
    return [_text(name) for name in variables]


def _units(arrays, labels):
    """Return the attributes of the states: those of their one variable, or the units of all."""
    if len(arrays) == 1:
        return _plain(arrays[0].attrs)
    units = [str(array.attrs.get("units", "1")) for array in arrays]
    return {"units": ", ".join(f"{a}: {b}" for a, b in zip(labels, units, strict=True))}


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


def _component_names(count):
    return [f"c{number}" for number in range(count)]
