"""The dimensions of the arrays of a file, by our names: sample, time, component, and space."""

import warnings

import numpy as np
import xarray as xr

from led.data import formats, headers, names
from led.jobs import files
from led.jobs.runtime import ResultWarning

ALIASES = {
    "time": (
        "t",
        "times",
        "frame",
        "frames",
        "step",
        "steps",
        "valid_time",
        "date",
        "month",
        "year",
    ),
    "sample": (
        *("samples", "batch", "ensemble", "realization", "realisation", "trajectory", "traj"),
        *("number", "n", "run", "runs", "simulation", "case", "series"),
    ),
    "component": ("components", "channel", "channels", "c", "variable", "variables", "feature"),
}


def named(path, stored, variables, dims=None, quiet=False):
    """Return a dataset with our names of dimensions.

    Parameters
    ----------
    path : str
        For messages.
    stored : xarray.Dataset
        As `led.data.formats.opened` yields it.
    variables : sequence of str
        Those of the states.
    dims : sequence of str or dict of {str: str}, optional
        As `led.data.import_map.ImportMap` has them.
    quiet : bool
        Do not warn of an order that had to be guessed.

    Raises
    ------
    led.jobs.files.FileError
        If `dims` do not fit the file, or leave a doubt; says what to write.
    """
    if are_unnamed(stored, variables):
        found = _from_arrays(path, stored, variables, dims, quiet)
    else:
        found = _renamed(path, stored, _names_of(path, stored, variables, dims))
    _check(path, found, variables)
    return found


def _names_of(path, stored, variables, dims):
    """Return our names of the dimensions of a file, ``{theirs: ours}``."""
    given = stored[variables[0]].dims
    if isinstance(dims, dict):
        renamed = {theirs: ours for ours, theirs in dims.items()}
    else:
        try:
            ours = headers.dims_of(stored[variables[0]].shape, dims or given)
        except ValueError as error:
            raise files.FileError(f"{path}: {error}") from error
        renamed = dict(zip(given, ours, strict=True))
    if absent := [name for name in renamed if name not in stored.dims]:
        raise files.FileError(
            f"{path}: found the dimensions {', '.join(map(str, given))}, expected "
            f"{absent[0]!r}, which dims of the dataset names"
        )
    return {theirs: ours for theirs, ours in renamed.items() if theirs != ours}


def _renamed(path, stored, renamed):
    for theirs, ours in renamed.items():
        if ours in stored.dims and ours not in renamed:
            raise files.FileError(
                f"{path}: found a dimension {ours!r} besides {theirs!r}, which dims of the "
                "dataset gives the same name: expected another name for one"
            )
        # a coordinate of our name may lie along a dimension of another
        along = ours in stored.variables and stored[ours].dims == (theirs,)
        if along and _counts(stored, theirs):
            stored = stored.drop_vars(theirs, errors="ignore").swap_dims({theirs: ours})
        elif ours in stored.variables and ours not in renamed:
            stored = stored.drop_vars(ours)
    return stored.rename({a: b for a, b in renamed.items() if a in stored.dims})


def _counts(stored, dimension):
    """Return whether a dimension has no numbers of its own, or counts: 0, 1, 2, ..."""
    if dimension not in stored.variables:
        return True
    points = stored[dimension].values
    return points.dtype.kind in formats.NUMBERS and bool((np.diff(points) == 1).all())


def _from_arrays(path, stored, variables, dims, quiet):
    """Return what arrays without names of dimensions hold: those of the states, and axes."""
    if isinstance(dims, dict):
        raise files.FileError(
            f"{path}: found {listed(stored)}, whose dimensions have no names: expected dims "
            "as a list of all of them in their order, for example dims: [sample, time, x]"
        )
    found = {}
    for name in variables:
        try:
            ours = headers.dims_of(stored[name].shape, dims)
        except ValueError as error:
            raise files.FileError(f"{path}: {error}") from error
        found[name] = stored[name].variable.copy(deep=False)
        found[name].dims = ours
    if dims is None and len(ours) > 1 and not quiet:
        message = f"{path}: read as ({', '.join(ours)}); dims: [...] in the dataset states"
        warnings.warn(f"{message} the order", ResultWarning, stacklevel=5)
    axes = {
        name: (name, stored[name].values)
        for name in {*ours} & {*stored.variables} - {*found}
        if stored[name].shape == (dict(zip(ours, found[variables[0]].shape, strict=True))[name],)
    }
    return xr.Dataset(found).assign_coords(axes)


def _check(path, named, variables):
    """Raise a `led.jobs.files.FileError` unless all dimensions have a meaning."""
    dims = named[variables[0]].dims
    if other := [name for name in variables if set(named[name].dims) != set(dims)]:
        raise files.FileError(
            f"{path}: found {variables[0]} with the dimensions {_shown(dims)}, {other[0]} with "
            f"{_shown(named[other[0]].dims)}; expected the same of all variables"
        )
    _check_aliases(path, dims)
    space = [name for name in dims if name not in names.CORE]
    if len(space) > len(headers.SPACE):
        raise files.FileError(
            f"{path}: found the space dimensions {space}, expected at most 3; where one is of "
            "samples or components write in the dataset dims: {sample: ..., component: ...}"
        )
    if len(variables) > 1 and "component" in dims:
        raise files.FileError(
            f"{path}: found the dimension component in {', '.join(variables)}, expected one "
            "variable with it, or a variable for each component"
        )


def _check_aliases(path, dims):
    """Raise a `led.jobs.files.FileError` where time is absent, or hides under another name."""
    meant = {
        ours: theirs
        for ours, aliases in ALIASES.items()
        if ours not in dims
        for theirs in dims
        if str(theirs).lower() in (*aliases, ours)
    }
    advice = ", ".join(f"{ours}: {theirs}" for ours, theirs in meant.items())
    if "time" not in dims:
        raise files.FileError(
            f"{path}: found the dimensions {_shown(dims)}, expected time; write in the dataset "
            f"dims: {{{advice if 'time' in meant else 'time: ...'}}}, with the name in the file"
        )
    if meant:
        theirs = next(iter(meant.values()))
        raise files.FileError(
            f"{path}: found the dimensions {_shown(dims)}, expected to know what {theirs} is; "
            f"write in the dataset dims: {{{advice}}}, or {{x: {theirs}}} if it is one of space"
        )


def _shown(dims):
    return ", ".join(map(str, dims))


def are_unnamed(stored, variables):
    """Return whether a dimension of some variables has no name in the file."""
    return any(str(d).startswith(formats.UNNAMED) for n in variables for d in stored[n].dims)


def listed(stored):
    """Return the variables of a file, with their dimensions or sizes, as a part of a message."""
    shown = []
    for name, array in stored.data_vars.items():
        sides = array.shape if are_unnamed(stored, [name]) else array.dims
        shown.append(f"{name} ({', '.join(map(str, sides))})")
    return f"the variables {', '.join(shown)}" if shown else "no variables"
