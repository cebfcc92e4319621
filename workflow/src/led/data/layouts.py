"""Files of users in the form of ours: their dimensions, coordinates and names."""

import warnings
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import numpy as np
import xarray as xr

from led.data import formats, names, pdebench, the_well
from led.data.frames import frames_apart
from led.data.import_map import NUMBERS, ImportMap
from led.jobs import files
from led.jobs.runtime import ResultWarning

LAYOUTS = {"pdebench": pdebench.opened, "the_well": the_well.opened}


@dataclass(frozen=True)
class Opened:
    """Runs of a file that is open: what they are, and how they are read.

    Parameters
    ----------
    path : str
    header : xarray.Dataset
        In our form, ``state(sample, time, *grid, component)`` with all coordinates; the numbers of
        the state are no more than zeros.
    stored : xarray.Dataset
        The same runs with the variables of the file, which may not be read yet.
    variables : sequence of str
        Those of the states.
    """

    path: str
    header: xr.Dataset
    stored: xr.Dataset
    variables: tuple

    @property
    def inputs(self):
        """Names of the variables that may be inputs of an experiment."""
        return [name for name in self.stored.data_vars if name not in self.variables]

    def within(self, **chosen):
        """Return the runs with a part of the times or samples alone."""
        parts = {name: index for name, index in chosen.items() if name in self.stored.dims}
        header, stored = self.header.isel(chosen), self.stored.isel(parts)
        return Opened(self.path, header, stored, self.variables)

    def read(self, **chosen):
        """Return a part of them, in our form, in memory.

        Parameters
        ----------
        **chosen : slice or list of int
            Along ``sample`` or ``time``.
        """
        part = self.within(**chosen)
        try:
            stored = part.stored.load()
        except MemoryError as error:
            raise files.FileError(
                f"{self.path}: its samples do not fit into memory ({error})"
            ) from error
        state = part.header["state"]
        found = _in_our_form(stored, self.variables, state.dims)
        found["state"].attrs = state.attrs
        return part.header.assign(found)


@contextmanager
def opened(paths, options, header=False, quiet=False, used=()):
    """Open files as a list of `Opened`: of most formats one for each file.

    Parameters
    ----------
    paths : sequence of str
    options : dict
        ``layout`` and ``group``, and what `led.data.import_map.ImportMap` takes.
    header : bool
        Read no values of formats that cannot be read in parts; report nothing.
    quiet : bool
        Report nothing.
    used : sequence of str
        Variables that are inputs of an experiment.

    Raises
    ------
    led.jobs.files.FileError
    """
    layout, group = options.get("layout"), options.get("group")
    chosen = {key: options.get(key) for key in ("variables", "dims", "time", "dt")}
    mapping = ImportMap(**chosen)
    with ExitStack() as stack:
        found = []
        for path in paths:
            if layout:
                parts = stack.enter_context(LAYOUTS[layout](path))
            else:
                times = mapping.times_of_table()
                opening = formats.opened(path, group, times, header)
                parts = [stack.enter_context(opening)]
            for stored in parts:
                silent = header or quiet or bool(found)
                mapped = mapping.apply(path, stored, silent)
                found.append(_as_ours(str(path), *mapped, silent, used))
                if len(found) > 1:
                    check_same(path, found[-1].header, found[0].path, found[0].header)
        yield found


def _as_ours(path, dataset, variables, quiet, used):
    dataset = _of_samples(dataset, variables)
    kept = _possible_inputs(dataset, variables)
    if not quiet:
        _name_others(path, dataset, variables, kept, used)
    dataset = dataset.drop_vars(set(dataset.data_vars) - {*variables, *kept})
    arrays = [dataset[name] for name in variables]
    for array in arrays:
        if array.dtype.kind not in NUMBERS or array.size == 0:
            raise files.FileError(
                f"{path}: found an array of {array.dtype}, shape {array.shape}, expected numbers"
            )
    dims = arrays[0].dims
    space = [d for d in dims if d not in names.CORE]
    ours = ("sample", "time", *space, "component")
    labels = _labels(dataset, variables)
    others = [n for n, c in dataset.coords.items() if n not in ours or c.dims != (n,)]
    others += kept
    try:
        names.check(space, labels, others)
    except ValueError as error:
        raise files.FileError(f"{path}: {error}") from error
    numbered = {d: np.arange(dataset.sizes[d]) for d in space if not _is_numeric(path, dataset, d)}
    # samples are numbered anew: these numbers identify the samples of batches
    count = dataset.sizes["sample"] if "sample" in dims else 1
    attributes = dataset["component"].attrs if "component" in dataset.variables else {}
    dataset = dataset.drop_vars("component", errors="ignore").assign_coords(numbered)
    if "sample" in dataset.dims:
        dataset = dataset.assign_coords(sample=np.arange(count))
    sizes = dict(dataset.sizes) | {"sample": count, "component": len(labels)}
    kind = np.result_type(*(array.dtype for array in arrays))
    state = np.broadcast_to(np.zeros((), kind), [sizes[d] for d in ours])
    header = xr.Dataset({"state": (ours, state, _units(arrays, labels))}, dataset.coords)
    header = header.assign_coords(
        sample=np.arange(count), component=("component", labels, _plain(attributes))
    )
    for array in header.coords.values():
        array.attrs = _plain(array.attrs)
    return Opened(path, header, dataset, tuple(variables))


def _of_samples(dataset, variables):
    """Return a dataset of one sample whose other numbers belong to it: they may be inputs."""
    if "sample" in dataset[variables[0]].dims:
        return dataset
    own = {
        name: array.set_dims({"sample": 1, **array.sizes})
        for name, array in dataset.variables.items()
        if name not in {*variables, *dataset.dims}
        and array.dtype.kind in NUMBERS
        and set(array.dims) <= {"time"}
    }
    return dataset.assign_coords({n: a for n, a in own.items() if n in dataset.coords}).assign(
        {n: a for n, a in own.items() if n not in dataset.coords}
    )


def _in_our_form(stored, variables, ours):
    """Return ``state`` with our dimensions, and the other variables as they are."""
    arrays = [stored[name].variable for name in variables]
    if "component" not in arrays[0].dims:
        first = arrays[0].dims
        values = np.stack([array.transpose(*first).values for array in arrays], axis=-1)
        state = xr.Variable((*first, "component"), values)
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


def _possible_inputs(dataset, variables):
    """Return the variables that may be an input: numbers of samples or times, or rows of them."""
    space = set(dataset[variables[0]].dims) - {"sample", "time"}
    return [
        name
        for name, array in dataset.data_vars.items()
        if name not in variables
        and {"sample", "time"} & set(array.dims)
        and len(set(array.dims) - {"sample", "time"}) <= 1
        and not space & set(array.dims)
        and array.dtype.kind in NUMBERS
    ]


def _name_others(path, dataset, variables, kept, used):
    """Say what a file holds besides the states and their dimensions."""
    bounds = {dataset[name].attrs.get("bounds") for name in dataset.coords}
    unused = {
        name: dataset[name].dims
        for name in dataset.variables
        if name not in (*variables, *dataset[variables[0]].dims) and name not in bounds
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


def _component_names(count):
    return [f"c{number}" for number in range(count)]


def check_same(path, dataset, reference, first):
    """Raise a `led.jobs.files.FileError` unless two opened files have the same points and names.

    Series may differ in length, and have a step that is a whole fraction of that of the first.
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
