"""What is in the files of a user: a digest of their bytes, and what their headers say.

Both are kept from run to run, so that a plan does not read gigabytes again.
"""

import hashlib
import json
import os
import time
from contextlib import suppress
from pathlib import Path

from led.jobs.files import FileError

CACHE = Path(".snakemake") / "led_digests.json"
SETTLED = 2.0  # seconds after which a further change shows in the times of a file, on any system

SEPARATOR = "\n"  # between the paths of several files

_known = {}


def digest(path):
    """Return the SHA-256 of a file, or of all files of a folder, as hexadecimal digits.

    Raises
    ------
    FileError
        If it cannot be read.
    """

    def compute():
        found = [_of_file(file) for file in _files(path)]
        if len(found) == 1:
            return found[0]
        return hashlib.sha256("".join(found).encode()).hexdigest()

    try:
        return remembered("sha256", path, compute)
    except OSError as error:
        raise FileError(f"{path}: cannot be read ({error})") from error


def check(path, planned):
    """Raise a `FileError` unless a file has the digest that it had in the plan."""
    if digest(path) != planned:
        raise FileError(f"{path}: changed since this job was planned; run the same command again")


def remembered(kind, paths, compute):
    """Return what `compute` returns, once for each state of some files.

    Parameters
    ----------
    kind : str
        What is computed.
    paths : str or Path, or list of these
        Files and folders.
    compute : callable
        Returns what JSON can hold, or None, which is forgotten with this process.
    """
    paths = paths if isinstance(paths, list) else [paths]
    started, place = time.time(), SEPARATOR.join(map(os.path.realpath, paths))
    before = stamp(paths)
    for entries in (_known, _read()):
        entry = entries.get(place)
        if isinstance(entry, dict) and entry.get("stamp") == before and kind in entry:
            return entry[kind]
    value = compute()
    if stamp(paths) == before and started - _latest(paths) > SETTLED:
        entry = _known.get(place, {})
        kept = entry if entry.get("stamp") == before else {"stamp": before}
        _known[place] = kept | {kind: value}
        if value is not None:
            _write()
    return value


def stamp(paths):
    """Return what any change of some files or folders changes.

    A copy with the time of the original has another inode, or another time of its last change.
    """
    stats = [os.stat(file) for path in paths for file in _files(path)]
    found = [(s.st_dev, s.st_ino, s.st_size, s.st_mtime_ns, s.st_ctime_ns) for s in stats]
    return hashlib.sha256(repr(found).encode()).hexdigest()


def _latest(paths):
    return max(os.stat(file).st_ctime_ns for path in paths for file in _files(path)) / 1e9


def _files(path):
    """Return a file itself, or the files within a folder in the order of their names."""
    if not os.path.isdir(path):
        return [path]
    found = [os.path.join(folder, name) for folder, _, names in os.walk(path) for name in names]
    return sorted(found) or [path]


def _of_file(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read():
    try:
        found = json.loads(CACHE.read_text())
    except (OSError, ValueError, RecursionError):  # none yet, or a damaged one
        return {}
    return found if isinstance(found, dict) else {}


def _write():
    """Write what is known, as far as the folder lets us: without it the files are read again."""
    there = {
        place: entry
        for place, entry in _read().items()
        if all(map(os.path.exists, place.split(SEPARATOR)))
    }
    found = {place: {k: v for k, v in e.items() if v is not None} for place, e in _known.items()}
    temporary = CACHE.with_name(f"{CACHE.name}.{os.getpid()}")
    try:
        CACHE.parent.mkdir(exist_ok=True)
        temporary.write_text(json.dumps(there | found))
        os.replace(temporary, CACHE)
    except OSError:
        with suppress(OSError):
            temporary.unlink()
