"""Files of PDEBench, a benchmark of solvers: HDF5 of one of two structures.

Either arrays (sample, time, *space) lie next to their axes ``t-coordinate``, ``x-coordinate`` and
so on; the axis of time may have one more. Or each sample is a group with ``data(time, *space,
component)`` and its axes ``t``, ``x``, ``y`` in a group ``grid``:
https://github.com/pdebench/PDEBench
"""

from contextlib import ExitStack, contextmanager

import xarray as xr

from led.data.headers import SPACE
from led.jobs import files

SUFFIX = "-coordinate"
NAMES = {"tensor": "u"}  # where the file has no other name for its one field


@contextmanager
def opened(path):
    """Open a file as a list of datasets, not read yet: one, or one for each sample.

    Raises
    ------
    led.jobs.files.FileError
        If it has another structure; says what was found.
    """
    with ExitStack() as stack:
        dataset = stack.enter_context(files.open_dataset(path))
        if f"t{SUFFIX}" in dataset.variables:
            yield [_together(path, dataset)]
            return
        groups = files.groups_of(path)
        if not groups or dataset.data_vars:
            raise files.FileError(
                f"{path}: found {', '.join([*dataset.variables, *groups]) or 'nothing'}, expected "
                "t-coordinate next to the fields, or a group for each sample, as most files of "
                "PDEBench have; without layout, variables and dims describe any other file"
            )
        yield [_apart(path, name, stack) for name in groups]


def _together(path, dataset):
    space = [name for name in SPACE if f"{name}{SUFFIX}" in dataset.variables]
    dims = ("sample", "time", *space)
    fields = {name: array for name, array in dataset.data_vars.items() if array.ndim == len(dims)}
    if not fields:
        raise files.FileError(
            f"{path}: found {', '.join(map(str, dataset.variables))}, expected a field with the "
            f"dimensions ({', '.join(dims)})"
        )
    return _dataset(
        path,
        {NAMES.get(name, name): _with(array, dims) for name, array in fields.items()},
        {"time": dataset[f"t{SUFFIX}"]} | {name: dataset[f"{name}{SUFFIX}"] for name in space},
    )


def _apart(path, name, stack):
    data = stack.enter_context(files.open_dataset(path, group=name))
    grid = stack.enter_context(files.open_dataset(path, group=f"{name}/grid"))
    space = [axis for axis in SPACE if axis in grid.variables]
    axes = {"time": grid["t"]} | {axis: grid[axis] for axis in space}
    return _dataset(path, {"state": _with(data["data"], ("time", *space, "component"))}, axes)


def _with(array, dims):
    variable = array.variable.copy(deep=False)
    variable.dims = dims
    return variable


def _dataset(path, fields, axes):
    dataset = xr.Dataset(fields)
    for name, axis in axes.items():
        points, more = dataset.sizes[name], name == "time"
        if not points <= axis.size <= points + more:
            raise files.FileError(
                f"{path}: found {axis.size} values of {name}, expected {points}, as the fields have"
            )
        dataset = dataset.assign_coords({name: (name, axis.values[:points])})
    return dataset
