"""Samples from elsewhere: files of another solver, checked and brought into the form of ours."""

import os

import numpy as np

from led.data import inputs, layouts
from led.data.merging import write_parts
from led.data.pieces import Pieces
from led.data.precision import Rounding, stored
from led.jobs import contents, files
from led.jobs.runtime import progress


def import_split(
    path,
    reference,
    destination,
    *,
    source,
    dt=None,
    dims=None,
    interval=None,
    windows=None,
    digests=None,
    used=(),
):
    """Write the samples of `path` as a split of a dataset.

    Parameters
    ----------
    path : str
        NetCDF: a variable ``state`` with the dimensions ``sample``, ``time``, up to three of space
        with names of their own, and ``component``, in any order. Coordinates, units and attributes
        are kept. NPZ: one array.
    reference : str
        The file of the training split: times, grid and components must be the same.
    destination : str
    source : {"netcdf", "npz"}
    dt : float, optional
        Time between two frames; 1 for an NPZ file, which holds no times.
    dims : sequence of str, optional
        Dimensions of an NPZ array, ``time`` among them; what it has not of ``sample`` and
        ``component`` gets the size one. Without them it is (sample, time, [space,] component), if
        the sizes leave no doubt.
    interval, windows
        As `led.data.pieces.Pieces` takes them.
    digests : dict, optional
        SHA-256 of ``file`` and ``reference`` as they were planned.
    used : sequence of str
        Inputs of experiments: all splits need them. It warns of other variables that depend on
        time.

    Raises
    ------
    led.jobs.files.FileError
        If a file has changed since the plan, dimensions are wrong, times not equally spaced, values
        not finite or beyond float32, names in conflict, an input is missing or not finite, or the
        splits do not fit each other; names the file.
    """
    planned = [
        (file, digests[key]) for key, file in (("file", path), ("reference", reference)) if digests
    ]
    for file, digest in planned:
        contents.check(file, digest)
    options = {"source": source, "dt": dt, "dims": dims}
    with layouts.opened(path, **options, used=used) as dataset:
        print(_described(dataset), flush=True)
        # a file that is opened twice at once may crash the library of NetCDF
        if not os.path.samefile(path, reference):
            with layouts.opened(reference, **options, header=True) as first:
                layouts.check_same(path, dataset, reference, first)
        pieces = Pieces(path, dataset, interval, windows)
        kind = _kind(path, pieces)

        def parts():
            for part in progress(pieces, "block"):
                if used:
                    inputs.read(part, used, path)  # here, as those of the test are needed last
                part["state"] = part["state"].astype(kind)
                part["state"].encoding = {"dtype": kind}
                yield path, part
            for file, digest in planned:
                contents.check(file, digest)

        advice = "; expected finite numbers: leave the sample out of the file, or fill it"
        write_parts(parts(), destination, lambda source: advice)


def _kind(path, pieces):
    """Return the type in which a state is stored: float64 where float32 would lose too much."""
    state = pieces.dataset["state"]
    if np.can_cast(state.dtype, np.float32):
        return "float32"
    rounding = Rounding(state["component"].values)
    try:
        for part in pieces:
            rounding.add(part["state"].values)
        lossy = rounding.lossy()
    except ValueError as error:
        raise files.FileError(f"{path}: {error}") from error
    if lossy:
        print(stored(lossy), flush=True)
    return "float64" if lossy else "float32"


def _described(dataset):
    """Return what was read, in a line for the log."""
    state = dataset["state"]
    grid = " x ".join(f"{state.sizes[name]}" for name in state.dims[2:-1])
    along = f" along {', '.join(state.dims[2:-1])}"
    return (
        f"read {state.sizes['sample']} samples, {state.sizes['time']} times "
        f"{float(state['time'][1] - state['time'][0]):g} apart, "
        + (f"grid {grid}{along}, " if grid else "no grid, ")
        + f"components {', '.join(state['component'].values)}"
    )
