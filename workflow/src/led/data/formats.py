"""Data files of any format, opened with the names, dimensions and numbers of their writers."""

import math
import re
import warnings
import zlib
from contextlib import contextmanager
from importlib.util import find_spec
from zipfile import BadZipFile

import numpy as np
import xarray as xr

from led.data import headers
from led.jobs import files

NUMBERS = "fiu"  # kinds of arrays
SEPARATORS = r"[,;|\t ]\s*"  # of the columns of a table
UNNAMED = "phony_dim_"  # how the library of NetCDF begins the name of a dimension without one


@contextmanager
def opened(path, group=None, times="time", header=False):
    """Open a file, or the folder of a Zarr store, as an `xarray.Dataset`.

    Arrays are not read yet, but those of NPZ, MAT and CSV. Times are numbers with a unit.
    Dimensions that have no name are called `UNNAMED` and more.

    Parameters
    ----------
    path : str or Path
    group : str, optional
        Of HDF5, NetCDF and Zarr.
    times : str
        The column of a CSV file that holds the times.
    header : bool
        Read no values of NPZ and MAT that have several dimensions: all are zero.

    Raises
    ------
    led.jobs.files.FileError
        If it cannot be read, or a package for it is missing.
    """
    kind = headers.format_of(path)
    if group and kind not in ("netcdf", "mat73", "zarr"):
        raise files.FileError(
            f"{path}: found group {group!r} of a {kind} file, expected one of NetCDF, HDF5 or Zarr"
        )
    if kind in ("netcdf", "mat73"):
        with files.open_dataset(path, group=group, decoded=False) as stored:
            dataset = _decoded(path, stored)
            _check_layout(path, dataset, group)
            yield _reversed(dataset) if kind == "mat73" else dataset
    elif kind in ("zarr", "grib"):
        with _by_engine(path, kind, group) as dataset:
            yield dataset
    elif kind == "csv":
        yield _table(path, times)
    else:
        yield _unnamed(_matlab(path, header) if kind == "mat" else _numpy(path, header))


def _decoded(path, dataset):
    """Return a dataset of NetCDF whose floats that were never written are NaN.

    The library fills them with a default, which no attribute names.
    """
    import netCDF4

    for variable in dataset.variables.values():
        if variable.dtype.str[1:] in ("f4", "f8") and "_FillValue" not in variable.attrs:
            default = netCDF4.default_fillvals[variable.dtype.str[1:]]
            variable.attrs["_FillValue"] = variable.dtype.type(default)
    with warnings.catch_warnings():  # of two values that are missing
        warnings.simplefilter("ignore", xr.SerializationWarning)
        try:
            return xr.decode_cf(dataset, decode_times=False)
        except (ValueError, TypeError) as error:
            raise files.FileError(f"{path}: not a readable NetCDF file ({error})") from error


def _check_layout(path, dataset, group):
    """Raise a `led.jobs.files.FileError` for a file that `layout` reads, or has groups alone."""
    there = set() if group else set(files.groups_of(path))
    if {"t0_fields", "dimensions"} <= there or "t-coordinate" in dataset.variables:
        layout = "the_well" if "t0_fields" in there else "pdebench"
        raise files.FileError(
            f"{path}: found what looks like a file of {layout}, expected layout: {layout} in the "
            "dataset"
        )
    if there and not dataset.data_vars:
        raise files.FileError(
            f"{path}: found no variables, but the groups {', '.join(sorted(there))}: expected "
            "group: ... in the dataset, which names that of the variables"
        )


def _by_engine(path, kind, group):
    package = {"zarr": "zarr", "grib": "cfgrib"}[kind]
    if find_spec(package) is None:
        raise files.FileError(
            f"{path}: found a {kind} file, expected the package that reads it: pip install "
            f"{package}"
        )
    try:
        if kind == "zarr":
            return xr.open_zarr(path, group=group, chunks=None, decode_times=False)
        # no index next to the file of the user; it decodes the times in any case
        dataset = xr.open_dataset(path, engine="cfgrib", backend_kwargs={"indexpath": ""})
        dates = [name for name, array in dataset.variables.items() if array.dtype.kind in "mM"]
        return dataset.assign({name: _encoded(dataset[name]) for name in dates})
    except Exception as error:  # of any class: these packages have many
        raise files.FileError(f"{path}: not a readable {kind} file ({error})") from error


