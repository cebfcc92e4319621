"""What the header of a data file says, read without NumPy, which the Snakefile does not import."""

import ast
import json
import math
import re
import struct
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

from led.jobs.files import FileError
from led.jobs.sources import LIBRARY

DEFLATE = 1032  # how many times smaller deflate makes a file at most
HDF5 = b"\x89HDF\r\n\x1a\n"
NPY = b"\x93NUMPY"
SIGNATURES = {
    **{HDF5: "netcdf", b"CDF": "netcdf", b"GRIB": "grib", NPY: "npy", b"PK\x03\x04": "npz"},
    **{b"MATLAB 7.3": "mat73", b"MATLAB 5.0": "mat"},
}
USERBLOCK = 512  # bytes of text before the HDF5 of MATLAB
TEXT = (".csv", ".txt", ".tsv")
ZARR = ("zarr.json", ".zgroup", ".zmetadata")
KNOWN = "NetCDF, HDF5, Zarr, GRIB, NPZ, NPY, MAT, and CSV with the suffix .csv"

SPACE = ("x", "y", "z")
MOST_COMPONENTS = 4  # of an array whose dimensions are not stated

DESCRIBE = """
import json, sys
sys.path.insert(0, sys.argv[1])
from led.data import imported
print(json.dumps(imported.describe(*json.loads(sys.argv[2]))))
"""


def format_of(path):
    """Return the format of a data file: netcdf (also HDF5), zarr, grib, npy, npz, mat or csv.

    HDF5 that MATLAB has written is mat73, since its dimensions are in reverse order.

    Raises
    ------
    FileError
        If it is none of these.
    FileNotFoundError
    """
    path = Path(path)
    if path.is_dir():
        if is_zarr(path):
            return "zarr"
        raise FileError(f"{path}: found a folder that is no Zarr store, expected one of {KNOWN}")
    with open(path, "rb") as file:
        start = file.read(USERBLOCK)
    for signature, name in SIGNATURES.items():
        if start.startswith(signature):
            return name
    if path.suffix.lower() in TEXT:
        return "csv"
    raise FileError(f"{path}: found a file of an unknown format, expected one of {KNOWN}")


def is_zarr(path):
    """Return whether a folder is a Zarr store."""
    return any((Path(path) / name).exists() for name in ZARR)


def dims_of(shape, dims=None):
    """Return the dimensions of an array: those that are stated, or those that its sizes show.

    Parameters
    ----------
    shape : sequence of int
    dims : sequence of str, optional

    Raises
    ------
    ValueError
        If they do not fit the shape, or are not stated and the sizes leave a doubt.
    """
    shape = tuple(shape)
    if dims is not None and len(dims) != len(shape):
        raise ValueError(
            f"found an array of the shape {shape}, expected {len(dims)} dimensions, those of dims: "
            f"{', '.join(dims)}"
        )
    if dims is not None:
        return tuple(dims)
    if len(shape) == 1:
        return ("time",)
    if not 3 <= len(shape) <= 3 + len(SPACE):
        raise ValueError(
            f"found an array with {len(shape)} dimensions, expected sample, time, up to three of "
            "space, component; or state them in the dataset, for example dims: [time, x]"
        )
    ours = ("sample", "time", *SPACE[: len(shape) - 3], "component")
    # with channels first, or without components, the last is a side of the grid
    if shape[-1] > min(MOST_COMPONENTS, *shape[2:]):
        raise ValueError(
            f"found an array of the shape {shape}, whose order of dimensions is in doubt; state it "
            f"in the dataset, for example dims: [{', '.join(ours)}], [time, x, y] or "
            "[sample, time, component, y, x]"
        )
    return ours


def arrays(path):
    """Return the arrays of an NPZ or NPY file, ``{name: (shape, code of the type)}``.

    Raises
    ------
    FileError
        If one holds objects, or its header promises more than the file holds.
    FileNotFoundError
    """
    try:
        with open(path, "rb") as file:
            size = file.seek(0, 2)
            file.seek(0)
            if file.read(len(NPY)) == NPY:
                file.seek(0)
                found = {"array": (*_npy_header(file), size)}
            else:
                found = _zipped(file)
    except FileNotFoundError:
        raise
    except Exception as error:  # of any class: it depends on which part of the archive is wrong
        raise FileError(f"{path}: not a readable NPZ file ({error})") from error
    for shape, kind, start, most in found.values():
        promised = math.prod(shape) * int(re.sub(r"\D", "", kind) or 0)
        if promised > most - start:
            raise FileError(
                f"{path}: not a readable NPZ file (its header promises {promised} bytes in the "
                f"shape {shape}, the file has {size})"
            )
    return {name: (shape, kind) for name, (shape, kind, _, _) in found.items()}


def _zipped(file):
    """Return what `_npy_header` does for each array, and how many bytes are unpacked at most."""
    found = {}
    with ZipFile(file) as archive:
        for entry in archive.infolist():
            with archive.open(entry) as member:
                most = min(entry.file_size, DEFLATE * entry.compress_size)
                found[entry.filename.removesuffix(".npy")] = (*_npy_header(member), most)
    return found


def _npy_header(member):
    magic = member.read(8)
    if magic[:6] != NPY:
        raise ValueError("its array does not begin as those of NumPy do")
    length, code = (2, "<H") if magic[6] == 1 else (4, "<I")
    (size,) = struct.unpack(code, member.read(length))
    header = ast.literal_eval(member.read(min(size, 10**5)).decode("latin-1"))
    if not isinstance(kind := header["descr"], str) or "O" in kind:
        raise ValueError("an array of objects, which would be unpickled")
    return tuple(map(int, header["shape"])), kind, 8 + length + size


def described(runs, options):
    """Return what `led.data.imported.describe` says of some files, or None.

    Another process reads them, with the libraries; None where it has not got them, or fails.

    Parameters
    ----------
    runs : list of list of str
        Files of each split.
    options : dict
        Of the dataset.
    """
    call = [sys.executable, "-c", DESCRIBE, str(LIBRARY.parent), json.dumps([runs, options])]
    try:
        run = subprocess.run(call, capture_output=True, timeout=300, check=True)
        return json.loads(run.stdout.splitlines()[-1])
    except (OSError, ValueError, IndexError, subprocess.SubprocessError):
        return None
