"""Sparse Jacobians of systems whose points are coupled with their neighbours."""

from functools import cache, reduce
from itertools import product
from typing import NamedTuple

import numpy as np
from scipy.linalg.lapack import dgbtrf, dgbtrs
from scipy.sparse import csc_array
from scipy.sparse.linalg import splu

from led.systems.base import DIFFERENCE
from led.systems.grids import check_reach

PROBE = 1e-3  # share of the largest value by which `check` changes a state
ROUNDING = 1e-9  # of the largest change: sums in another order may differ by less


def factorise(system, slopes, state, h):
    """Return the function ``right -> x`` that solves (1 - h J) x = right.

    J are central differences of `slopes` for many points at once, namely all whose neighbourhoods
    have no point in common (Curtis, Powell, Reid, J. Inst. Maths Applics 13, 1974). Each sample
    has its own factors: by LAPACK's banded matrices on a line with ends, else by SuperLU.

    Parameters
    ----------
    system : led.systems.base.System
        Its `stencil` says which entries of J are not zero.
    slopes : callable
        Such as `System.rhs`, of a state.
    state : ndarray, shape (component, sample, *grid)
    h : float

    Returns
    -------
    callable
        From and to arrays of the shape of `state`. If a matrix is singular, nothing is raised, and
        the solution of that sample is not finite.

    Raises
    ------
    ValueError
        If the stencil is wider than the grid.
    """
    components, samples, *shape = state.shape
    check_reach(system.grid, system.stencil)
    # without boundaries, all that a periodic grid could have; what is not there is zero
    wraps = tuple(axis.ghost is None for axis in system.axes.values()) or (True,) * len(shape)
    pattern = _pattern(tuple(shape), wraps, system.stencil, components)
    step = DIFFERENCE * np.maximum(1, np.abs(state))
    differences = _differences(slopes, state, step, _colouring(tuple(shape), system.stencil))
    width = _by_point((state + step) - (state - step))
    solvers = []
    for sample in range(samples):
        entries = differences[sample].reshape(-1)[pattern.where] / width[sample, pattern.columns]
        solvers.append(_factors(pattern, (pattern.rows == pattern.columns) - h * entries))

    def solve(right):
        found = [
            solver(known).reshape(*shape, components)
            for solver, known in zip(solvers, _by_point(right), strict=True)
        ]
        return np.ascontiguousarray(np.moveaxis(found, -1, 0))

    return solve


def check(system, slopes, state):
    """Raise a `ValueError` if points depend on others that are farther away than `stencil` says.

    Points far from each other are changed. What is out of their reach must keep its slopes.
    Parameters are those of `factorise`.
    """
    reach, (_, _, *shape) = system.stencil, state.shape
    chosen = [_colours(points, 2 * reach + 2) == 0 for points in shape]
    reached = [
        np.any([np.roll(line, shift) for shift in range(-reach, reach + 1)], axis=0)
        for line in chosen
    ]
    chosen, reached = (reduce(np.multiply.outer, lines) for lines in (chosen, reached))
    size = np.abs(state).max(axis=tuple(range(1, state.ndim)), keepdims=True)
    size = PROBE * np.where(size > 0, size, 1)
    # a state that is constant in space could hide a coupling
    around = state + size * np.random.default_rng(0).uniform(-1, 1, size=shape)
    with np.errstate(all="ignore"):
        change = np.abs(slopes(around + size * chosen) - slopes(around))
        coupled = (change[..., ~reached] > ROUNDING * change.max()).any()
    if coupled:
        raise ValueError(
            f"{type(system).__name__}: found points that depend on others more than {reach} "
            "points away, expected a system that says so to an implicit solver: give it `stencil`, "
            "how many points it reaches along each axis, or a `solve` of its own"
        )


class _Pattern(NamedTuple):
    """Where a matrix has entries, in the order of its columns; components lie side by side."""

    rows: np.ndarray
    columns: np.ndarray
    starts: np.ndarray  # of each column
    where: np.ndarray  # of each entry in the differences of a sample
    width: int | None  # of the band, if it is one


