"""Between the frames of a series, and between the points of a grid."""

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
    grid, axes = system.grid, system.axes
    for number, (dimension, points) in enumerate(grid.items()):
        along = states.ndim - 1 - len(grid) + number
        wanted, axis = other.grid[dimension], axes.get(dimension)
        values, spacing = np.moveaxis(states, along, 0), points[1] - points[0]
        if axis is None:
            spline = CubicSpline(points, values)
            wanted = np.clip(wanted, points[0], points[-1])
        elif axis.boundary == "periodic":
            around = np.append(points, points[-1] + spacing)
            spline = CubicSpline(around, np.concatenate([values, values[:1]]), bc_type="periodic")
        else:
            wall, near, next_ = axis.ghost
            first = wall * axis.values[0] + near * values[:1] + next_ * values[1:2]
            last = wall * axis.values[1] + near * values[-1:] + next_ * values[-2:-1]
            wider = np.concatenate([[points[0] - spacing], points, [points[-1] + spacing]])
            spline = CubicSpline(wider, np.concatenate([first, values, last]))
        states = np.moveaxis(spline(wanted), 0, along)
    return states
