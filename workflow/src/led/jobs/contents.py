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

_known = {}


def digest(path):
    """Return the SHA-256 of a file as hexadecimal digits.

    Raises
    ------
    FileError
        If it cannot be read.
    """

    def compute():
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    try:
        return remembered("sha256", path, compute)
    except OSError as error:
        raise FileError(f"{path}: cannot be read ({error})") from error


def check(path, planned):
    """Raise a `FileError` unless a file has the digest that it had in the plan."""
    if digest(path) != planned:
        raise FileError(f"{path}: changed since this job was planned; run the same command again")


def remembered(kind, path, compute):
    """Return what `compute` returns, once for each state of a file.

    Parameters
    ----------
    kind : str
        What is computed.
    path : str or Path
    compute : callable
        Returns what JSON can hold, or None, which is forgotten with this process.
    """
    started, place = time.time(), os.path.realpath(path)
    stamp = _stamp(place)
    for entries in (_known, _read()):
        entry = entries.get(place)
        if isinstance(entry, dict) and entry.get("stamp") == stamp and kind in entry:
            return entry[kind]
    value = compute()
    if _stamp(place) == stamp and started - stamp[-1] / 1e9 > SETTLED:
        entry = _known.get(place, {})
        kept = entry if entry.get("stamp") == stamp else {"stamp": stamp}
        _known[place] = kept | {kind: value}
        if value is not None:
            _write()
    return value


def _stamp(path):
    """Return what any change of a file changes: a copy with its time has another inode or ctime."""
    stat = os.stat(path)
    return [stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns]


def _read():
    try:
        found = json.loads(CACHE.read_text())
    except (OSError, ValueError, RecursionError):  # none yet, or a damaged one
        return {}
    return found if isinstance(found, dict) else {}


def _write():
    """Write what is known, as far as the folder lets us: without it the files are read again."""
    there = {place: entry for place, entry in _read().items() if os.path.exists(place)}
    found = {place: {k: v for k, v in e.items() if v is not None} for place, e in _known.items()}
    temporary = CACHE.with_name(f"{CACHE.name}.{os.getpid()}")
    try:
        CACHE.parent.mkdir(exist_ok=True)
        temporary.write_text(json.dumps(there | found))
        os.replace(temporary, CACHE)
    except OSError:
        with suppress(OSError):
            temporary.unlink()
