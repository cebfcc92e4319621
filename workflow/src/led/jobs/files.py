"""Files that are whole or not there: NetCDF, networks of Keras, and the move into place."""

import os
import shutil
from contextlib import ExitStack, contextmanager
from pathlib import Path

LOCKS = "; where the file system has no locks, HDF5_USE_FILE_LOCKING=FALSE opens it"
COMPRESSED = {"zlib": True, "complevel": 1, "shuffle": True, "fletcher32": True}


class FileError(ValueError):
    """A file that cannot be used: the message names it, what was found and what was expected."""


@contextmanager
def moved_into_place(path):
    """Give a temporary name in the folder of `path`; the file moves to `path` at the end.

    If the block fails, nothing is left. The suffix is kept, since some writers choose the format
    by it.

    Raises
    ------
    FileError
        If it cannot be written, for example on a full disk.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    for abandoned in path.parent.glob(f".{path.stem}.*{path.suffix}"):
        if not _runs(int(abandoned.name.removesuffix(path.suffix).rpartition(".")[2])):
            abandoned.unlink(missing_ok=True)
    temporary = path.with_name(f".{path.stem}.{os.getpid()}{path.suffix}")
    try:
        yield temporary
        with open(temporary, "rb") as written:
            os.fsync(written.fileno())
        os.replace(temporary, path)
    except (OSError, RuntimeError) as error:  # HDF5 does not name a full disk
        free = shutil.disk_usage(path.parent).free / 2**20
        raise FileError(
            f"{path}: cannot be written ({error}); {free:.1f} MiB are free on its file system"
        ) from error
    finally:
        temporary.unlink(missing_ok=True)


def _runs(pid):
    """Say whether this process runs: it may be a job that outlived its Snakemake."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


@contextmanager
def open_dataset(path, group=None, decoded=True):
    """Open a NetCDF or HDF5 file without reading the arrays, which the block may do.

    Parameters
    ----------
    path : str or Path
    group : str, optional
        In which the arrays are.
    decoded : bool
        Whether numbers are unpacked, and those that are missing are NaN. Times stay numbers.

    Raises
    ------
    FileError
        If it is not a NetCDF file, or the block fails and the arrays cannot be read.
    """
    import xarray as xr

    try:
        # times are numbers with a unit here: xarray would turn "ms" into its own time type
        options = {"decode_times": False} if decoded else {"decode_cf": False}
        dataset = xr.open_dataset(path, engine="netcdf4", group=group, **options)
    except FileNotFoundError:
        raise
    except (OSError, ValueError, RuntimeError) as error:
        if group and group.strip("/").split("/")[0] not in (there := groups_of(path)):
            raise FileError(
                f"{path}: found no group {group!r}, expected one of {', '.join(there) or 'none'}"
            ) from error
        advice = LOCKS if "HDF error" in str(error) or "lock" in str(error) else ""
        raise FileError(f"{path}: not a readable NetCDF file ({error}){advice}") from error
    try:
        with dataset:
            yield dataset
    # may be of netCDF4, which does not name the file, also in what is written from it
    except (OSError, RuntimeError, FileError) as error:
        if not isinstance(error, FileError) or isinstance(error.__cause__, OSError | RuntimeError):
            _read_through(path)  # closed by now: two handles of one file may crash its library
        raise


def groups_of(path):
    """Return the paths of the groups of a NetCDF or HDF5 file, without those within them.

    Raises
    ------
    FileError
        If it is no such file.
    """
    import netCDF4

    try:
        with netCDF4.Dataset(path) as file:
            return list(file.groups)
    except (OSError, RuntimeError) as error:
        raise FileError(f"{path}: not a readable NetCDF file ({error})") from error


def _read_through(path):
    """Read all arrays once, a sample at a time, to see whether they are whole."""
    import netCDF4

    try:
        with netCDF4.Dataset(path) as file:
            for variable in file.variables.values():
                for part in range(len(variable)) if variable.ndim else [...]:
                    variable[part]
    except (OSError, RuntimeError) as error:  # a checksum that does not fit, a short file
        raise FileError(f"{path}: damaged, its arrays cannot be read ({error})") from error


