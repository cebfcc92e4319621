"""How the arrays of a file become states: their variables, dimensions and times."""

import warnings
from dataclasses import dataclass

import numpy as np
import xarray as xr

from led.data import formats, headers, names, times
from led.data.frames import frames_within
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


@dataclass(frozen=True)
class ImportMap:
    """What a dataset says of its files.

    Parameters
    ----------
    variables : sequence of str, optional
        The variable of the states, or those of the components. Without it ``state``, or all with
        a time and as many dimensions as any, if these have the same.
    dims : sequence of str or dict of {str: str}, optional
        Our names of all dimensions in their order; or of some, with the names in the file:
        ``{"time": "t"}``. Without ``sample`` there is one sample, without ``component`` each
        variable is one. An array without names needs the sequence where its sizes leave a doubt.
    time : dict, optional
        ``slice``, two times of the file: the frames from the first on that lie before the second;
        and ``every``: every how many-th of them.
    dt : float, optional
        Time between two frames of the file, where it has no times, or they are rounded.
    """

    variables: tuple | None = None
    dims: tuple | dict | None = None
    time: dict | None = None
    dt: float | None = None

    def apply(self, path, stored, quiet=False):
        """Return the dataset with our dimensions and times, and the variables of the states.

        Parameters
        ----------
        path : str
            For messages.
        stored : xarray.Dataset
            As `led.data.formats.opened` yields it.
        quiet : bool
            Do not warn of what had to be guessed.

        Returns
        -------
        dataset : xarray.Dataset
            Not read yet.
        variables : list of str
            One with the dimension ``component``, or one without for each component.

        Raises
        ------
        led.jobs.files.FileError
            If it does not fit the file, or leaves a doubt; says what to write.
        """
        variables = self._variables(path, stored, quiet)
        named = self._named(path, stored, variables, quiet)
        self._check_dims(path, named, variables)
        return self._timed(path, named), variables

    def times_of_table(self):
        """Return the column of a CSV file that holds the times."""
        return self.dims.get("time", "time") if isinstance(self.dims, dict) else "time"

    def _variables(self, path, stored, quiet):
        if self.variables:
            if absent := [name for name in self.variables if name not in stored.variables]:
                raise files.FileError(
                    f"{path}: found {_listed(stored)}, expected {absent[0]!r}, which variables of "
                    "the dataset names"
                )
            return list(self.variables)
        if "state" in stored.data_vars:
            return ["state"]
        chosen = self._likely(stored)
        unnamed = _is_unnamed(stored, chosen) and stored[chosen[0]].ndim > 1
        if len({stored[name].dims for name in chosen}) != 1 or (unnamed and len(chosen) > 1):
            raise files.FileError(
                f"{path}: found {_listed(stored)}, expected one named state, or variables: "
                "[...] in the dataset, which names that of the states, or those of the components"
            )
        if not quiet and not _is_unnamed(stored, chosen):
            print(f"{path}: read {', '.join(chosen)} as the states", flush=True)
        return chosen

    def _likely(self, stored):
        """Return the variables of numbers that have times, and most dimensions of them."""
        bounds = {array.attrs.get("bounds") for array in stored.variables.values()}
        numbers = {
            name: array
            for name, array in stored.data_vars.items()
            if array.dtype.kind in formats.NUMBERS and array.ndim and name not in bounds
        } or dict(stored.data_vars)
        if isinstance(self.dims, dict) or self.dims is None:
            time = self.times_of_table()
            timed = {name: array for name, array in numbers.items() if time in array.dims}
            numbers = timed or numbers
        else:
            numbers = {n: a for n, a in numbers.items() if a.ndim == len(self.dims)} or numbers
        most = max((array.ndim for array in numbers.values()), default=0)
        return [name for name, array in numbers.items() if array.ndim == most]

    def _named(self, path, stored, variables, quiet):
        """Return the dataset with our names of dimensions."""
        given = stored[variables[0]].dims
        if _is_unnamed(stored, variables):
            return self._from_arrays(path, stored, variables, quiet)
        if isinstance(self.dims, dict):
            renamed = {theirs: ours for ours, theirs in self.dims.items()}
        else:
            try:
                ours = headers.dims_of(stored[variables[0]].shape, self.dims or given)
            except ValueError as error:
                raise files.FileError(f"{path}: {error}") from error
            renamed = dict(zip(given, ours, strict=True))
        if absent := [name for name in renamed if name not in stored.dims]:
            raise files.FileError(
                f"{path}: found the dimensions {', '.join(map(str, given))}, expected "
                f"{absent[0]!r}, which dims of the dataset names"
            )
        renamed = {theirs: ours for theirs, ours in renamed.items() if theirs != ours}
        for theirs, ours in renamed.items():
            if ours in stored.dims and ours not in renamed:
                raise files.FileError(
                    f"{path}: found a dimension {ours!r} besides {theirs!r}, which dims of the "
                    "dataset gives the same name: expected another name for one"
                )
            # a coordinate of our name may lie along a dimension of another
            along = ours in stored.variables and stored[ours].dims == (theirs,)
            if along and theirs not in stored.variables:
                stored = stored.swap_dims({theirs: ours})
            elif ours in stored.variables and ours not in renamed:
                stored = stored.drop_vars(ours)
        return stored.rename({a: b for a, b in renamed.items() if a in stored.dims})

    def _from_arrays(self, path, stored, variables, quiet):
        """Return what arrays without names of dimensions hold: those of the states, and axes."""
        if isinstance(self.dims, dict):
            raise files.FileError(
                f"{path}: found {_listed(stored)}, whose dimensions have no names: expected dims "
                "as a list of all of them in their order, for example dims: [sample, time, x]"
            )
        found = {}
        for name in variables:
            try:
                ours = headers.dims_of(stored[name].shape, self.dims)
            except ValueError as error:
                raise files.FileError(f"{path}: {error}") from error
            found[name] = stored[name].variable.copy(deep=False)
            found[name].dims = ours
        if self.dims is None and len(ours) > 1 and not quiet:
            message = f"{path}: read as ({', '.join(ours)}); dims: [...] in the dataset states"
            warnings.warn(f"{message} the order", ResultWarning, stacklevel=5)
        axes = {
            name: (name, stored[name].values)
            for name in {*ours} & {*stored.variables} - {*found}
            if stored[name].shape
            == (dict(zip(ours, found[variables[0]].shape, strict=True))[name],)
        }
        return xr.Dataset(found).assign_coords(axes)

    def _check_dims(self, path, named, variables):
        dims = named[variables[0]].dims
        shown = ", ".join(map(str, dims))
        if other := [name for name in variables if set(named[name].dims) != set(dims)]:
            raise files.FileError(
                f"{path}: found {variables[0]} with the dimensions {shown}, {other[0]} with "
                f"{', '.join(map(str, named[other[0]].dims))}; expected the same of all variables"
            )
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
                f"{path}: found the dimensions {shown}, expected time; write in the dataset "
                f"dims: {{{advice if 'time' in meant else 'time: ...'}}}, with the name in the file"
            )
        if meant:
            theirs = next(iter(meant.values()))
            raise files.FileError(
                f"{path}: found the dimensions {shown}, expected to know what {theirs} is; write "
                f"in the dataset dims: {{{advice}}}, or {{x: {theirs}}} if it is one of space"
            )
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

    def _timed(self, path, named):
        """Return the dataset with equally spaced times, those of `time` alone."""
        given = named["time"] if "time" in named.variables else None
        count, attributes = named.sizes["time"], {}
        try:
            if given is not None and given.dims == ("time",):
                values, attributes = times.read(given.values, given.attrs, self.dt)
            elif self.dt is not None:
                values = np.arange(count) * self.dt
            else:
                raise ValueError(
                    "found no times, no coordinate 'time': expected dt in the dataset, the time "
                    "between two frames"
                )
            if self.time:
                first, stop = 0, count
                if interval := self.time.get("slice"):
                    first, stop = frames_within(values[0], values[1] - values[0], count, interval)
                chosen = slice(first, stop, self.time.get("every") or 1)
                named, values = named.isel(time=chosen), values[chosen]
                if len(values) < 2:
                    raise ValueError(f"time: found {len(values)} frames, expected two or more")
        except ValueError as error:
            raise files.FileError(f"{path}: {error}") from error
        return named.assign_coords(time=("time", values, attributes))


def _is_unnamed(stored, variables):
    return any(str(d).startswith(formats.UNNAMED) for n in variables for d in stored[n].dims)


def _listed(stored):
    shown = []
    for name, array in stored.data_vars.items():
        sides = array.shape if _is_unnamed(stored, [name]) else array.dims
        shown.append(f"{name} ({', '.join(map(str, sides))})")
    return f"the variables {', '.join(shown)}" if shown else "no variables"
