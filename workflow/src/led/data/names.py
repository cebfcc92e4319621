"""Names that the files of results use themselves."""

CORE = ("sample", "time", "component")
RESERVED = {
    *("state", "latents", "prediction", "truth", "reconstruction", "reconstruction_smooth"),
    *("members", "spread", "lower", "upper", "lead_time", "spread_bin"),
    *("latent", "member", "stage", "seconds", "forecaster", "metric", "value"),
}


def check(space, components, others=()):
    """Raise a ValueError where names would be in conflict with those of the results.

    Parameters
    ----------
    space : sequence of str
        Names of the dimensions of space.
    components : sequence of str
    others : iterable of str
        Names of further coordinates, such as what was drawn for a sample.
    """
    for kind, names in (("dimension", space), ("coordinate", others)):
        if there := sorted(RESERVED & set(names)):
            raise ValueError(
                f"found a {kind} named {there[0]!r}, which the results use: expected another "
                "name; rename it"
            )
    if there := sorted({*CORE, *space} & set(others)):
        raise ValueError(
            f"found a coordinate named {there[0]!r}, which is a dimension: expected another name; "
            "rename it"
        )
    for name in components:
        if list(components).count(name) > 1 or name == "all":
            why = "all components together" if name == "all" else "two components"
            raise ValueError(f"found {name!r} for {why}: expected a name of its own; rename it")
