"""The file that a command has written for one sample, in the form of ours."""

import numpy as np

from led.data import layouts
from led.jobs import files


def read(path, dt, dims, quiet=False, used=()):
    """Read one sample: dimensions of samples and components may be missing.

    Coordinates that are none of a dimension are left out.

    Parameters
    ----------
    path : Path
    dt : float or None
        Time between two frames.
    dims : list of str or None
        Of an array.
    quiet : bool
        Name nothing that is not used.
    used : sequence of str
        Variables that are inputs of an experiment.

    Returns
    -------
    xarray.Dataset
        ``state(sample, time, *grid, component)`` in float64, of one sample.

    Raises
    ------
    led.jobs.files.FileError
        As `led.data.imported.import_split`, or if there are several samples.
    """
    with layouts.opened([path], {"dt": dt, "dims": dims}, quiet=quiet, used=used) as (file,):
        if file.header.sizes["sample"] != 1:
            found = file.header.sizes["sample"]
            raise files.FileError(f"{path}: found {found} samples, expected one")
        found = file.read()
        found = found.drop_vars(set(found.coords) - set(found.dims))
        found["state"] = found["state"].astype(np.float64)
    if not np.isfinite(found["state"].values).all():
        raise files.FileError(f"{path}: found values that are not finite, expected numbers")
    return found


def check_same(path, sample, reference, first):
    """Raise a `led.jobs.files.FileError` unless a sample has the points and times of the first."""
    layouts.check_same(path, sample, reference, first)
    times, expected = sample["time"], first["time"]
    if not times.equals(expected):
        raise files.FileError(
            f"{path}: found {len(times)} times that end at {float(times[-1]):g}, expected "
            f"{len(expected)} that end at {float(expected[-1]):g}, as in {reference}; where only "
            "rounding differs, state dt"
        )
