"""Files that are whole or not there: NetCDF for arrays, and the move into place."""

import os
import shutil
from contextlib import contextmanager
from pathlib import Path


class FileError(ValueError):
    """A file that cannot be used: the message names it, what was found and what was expected."""


@contextmanager
def moved_into_place(path):
    """Give a temporary name beside `path`; what is written there becomes `path` at the end.

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
    except (OSError, RuntimeError) as error:  # HDF5 does not tell a full disk from other faults
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


def open_dataset(path):
    """Open a NetCDF file without reading the arrays; close it after use (a context manager).

    Raises
    ------
    FileError
        If it is not a NetCDF file, or a damaged one.
    """
    import xarray as xr

    try:
        # times are numbers with a unit here: xarray would turn "ms" into its own time type
        return xr.open_dataset(path, engine="netcdf4", decode_times=False)
    except FileNotFoundError:
        raise
    except (OSError, ValueError, RuntimeError) as error:
        raise FileError(f"{path}: not a readable NetCDF file ({error})") from error


def read(path):
    """Read a whole NetCDF file into memory, as an `xarray.Dataset`."""
    with open_dataset(path) as dataset:
        try:
            return dataset.load()
        except (OSError, RuntimeError) as error:  # a checksum that does not fit, a short file
            raise FileError(f"{path}: damaged, its arrays cannot be read ({error})") from error


def write(dataset, path):
    """Write an `xarray.Dataset` as NetCDF: float arrays as compressed float32 with checksums.

    Arrays with a dimension `sample` are chunked sample by sample. The same dataset gives the same
    bytes.
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
    encoding = {}
    for name, variable in dataset.data_vars.items():
        if variable.ndim and variable.dtype.kind == "f":
            chunks = [1 if d == "sample" else n for d, n in variable.sizes.items()]
            encoding[name] = {
                "dtype": "float32",
                "zlib": True,
                "complevel": 1,
                "shuffle": True,
                "fletcher32": True,
                "chunksizes": chunks,
                "_FillValue": None,
            }
    for name in dataset.coords:
        encoding[name] = {"_FillValue": None}
    dataset.to_netcdf(
        path,
        engine="netcdf4",
        encoding=encoding,
        unlimited_dims=[unlimited] if unlimited else [],
    )


def write_table(table, path):
    """Write a `pandas.DataFrame` as CSV, without its index."""
    with moved_into_place(path) as temporary:
        table.to_csv(temporary, index=False)
