"""Symmetries of a system: maps of a state under which every solution becomes another solution."""

from functools import partial

import numpy as np

from led.jobs import registry
from led.systems.listed import contradiction
from led.systems.moves import Moves, draw

LARGEST_GROUP = 48  # the cube with its reflections has so many
DRAWN = 16  # maps of a larger group, with the identity


def group(generators, shape):
    """Return all maps that the generators make together, the identity first.

    Of more than 48, such as shifts by any number of points, 16 are drawn at random. They are the
    same each time, so that all jobs mean the same copies.

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
        If a generator changes the shape of a state, or they make more than 48 maps and do not just
        move numbers and change signs.
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
            return [_Chain(()), *_drawn(generators, probe)]
    return [_Chain(chain) for chain in chains]


def _drawn(generators, probe):
    try:
        return draw([Moves.of(generator, probe) for generator in generators], DRAWN - 1)
    except ValueError as error:
        raise ValueError(f"symmetries: found more than {LARGEST_GROUP} maps, {error}") from error


def layout(state):
    """Return shape, dimensions of space and components of (sample, time, *grid, component).

    Then which cells of the first frame are missing: those that are in all frames.
    """
    components = [str(name) for name in state["component"].values]
    return state.shape[2:], state.dims[2:-1], components, np.isnan(state[0, 0].values)


def of(section, shape, space=(), components=(), missing=None):
    """Return the maps of a system, or those that a dataset lists.

    Parameters
    ----------
    section : dict, list or None
        ``system`` or ``symmetries`` of a dataset in the configuration; without it there are none,
        not even the identity.
    shape : tuple of int
        ``(*grid, component)``.
    space, components : sequence of str
        Names that a list means.
    missing : ndarray of bool, shape (*grid, component), optional
        Cells that have no numbers.

    Raises
    ------
    ValueError
        As `group` and `named`, or if a map moves cells without numbers to others.
    """
    if not section:
        return ()
    if isinstance(section, dict):
        return group(registry.create("systems", **section).symmetries, shape)
    maps = group(named(section, dict(zip(space, shape, strict=False)), components), shape)
    if missing is not None and missing.any():
        state = np.where(missing, np.nan, 1.0)
        if not all(np.array_equal(np.isnan(map_(state)), missing) for map_ in maps):
            raise ValueError(
                "symmetries: found a map that moves missing cells to others, expected missing "
                "cells that stay where they are: list no such map in the dataset"
            )
    return maps


def named(entries, sizes, components):
    """Return the generators that a dataset lists.

    Parameters
    ----------
    entries : list of dict
        Each is a map. It may shift along a dimension that is periodic, by one point here and so by
        any number in the group; ``flip`` a dimension; ``transpose`` two dimensions; and change the
        ``sign`` of a component or of all. What one entry lists is done together, in this order.
    sizes : dict of {str: int}
        Points along each dimension of space, in the order of the dimensions.
    components : sequence of str

    Raises
    ------
    ValueError
        If there is no such dimension or component, or the sides of a transposition differ.
    """
    axes = {name: number - len(sizes) - 1 for number, name in enumerate(sizes)}
    generators = []
    for entry in entries:
        if message := contradiction(entry, sizes, components):
            raise ValueError(f"symmetries: {message}")
        steps = []
        if "shift" in entry:
            steps.append(partial(np.roll, shift=1, axis=axes[entry["shift"]]))
        if "flip" in entry:
            steps.append(partial(np.flip, axis=axes[entry["flip"]]))
        if "transpose" in entry:
            first, second = (axes[name] for name in entry["transpose"])
            steps.append(partial(np.swapaxes, axis1=first, axis2=second))
        if "sign" in entry:
            chosen = [entry["sign"] in (name, "all") for name in components]
            steps.append(partial(np.multiply, np.where(chosen, -1, 1).astype(np.int8)))
        generators.append(_Chain(steps))
    return generators


def pairs(section, shape, space=(), components=()):
    """Return each map with its inverse; the parameters are those of `of`.

    Returns
    -------
    tuple of (callable, callable)

    Raises
    ------
    ValueError
        As `group`, or if a map has no inverse among them.
    """
    maps = of(section, shape, space, components)
    probe = np.arange(1.0, 1 + np.prod(shape)).reshape(shape)
    found = []
    for map_ in maps:
        if isinstance(map_, Moves):
            found.append((map_, map_.inverse()))
            continue
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
