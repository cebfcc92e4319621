"""The file that a command has written for one sample, in the form of ours."""

import numpy as np

from led.data import layouts
from led.jobs import files


def read(path, source, dt, dims, quiet=False, used=()):
    """Read one sample: dimensions of samples and components may be missing.

    In a NetCDF file each component may be a variable, where there is no ``state``. Coordinates that
    are none of a dimension are left out.

    Parameters
    ----------
    path : Path
    source : {"netcdf", "npy", "npz"}
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
    source = "netcdf" if source == "netcdf" else "npz"
    options = {"header": quiet and source == "netcdf", "used": used, "arrange": _arranged}
    with layouts.opened(path, source, dt, dims, **options) as found:
        if found.sizes["sample"] != 1:
            raise files.FileError(f"{path}: found {found.sizes['sample']} samples, expected one")
        found = found.drop_vars(set(found.coords) - set(found.dims))
        found["state"] = found["state"].astype(np.float64)
        found = found.load()
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


def _arranged(path, dataset):
    if "state" not in dataset:
        components = [name for name, array in dataset.data_vars.items() if "time" in array.dims]
        if len({dataset[name].dims for name in components}) != 1:
            raise files.FileError(
                f"{path}: found the variables {list(dataset.data_vars)}, expected one named "
                "'state', or a variable for each component with the same dimensions"
            )
        state = dataset[components].to_dataarray("component")
        units = {name: dataset[name].attrs.get("units", "1") for name in components}
        state.attrs["units"] = ", ".join(f"{name}: {unit}" for name, unit in units.items())
        dataset = dataset.drop_vars(components).assign(state=state)
    found = {name: array for name, array in dataset.data_vars.items() if "time" in array.dims}
    for name, array in found.items():
        missing = {"sample", "component"} if name == "state" else {"sample"}
        found[name] = array.expand_dims(sorted(missing - set(array.dims)))
    return dataset.assign(found)