def _encoded(array):
    """Return dates as numbers with a unit, as files have them."""
    if array.dtype.kind not in "mM":
        return array
    variable = xr.conventions.encode_cf_variable(array.variable.copy().drop_encoding())
    return xr.DataArray(variable.values, dims=variable.dims, attrs=variable.attrs)


def _reversed(dataset):
    """Return the arrays of MATLAB with the dimensions in the order of MATLAB."""
    chosen = dataset.data_vars.items()
    return dataset.assign({name: array.transpose(*array.dims[::-1]) for name, array in chosen})


def _unnamed(arrays):
    return xr.Dataset(
        {
            name: ([f"{UNNAMED}{number}_{axis}" for axis in range(array.ndim)], array)
            for number, (name, array) in enumerate(arrays.items())
        }
    )


def _zeros(shape, kind):
    return np.broadcast_to(np.zeros((), kind), shape)


def _numpy(path, header):
    promised = headers.arrays(path)
    unread = {
        name: _zeros(*entry) for name, entry in promised.items() if header and len(entry[0]) > 1
    }
    try:
        found = np.load(path, mmap_mode="r" if header else None, allow_pickle=False)
        if isinstance(found, np.ndarray):
            return unread or {"array": found}
        with found as archive:
            return unread | {name: archive[name] for name in archive.files if name not in unread}
    except (OSError, ValueError, TypeError, EOFError, BadZipFile, zlib.error, MemoryError) as error:
        raise files.FileError(f"{path}: not a readable NPZ file ({error})") from error


def _matlab(path, header):
    from scipy import io

    try:
        if header:
            arrays = {name: (shape, _type(kind)) for name, shape, kind in io.whosmat(path)}
            lines = [name for name, (shape, _) in arrays.items() if max(shape) == math.prod(shape)]
            found = {name: _zeros(*entry) for name, entry in arrays.items()}
            found |= io.loadmat(path, variable_names=lines)
        else:
            found = io.loadmat(path)
    except Exception as error:  # of any class, as for NPZ
        raise files.FileError(f"{path}: not a readable MAT file ({error})") from error
    return {name: array for name, array in found.items() if getattr(array, "dtype", "O") != "O"}


def _type(matlab):
    return {"double": "f8", "single": "f4", "logical": "u1"}.get(
        matlab, matlab if matlab.strip("u").startswith("int") else "O"
    )


def _table(path, times):
    import pandas as pd

    try:
        with open(path) as file:
            first = file.readline().strip()
        cells = re.split(SEPARATORS, first)
        separator = None if len(cells) > 1 else ","  # of one column: none is to be found
        table = pd.read_csv(path, sep=separator, engine="python")
    except (OSError, ValueError) as error:
        raise files.FileError(f"{path}: not a readable CSV file ({error})") from error
    counted = cells == [*map(str, range(len(cells)))]  # as pandas names the columns of an array
    if first.startswith("#") or (all(map(_is_number, cells)) and not counted):
        raise files.FileError(
            f"{path}: found the first line {first[:60]!r}, expected a name for each "
            "column, without # before them"
        )
    if str(table.columns[0]).startswith("Unnamed"):
        raise files.FileError(
            f"{path}: found a first column without a name, as pandas writes an index: expected a "
            "name for each column; write the file with index=False, or call the column time"
        )
    dimension = times if times in table.columns else f"{UNNAMED}0"
    columns = {}
    for name in table.columns:
        values = _dates(table[name]) if name == times else table[name]
        columns[str(name)] = xr.DataArray(values.values, dims=dimension)
    return xr.Dataset({name: _encoded(column) for name, column in columns.items()})


def _is_number(text):
    try:
        float(text)
    except ValueError:
        return False
    return True


def _dates(column):
    """Return text as dates, where it is such."""
    import pandas as pd

    if pd.api.types.is_numeric_dtype(column):
        return column
    try:
        return pd.to_datetime(column, format="ISO8601")
    except ValueError:
        return column