def read_table(path):
    """Read a table of results. An empty entry is missing, and no name is: one may be NA."""
    import pandas as pd

    return pd.read_csv(path, keep_default_na=False, na_values=[""])


@contextmanager
def opened(inputs):
    """Open files by name: CSV as `pandas.DataFrame`, NetCDF as a dataset that is not read yet.

    Parameters
    ----------
    inputs : iterable of (str, path or list of paths)

    Yields
    ------
    dict
        The same names; a list where a list of paths is given.
    """

    with ExitStack() as stack:

        def opened_one(path):
            if str(path).endswith(".csv"):
                return read_table(path)
            return stack.enter_context(open_dataset(path))

        yield {
            name: opened_one(given) if isinstance(given, str) else [*map(opened_one, given)]
            for name, given in inputs
        }


def read(path):
    """Read a whole NetCDF file into memory, as an `xarray.Dataset`."""
    with open_dataset(path) as dataset:
        return dataset.load()


def write(dataset, path):
    """Write an `xarray.Dataset` as NetCDF: float arrays compressed, with checksums.

    They are float32, or float64 if the encoding says so, which xarray keeps in copies. Coordinates
    of numbers have checksums too. Chunks are samples. The same dataset gives the same bytes.
    """
    with moved_into_place(path) as temporary:
        write_directly(dataset, temporary)


def write_directly(dataset, path, *, unlimited=None):
    """Write as `write` does, under the name `path` from the beginning.

    Parameters
    ----------
    dataset : xarray.Dataset
    path : str or Path
    unlimited : str, optional
        A dimension that may grow later.
    """
    growing = [unlimited] if unlimited else []
    encoding = _encoding(dataset)
    dataset.to_netcdf(path, engine="netcdf4", encoding=encoding, unlimited_dims=growing)


def _encoding(dataset):
    """Return how the arrays of a dataset are stored, as `xarray.Dataset.to_netcdf` takes it."""
    encoding = {}
    for name, variable in dataset.data_vars.items():
        if variable.ndim and variable.dtype.kind == "f":
            chunks = [1 if d == "sample" else n for d, n in variable.sizes.items()]
            kind = "float64" if variable.encoding.get("dtype") == "float64" else "float32"
            encoding[name] = COMPRESSED | {"dtype": kind, "chunksizes": chunks, "_FillValue": None}
    for name, variable in dataset.coords.items():
        checked = variable.ndim > 0 and variable.dtype.kind in "fiu"  # text takes no checksum
        encoding[name] = {"_FillValue": None} | ({"fletcher32": True} if checked else {})
    return encoding


def write_parts(parts, path):
    """Write as `write` does, parts of a dataset along `sample`, one of them in memory at a time.

    Parameters
    ----------
    parts : iterable of (int, xarray.Dataset)
        Each with the number of its first sample. The first part has all that has no samples.
    path : str or Path
    """
    import netCDF4

    grows = None
    with moved_into_place(path) as temporary:
        for start, part in parts:
            if grows is None:
                part = part.assign(_widened(part))
                grows = [name for name, array in part.variables.items() if "sample" in array.dims]
                write_directly(part, temporary, unlimited="sample")
                continue
            with netCDF4.Dataset(temporary, "a") as written:
                for name in grows:
                    written[name][start : start + part.sizes["sample"]] = part[name].values


def _widened(part):
    """Return the whole numbers of samples in 64 bits: those of later parts may be larger."""
    return {
        name: array.astype("int64")
        for name, array in part.variables.items()
        if "sample" in array.dims and array.dtype.kind in "iu" and array.dtype.itemsize < 8
    }


def write_table(table, path):
    """Write a `pandas.DataFrame` as CSV, without its index."""
    with moved_into_place(path) as temporary:
        table.to_csv(temporary, index=False)
