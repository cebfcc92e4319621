"""Runs of a file of a user that is open: what they are, and how they are read."""

from dataclasses import dataclass

import xarray as xr

from led.data import auxiliary, canonical
from led.jobs import files


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
        found = canonical.values(stored, self.variables, state.dims)
        found["state"].attrs = state.attrs
        return part.header.assign(found)


def of(path, dataset, variables, quiet=False, used=()):
    """Return the runs of a file as `Opened`.

    Parameters
    ----------
    path : str
    dataset : xarray.Dataset
    variables : sequence of str
        Both as `led.data.import_map.ImportMap.apply` returns them.
    quiet, used
        As `led.data.layouts.opened` takes them.

    Raises
    ------
    led.jobs.files.FileError
        If the states are no numbers, or names are in conflict with those of the results.
    """
    dataset = auxiliary.of_samples(dataset, variables)
    kept = auxiliary.possible_inputs(dataset, variables)
    if not quiet:
        auxiliary.report(path, dataset, variables, kept, used)
    dataset = dataset.drop_vars(set(dataset.data_vars) - {*variables, *kept})
    return Opened(path, *canonical.described(path, dataset, variables), tuple(variables))
