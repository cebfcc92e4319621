"""What the header of a data file says, read without NumPy, which the Snakefile does not import."""

import ast
import json
import math
import re
import struct
import subprocess
import sys
from zipfile import ZipFile

from led.jobs.files import FileError
from led.jobs.sources import LIBRARY

DEFLATE = 1032  # how many times smaller deflate makes a file at most
SIGNATURES = (b"\x89HDF\r\n\x1a\n", b"CDF")
NPY = b"\x93NUMPY"

SPACE = ("x", "y", "z")
MOST_COMPONENTS = 4  # of an array whose dimensions are not stated

NETCDF = """
import json, sys
sys.path.insert(0, sys.argv[2])
import netCDF4
from led.data import times
with netCDF4.Dataset(sys.argv[1]) as file:
    state, time = file["state"], file["time"][:]
    found = {"sizes": dict(zip(state.dimensions, state.shape)), "start": float(time[0])}
    try:
        start, second = times.regular(time.filled())[:2]
        found["interval"] = float(second - start)
    except ValueError:
        found["interval"] = None
    print(json.dumps(found))
"""


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
    if not 3 <= len(shape) <= 3 + len(SPACE):
        raise ValueError(
            f"found an array with {len(shape)} dimensions, expected sample, time, up to three of "
            "space, component; or state them as dims"
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


def npz(path):
    """Return the shape of the one array of an NPZ or NPY file, and the code of its type.

    Raises
    ------
    FileError
        If there are several, or its header promises more than the file holds.
    FileNotFoundError
    """
    try:
        with open(path, "rb") as file:
            size = most = file.seek(0, 2)
            file.seek(0)
            if file.read(len(NPY)) == NPY:
                file.seek(0)
                shape, kind, start = _npy_header(file)
            else:
                shape, kind, start, most = _zipped(file)
    except (FileNotFoundError, FileError):
        raise
    except Exception as error:  # of any class: it depends on which part of the archive is wrong
        raise FileError(f"{path}: not a readable NPZ file ({error})") from error
    promised = math.prod(shape) * int(re.sub(r"\D", "", kind) or 0)
    if promised > most - start:
        raise FileError(
            f"{path}: not a readable NPZ file (its header promises {promised} bytes in the shape "
            f"{shape}, the file has {size})"
        )
    return shape, kind


def _zipped(file):
    """Return what `_npy_header` does, and how many bytes are unpacked at most."""
    with ZipFile(file) as archive:
        names = [entry.filename.removesuffix(".npy") for entry in archive.infolist()]
        if len(names) != 1:
            raise FileError(f"{file.name}: found the arrays {names}, expected one")
        (entry,) = archive.infolist()
        with archive.open(entry) as member:
            return *_npy_header(member), min(entry.file_size, DEFLATE * entry.compress_size)


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


def netcdf(path):
    """Return ``sizes`` of the state in a NetCDF file, ``start`` and ``interval`` of its times.

    The interval is None where steps differ. Another process reads it, with the libraries; None
    where that fails, as the import says why.
    """
    with open(path, "rb") as file:
        if not file.read(8).startswith(SIGNATURES):
            return None
    try:
        run = subprocess.run(
            [sys.executable, "-c", NETCDF, str(path), str(LIBRARY.parent)],
            capture_output=True,
            timeout=60,
            check=True,
        )
        return json.loads(run.stdout)
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
