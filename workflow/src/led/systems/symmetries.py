"""Symmetries of a system: maps of a state under which every solution becomes another solution."""

import numpy as np

from led.jobs import registry

LARGEST_GROUP = 48  # the cube with its reflections has so many


def group(generators, shape):
    """Return all maps that the generators make together, the identity first.

    Parameters
    ----------
    generators : sequence of callable
        Arrays of shape ``(..., *grid, component)`` to arrays of that shape, as
        `led.systems.base.System.symmetries` has them.
    shape : tuple of int
        ``(*grid, component)``.

    Returns
    -------
    list of callable

    Raises
    ------
    ValueError
        If a generator changes the shape of a state, or they make more than 48 maps.
    """
    probe = np.arange(1.0, 1 + np.prod(shape)).reshape(shape)
    chains, images, done = [()], [probe], 0
    while done < len(chains):
        chain, image, done = chains[done], images[done], done + 1
        for generator in generators:
            following = generator(image)
            if following.shape != probe.shape:
                raise ValueError(
                    f"symmetries: found a map of {probe.shape} to {following.shape}, expected one "
                    "that keeps the shape of a state"
                )
            if not any(np.array_equal(following, known) for known in images):
                chains.append((*chain, generator))
                images.append(following)
        if len(chains) > LARGEST_GROUP:
            raise ValueError(f"symmetries: found more than {LARGEST_GROUP} maps, expected a group")
    return [_Chain(chain) for chain in chains]


def of(system, shape):
    """Return the maps of a system.

    Parameters
    ----------
    system : dict or None
        Section of the configuration; without it there are none, not even the identity.
    shape : tuple of int
        ``(*grid, component)``.
    """
    return group(registry.create("systems", **system).symmetries, shape) if system else ()


def pairs(system, shape):
    """Return each map of a system with its inverse, `system` and `shape` as in `of`.

    Returns
    -------
    tuple of (callable, callable)

    Raises
    ------
    ValueError
        As `group`, or if a map has no inverse among them.
    """
    maps = of(system, shape)
    probe = np.arange(1.0, 1 + np.prod(shape)).reshape(shape)
    found = []
    for map_ in maps:
        image = map_(probe)
        undoing = (other for other in maps if np.array_equal(other(image), probe))
        if (inverse := next(undoing, None)) is None:
            raise ValueError("symmetries: found a map without an inverse, expected a group")
        found.append((map_, inverse))
    return tuple(found)


class _Chain:
    """One map after the other."""

    def __init__(self, maps):
        self.maps = maps

    def __call__(self, states):
        for apply in self.maps:
            states = apply(states)
        return states
