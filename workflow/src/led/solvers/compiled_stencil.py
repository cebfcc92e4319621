"""Finite differences at a point in machine code: what `led.systems.grids` is for NumPy."""

from numba import njit
from numba.extending import overload

from led.solvers.machine_code import OPTIONS

CONTRACTED = OPTIONS | {"fastmath": {"contract"}}  # a product and a sum may be rounded once


@njit(**OPTIONS)
def fill_ghosts(field, ghosts):
    """Fill the cells around the grid from the boundary.

    Parameters
    ----------
    field : ndarray, shape (point,)
        All components with their ghost cells.
    ghosts : tuple of tuple of ndarray, shape (ghost,)
        The numbers of each ghost cell and of two points; what the value is the sum of: a number,
        and the weights of both points.
    """
    (cells, near, next_), (added, of_near, of_next) = ghosts
    for g in range(len(cells)):
        field[cells[g]] = added[g] + of_near[g] * field[near[g]] + of_next[g] * field[next_[g]]


def laplacian(arrays, point, steps, weights):
    """Return the Laplacian of each component at a point, as a tuple.

    `steps` are the distances of neighbours along the dimensions. `weights` are twice the sum of
    the inverse squares of the spacings, and these.
    """


@overload(laplacian, jit_options=CONTRACTED)
def _laplacian(arrays, point, steps, weights):
    if len(arrays) == 1:
        return lambda arrays, point, steps, weights: (_second(arrays[0], point, steps, weights),)
    return lambda arrays, point, steps, weights: (
        (_second(arrays[0], point, steps, weights), *laplacian(arrays[1:], point, steps, weights))
    )


@njit(**CONTRACTED)
def _second(array, point, steps, weights):
    return _around(array, point, steps, weights[1:]) - weights[0] * array[point]


def _around(array, point, steps, weights):
    """Return the weighted sum of the neighbours."""


@overload(_around, jit_options=CONTRACTED)
def _around_point(array, point, steps, weights):
    if len(steps) == 1:
        return lambda array, point, steps, weights: (
            weights[0] * (array[point - steps[0]] + array[point + steps[0]])
        )
    return lambda array, point, steps, weights: (
        weights[0] * (array[point - steps[0]] + array[point + steps[0]])
        + _around(array, point, steps[1:], weights[1:])
    )


def gradient(arrays, point, steps, halves):
    """Return the derivatives of each component along the dimensions, as a tuple of tuples.

    `halves` are half the inverse spacings.
    """


@overload(gradient, jit_options=CONTRACTED)
def _gradient(arrays, point, steps, halves):
    if len(arrays) == 1:
        return lambda arrays, point, steps, halves: (_first(arrays[0], point, steps, halves),)
    return lambda arrays, point, steps, halves: (
        (_first(arrays[0], point, steps, halves), *gradient(arrays[1:], point, steps, halves))
    )


def _first(array, point, steps, halves):
    """Return the derivatives of one component."""


@overload(_first, jit_options=CONTRACTED)
def _first_along(array, point, steps, halves):
    if len(steps) == 1:
        return lambda array, point, steps, halves: (
            halves[0] * (array[point + steps[0]] - array[point - steps[0]]),
        )
    return lambda array, point, steps, halves: (
        (
            halves[0] * (array[point + steps[0]] - array[point - steps[0]]),
            *_first(array, point, steps[1:], halves[1:]),
        )
    )
