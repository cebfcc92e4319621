"""Units of a state: one text in its attributes, which files from elsewhere write in other ways."""

import re

TIMES = {
    "millisecond": ("ms", "msec"),
    "second": ("s", "sec"),
    "minute": ("min",),
    "hour": ("h", "hr"),
    "day": ("d",),
    "month": (),
    "year": ("y", "yr"),
}
ALIKE = {"celsius": "degC", "degrees_celsius": "degC", "kelvin": "K", "percent": "%"}


def unit_of(array):
    """Return the unit of a coordinate or another array as text, ``"1"`` for a plain number."""
    return str(array.attrs.get("units", "1")).strip() or "1"


def check_time(found, expected):
    """Raise a ValueError if two units of times are stated and differ.

    Parameters
    ----------
    found, expected : str
        Such as ``"days since 1990-01-01"``, ``"h"`` or ``"1"``, which states nothing. Where dates
        are counted from is of no account.
    """
    units = [_time(text.partition(" since ")[0].strip().lower()) for text in (found, expected)]
    if "1" not in units and units[0] != units[1]:
        raise ValueError(f"time: found the unit {found!r}, expected {expected!r}")


def _time(unit):
    """Return one name of a unit of time that has several."""
    for name, short in TIMES.items():
        if unit in {form + plural for form in (name, *short) for plural in ("", "s")}:
            return name
    return unit


def check_states(found, expected):
    """Raise a ValueError if the units of a component are stated and differ.

    Parameters
    ----------
    found, expected : dict of {str: str}
        As `units_of` returns them.
    """
    for name, unit in expected.items():
        if "1" not in (unit, found.get(name, "1")) and _factors(found[name]) != _factors(unit):
            raise ValueError(f"{name}: found the unit {found[name]!r}, expected {unit!r}")


def _factors(unit):
    """Return the factors of a unit, in which ``m/s``, ``m s-1`` and ``m s**-1`` are alike."""
    above, *below = re.sub(r"\*\*|\^", "", unit).replace("*", " ").replace(".", " ").split("/")
    powers = [re.fullmatch(r"(.*?)(\d*)", part.strip()).groups() for part in below]
    factors = [*above.split(), *(f"{factor}-{power or 1}" for factor, power in powers)]
    return sorted(ALIKE.get(factor.lower(), factor) for factor in factors)


def units_of(state):
    """Return the unit of each component of a state, ``{component: unit}``.

    Parameters
    ----------
    state : xarray.DataArray
        Its attribute ``units`` names components, as in ``"u: m s-1, p: Pa"``, or is the unit of all
        of them, a text or a number; ``"1"`` where there is none.
    """
    return named([str(name) for name in state["component"].values], unit_of(state))


def named(components, text):
    """Return what `units_of` does, of the names of the components and the attribute."""
    entries = [entry.partition(": ") for entry in text.split(", ")]
    if all(name in components and colon for name, colon, _ in entries):
        named = {name: unit for name, _, unit in entries}
        return {name: named.get(name, "1") for name in components}
    return dict.fromkeys(components, text)
