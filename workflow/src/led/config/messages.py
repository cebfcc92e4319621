"""The error of a configuration, and parts of its messages."""

import difflib

HEADING = "the configuration cannot work:\n"


class ConfigError(ValueError):
    """A configuration that cannot work: one line for each thing to fix."""


def listed(names):
    """Return names in one line."""
    return ", ".join(map(str, names))


def nearest(name, known):
    """Return a hint at the one of `known` that looks most like `name`, if any does."""
    near = difflib.get_close_matches(str(name), map(str, known), n=1, cutoff=0.5)
    return f" (did you mean {near[0]!r}?)" if near else ""