@cache
def _pattern(shape, wraps, reach, components):
    points = np.indices(shape).reshape(len(shape), -1)
    pairs = []
    for offset in product(range(-reach, reach + 1), repeat=len(shape)):
        there = points + np.reshape(offset, (-1, 1))
        inside = np.ones(there.shape[1], bool)
        for along, count, around in zip(there, shape, wraps, strict=True):
            inside &= around | ((along >= 0) & (along < count))
        there = np.ravel_multi_index(there[:, inside], shape, mode="wrap")
        pairs.append((np.flatnonzero(inside), there))
    point, neighbour = np.concatenate(pairs, axis=1)[..., None, None]
    i, j = np.indices((components, components))
    rows, columns = point * components + i, neighbour * components + j
    shape_of_table = (_colouring(shape, reach).max() + 1, components, components, point.max() + 1)
    colour = _colouring(shape, reach).reshape(-1)[neighbour]
    where = np.ravel_multi_index(np.broadcast_arrays(colour, j, i, point), shape_of_table)
    rows, columns, where = (array.reshape(-1) for array in (rows, columns, where))
    order = np.lexsort((rows, columns))
    starts = np.searchsorted(columns[order], np.arange(columns.max() + 2))
    width = None if len(shape) > 1 or wraps[0] else (reach + 1) * components - 1
    return _Pattern(rows[order], columns[order], starts, where[order], width)


def _colours(points, width):
    """Return a number for each point of a circle; equal numbers are at least `width` apart."""
    blocks = np.array_split(np.arange(points), max(1, points // width))
    return np.concatenate([np.arange(len(block)) for block in blocks])


@cache
def _colouring(shape, reach):
    """Return a number for each point of the grid; neighbourhoods of equal ones do not meet."""
    lines = [_colours(points, 2 * reach + 1) for points in shape]
    return np.ravel_multi_index(np.ix_(*lines), [line.max() + 1 for line in lines])


def _differences(slopes, state, step, colours):
    """Return changes of slopes_i by a `step` of state_j to both sides, of one point of each colour.

    Its shape is (sample, colour, j, i, point).
    """
    components, samples, *_ = state.shape
    table = np.empty((samples, colours.max() + 1, components, components, colours.size))
    for colour, j in product(range(table.shape[1]), range(components)):
        ahead, behind = state.copy(), state.copy()
        ahead[j] += step[j] * (colours == colour)
        behind[j] -= step[j] * (colours == colour)
        change = np.swapaxes(slopes(ahead) - slopes(behind), 0, 1)
        table[:, colour, j] = change.reshape(samples, components, -1)
    return table


def _by_point(state):
    """Return the state of each sample as a vector, the components of a point side by side."""
    return np.moveaxis(state, 0, -1).reshape(state.shape[1], -1)


def _factors(pattern, values):
    """Return the function that solves the linear equations of a sample."""
    size = len(pattern.starts) - 1
    if not np.isfinite(values).all():
        return lambda right: np.full_like(right, np.nan)
    if (width := pattern.width) is not None:
        bands = np.zeros((3 * width + 1, size))  # the first are for the pivots of LAPACK
        bands[2 * width + pattern.rows - pattern.columns, pattern.columns] = values
        factors, pivots, singular = dgbtrf(bands, width, width)
        if singular:
            return lambda right: np.full_like(right, np.nan)
        return lambda right: dgbtrs(factors, width, width, right, pivots)[0]
    matrix = csc_array((values, pattern.rows, pattern.starts), shape=(size, size), copy=True)
    matrix.eliminate_zeros()  # corners of the neighbourhood, mostly
    try:
        return splu(matrix, permc_spec="MMD_AT_PLUS_A").solve
    except RuntimeError:  # singular
        return lambda right: np.full_like(right, np.nan)
