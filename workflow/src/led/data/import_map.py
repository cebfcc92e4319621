"""What a dataset says of its files: which arrays are its states, their dimensions and times."""

from dataclasses import dataclass

import numpy as np

from led.data import dimensions, formats, times
from led.data.frames import frames_within
from led.jobs import files


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
        named = dimensions.named(path, stored, variables, self.dims, quiet)
        return self._timed(path, named), variables

    def times_of_table(self):
        """Return the column of a CSV file that holds the times."""
        return self.dims.get("time", "time") if isinstance(self.dims, dict) else "time"

    def _variables(self, path, stored, quiet):
        if self.variables:
            if absent := [name for name in self.variables if name not in stored.variables]:
                raise files.FileError(
                    f"{path}: found {dimensions.listed(stored)}, expected {absent[0]!r}, which "
                    "variables of the dataset names"
                )
            return list(self.variables)
        if "state" in stored.data_vars:
            return ["state"]
        chosen = self._likely(stored)
        unnamed = dimensions.are_unnamed(stored, chosen) and stored[chosen[0]].ndim > 1
        if len({stored[name].dims for name in chosen}) != 1 or (unnamed and len(chosen) > 1):
            raise files.FileError(
                f"{path}: found {dimensions.listed(stored)}, expected one named state, or "
                "variables: [...] in the dataset, which names that of the states, or those of "
                "the components"
            )
        if not quiet and not dimensions.are_unnamed(stored, chosen):
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
                chosen = self._frames(values)
                named, values = named.isel(time=chosen), values[chosen]
                if len(values) < 2:
                    raise ValueError(f"time: found {len(values)} frames, expected two or more")
        except ValueError as error:
            raise files.FileError(f"{path}: {error}") from error
        return named.assign_coords(time=("time", values, attributes))

    def _frames(self, values):
        """Return which frames `time` chooses, as a slice of all times of the file."""
        first, stop = 0, len(values)
        if interval := self.time.get("slice"):
            first, stop = frames_within(values[0], values[1] - values[0], stop, interval)
        return slice(first, stop, self.time.get("every") or 1)
