"""Units of a state: one text in its attributes, which files from elsewhere write in other ways."""


def unit_of(array):
    """Return the unit of a coordinate or another array as text, ``"1"`` for a plain number."""
    return str(array.attrs.get("units", "1")).strip() or "1"


def units_of(state):
    """Return the unit of each component of a state, ``{component: unit}``.

    Parameters
    ----------
    state : xarray.DataArray
        Its attribute ``units`` names components, as in ``"u: m s-1, p: Pa"``, or is the unit of all
        of them, a text or a number; ``"1"`` where there is none.
    """
    components, text = [str(name) for name in state["component"].values], unit_of(state)
    entries = [entry.partition(": ") for entry in text.split(", ")]
    if all(name in components and colon for name, colon, _ in entries):
        named = {name: unit for name, _, unit in entries}
        return {name: named.get(name, "1") for name in components}
    return dict.fromkeys(components, text)
