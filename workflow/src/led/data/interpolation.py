"""Between the frames of a series, and between the points of a grid."""

import math

import numpy as np
from scipy.interpolate import CubicSpline


def between(series, every, frames):
    """Return a series at some frames, by a cubic spline along time.

    Parameters
    ----------
    series : ndarray, shape (sample, time, ...)
        Every how many-th frame is known, from the first on.
    every : int
    frames : ndarray of int
        Not before the first.

    Returns
    -------
    ndarray, shape (sample, len(frames), ...), of the dtype of `series`
    """
    if every == 1:
        return series[:, frames]
    spline = CubicSpline(np.arange(series.shape[1]) * every, series, axis=1)
    return spline(frames).astype(series.dtype)


def onto(states, system, other):
    """Return states of a system on the grid of another one, by cubic splines along each dimension.

    Parameters
    ----------
    states : ndarray, shape (..., *grid, component)
    system, other : led.systems.base.System
        With grids of other points and the same dimensions. Values beyond the outer points follow
        from the boundaries; where points are independent, they are those of the outer points.
    """
    grid = system.grid
    for number, (dimension, points) in enumerate(grid.items()):
        line = points, other.grid[dimension], system.axes.get(dimension)
        # linear, but for values at the walls: a matrix is cheaper than a spline for each line
        beyond = _along(np.zeros((len(points), 1)), *line)
        weights = _along(np.eye(len(points)), *line) - beyond
        before, behind = np.split(states.shape, [states.ndim - 1 - len(grid) + number])
        values = states.reshape(-1, len(points), math.prod(behind[1:]))
        states = (weights @ values + beyond).reshape(*before, len(weights), *behind[1:])
    return states


def _along(values, points, wanted, axis):
    """Return values at other points of a line; further dimensions of the array are behind it."""
    spacing = points[1] - points[0]
    if axis is None:
        return CubicSpline(points, values)(np.clip(wanted, points[0], points[-1]))
    if axis.boundary == "periodic":
        around = np.append(points, points[-1] + spacing)
        return CubicSpline(around, np.concatenate([values, values[:1]]), bc_type="periodic")(wanted)
    wall, near, next_ = axis.ghost
    first = wall * axis.values[0] + near * values[:1] + next_ * values[1:2]
    last = wall * axis.values[1] + near * values[-1:] + next_ * values[-2:-1]
    wider = np.concatenate([[points[0] - spacing], points, [points[-1] + spacing]])
    return CubicSpline(wider, np.concatenate([first, values, last]))(wanted)
