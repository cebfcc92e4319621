"""Files of The Well, a collection of simulations: HDF5, its fields in groups by their rank.

Scalar, vector and tensor fields are in ``t0_fields``, ``t1_fields`` and ``t2_fields``, with the
dimensions (trajectory, time, *space) and one or two more of components. Attributes say along which
of these a field varies; the others are left out: https://github.com/PolymathicAI/the_well
"""

from contextlib import ExitStack, contextmanager
from itertools import product

import numpy as np
import xarray as xr

from led.jobs import files

RANKS = {"t0_fields": 0, "t1_fields": 1, "t2_fields": 2}


@contextmanager
def opened(path):
    """Open a file as a list of one dataset, not read yet: a variable for each component.

    Scalars that differ from trajectory to trajectory, or over time, are variables too.

    Raises
    ------
    led.jobs.files.FileError
        If it has another structure; names what is missing.
    """
    flags = _flags(path)
    with ExitStack() as stack:

        def group(name):
            return stack.enter_context(files.open_dataset(path, group=name))

        try:
            axes = group("dimensions")
        except files.FileError as error:
            raise files.FileError(
                f"{path}: found no group 'dimensions', expected the structure of The Well: leave "
                f"layout out, or see its page ({error})"
            ) from error
        space = [str(name) for name in np.atleast_1d(axes.attrs["spatial_dims"])]
        found, left_out = {}, []
        for name, rank in RANKS.items():
            for variable, array in group(name).data_vars.items():
                dims = _dims(flags[f"{name}/{variable}"], space)
                if dims[:1] != ("sample",) or set(dims) != {"sample", "time", *space}:
                    left_out.append(variable)
                    continue
                found |= dict(_components(variable, array.variable, dims, rank, space))
        if not found:
            raise files.FileError(
                f"{path}: found no field over all samples, times and points, expected one in "
                f"{', '.join(RANKS)}"
            )
        if left_out:
            print(f"left out, as they do not change: {', '.join(left_out)}", flush=True)
        dataset = xr.Dataset(found)
        coordinates = {name: (name, axes[name].values) for name in space if axes[name].ndim == 1}
        dataset = dataset.assign_coords(time=("time", _times(path, axes)), **coordinates)
        yield [dataset.assign(_scalars(group("scalars"), flags))]


def _flags(path):
    """Return the attributes of all arrays; the library of NetCDF reads no true or false."""
    import h5py

    found = {}

    def visit(name, entry):
        if isinstance(entry, h5py.Dataset):
            found[name] = dict(entry.attrs)

    with h5py.File(path) as file:
        file.visititems(visit)
    return found


def _dims(flags, space):
    """Return the dimensions along which a field varies, without those of its components."""
    varying = np.atleast_1d(flags.get("dim_varying", np.ones(len(space))))
    first = [name for name in ("sample", "time") if flags.get(f"{name}_varying", True)]
    return (*first, *(name for name, varies in zip(space, varying, strict=True) if varies))


def _components(name, array, dims, rank, space):
    """Yield the name and the values of each component of a field."""
    array = array.copy(deep=False)
    array.dims = (*dims, *range(rank))
    for places in product(range(len(space)), repeat=rank):
        label = "_".join([name, "".join(space[place] for place in places)][: 1 + bool(rank)])
        yield label, array.isel(dict(enumerate(places)))


def _times(path, axes):
    times = axes["time"].values
    if times.ndim == 2:
        if not np.allclose(np.diff(times, axis=1), np.diff(times[:1], axis=1)):
            raise files.FileError(
                f"{path}: found samples with other time steps than the first, expected the same"
            )
        times = times[0]
    return times


def _scalars(group, flags):
    found = {}
    for name, array in group.data_vars.items():
        dims = [
            d for d in ("sample", "time") if flags[f"scalars/{name}"].get(f"{d}_varying", False)
        ]
        if dims and array.ndim == len(dims):
            found[name] = (tuple(dims), array.values)
    return found
