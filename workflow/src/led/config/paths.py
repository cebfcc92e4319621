"""Files of the user that the configuration names."""

from pathlib import Path


def is_file(path):
    """Return whether a path is that of a file that exists."""
    try:
        return Path(path).is_file()
    except (OSError, ValueError):  # a name that is too long, or no name at all
        return False


def contradictions(key, path):
    """Yield a message unless the file at `path` exists, outside of the results."""
    if not is_file(path):
        yield f"{key}: found {path!r}, expected a file that exists"
    elif Path(path).resolve().is_relative_to(Path("results").resolve()):
        # it would be made anew while it is read, or be made from itself
        yield f"{key}: found {path!r}, expected a file outside results, where the workflow writes"
