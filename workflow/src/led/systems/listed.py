"""Symmetries that a dataset lists: what cannot be one. Read at planning, without NumPy."""


def contradiction(entry, sizes, components=None):
    """Return what is wrong with a map of `led.systems.symmetries.named`, or None.

    Parameters
    ----------
    entry : dict
    sizes : dict of {str: int}
        Points along each dimension of space.
    components : sequence of str, optional
        Not checked without them.
    """
    moved = [entry[key] for key in ("shift", "flip") if key in entry]
    for name in (*moved, *entry.get("transpose", ())):
        if name not in sizes:
            return f"found the dimension {name!r}, expected one of {', '.join(sizes) or 'none'}"
    sides = [sizes[name] for name in entry.get("transpose", ())]
    if len(set(sides)) > 1:
        return (
            f"found the transposition of {' and '.join(entry['transpose'])}, which have "
            f"{' and '.join(map(str, sides))} points; expected as many of both"
        )
    if components is not None and entry.get("sign", "all") not in (*components, "all"):
        return (
            f"found the sign of {entry['sign']!r}, expected all or one of {', '.join(components)}"
        )
    return None
