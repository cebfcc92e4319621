"""Files of the user that the configuration names."""

import re
from glob import glob
from pathlib import Path


def is_file(path):
    """Return whether a path is that of a file that exists."""
    try:
        return Path(path).is_file()
    except (OSError, ValueError):  # a name that is too long, or no name at all
        return False


def is_folder(path):
    """Return whether a path is that of a folder that exists."""
    try:
        return Path(path).is_dir()
    except (OSError, ValueError):
        return False


def contradictions(key, path):
    """Yield a message unless the file at `path` exists, outside of the results."""
    if is_file(path):
        yield from _in_results(key, path)
    else:
        yield f"{key}: found {path!r}, expected a file that exists"


def _in_results(key, path):
    if Path(path).resolve().is_relative_to(Path("results").resolve()):
        # it would be made anew while it is read, or be made from itself
        yield f"{key}: found {path!r}, expected a file outside results, where the workflow writes"


def expanded(given):
    """Return the files that a dataset names, in the order of their names and numbers.

    Parameters
    ----------
    given : str or list of str
        Paths and patterns; ``~`` is the home directory.

    Returns
    -------
    list of str
        A path without a file stays as it is.
    """
    found = []
    for entry in [given] if isinstance(given, str) else given:
        try:
            path = str(Path(entry).expanduser())
            there = [] if Path(path).exists() else sorted(glob(path, recursive=True), key=_numbered)
        except (OSError, ValueError, RuntimeError):  # no path at all, or no home directory
            path, there = entry, []
        found += there or [path]
    return found


def _numbered(path):
    """Return what sorts run_9 before run_10."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", path)]


def data_contradictions(key, given):
    """Yield a message for each data file that is not there, or lies in the results."""
    for path in expanded(given):
        # a folder may be a Zarr store
        yield from (_in_results if is_folder(path) else contradictions)(key, path)
