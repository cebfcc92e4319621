"""Grids of equal spacing with their boundaries, and finite differences on them."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

# (boundary, nodes): a value beyond the last point is a sum of the value at the wall, of the last
# point and of the last but one, with these weights. The last row is the parabola through them.
GHOSTS = {
    ("no_flux", False): (0.0, 1.0, 0.0),
    ("no_flux", True): (0.0, 0.0, 1.0),
    ("fixed", True): (1.0, 0.0, 0.0),
    ("fixed", False): (8 / 3, -2.0, 1 / 3),
}


@dataclass(frozen=True, eq=False)
class Axis:
    """One dimension of a grid.

    Parameters
    ----------
    points : ndarray, shape (point,)
        Coordinates, at least three, with equal spacing. A period ends one spacing after the last.
    boundary : str
        ``"periodic"``; ``"no_flux"``: no derivative at the walls; ``"fixed"``: given values there.
    nodes : bool
        Where the walls are. By default each point is the middle of a cell, so the walls are half a
        spacing beyond the first and the last. With nodes, there is a point on each wall: the first
        and the last without flux. With fixed values these two are known, and left out, so the
        walls are one spacing beyond.
    values : tuple of float
        At the first and at the last wall, if they are fixed.

    Raises
    ------
    ValueError
        For an unknown boundary, or if the points have no equal spacing.
    """

    points: np.ndarray
    boundary: Literal["periodic", "no_flux", "fixed"] = "periodic"
    nodes: bool = False
    values: tuple[float, float] = (0.0, 0.0)

    def __post_init__(self):
        if self.boundary != "periodic" and (self.boundary, self.nodes) not in GHOSTS:
            raise ValueError(
                f"boundary: found {self.boundary!r}, expected periodic, no_flux or fixed"
            )
        steps = np.diff(self.points)
        if not len(steps) or not np.allclose(steps, steps[0], rtol=1e-6, atol=0) or not steps[0]:
            raise ValueError("points: found no equal spacing, expected two points or more with it")

    @property
    def spacing(self):
        """Distance of two points."""
        return float(self.points[-1] - self.points[0]) / (len(self.points) - 1)

    @property
    def ghost(self):
        """Weights of `GHOSTS`, or None on a periodic axis."""
        return None if self.boundary == "periodic" else GHOSTS[self.boundary, self.nodes]


def laplacian(field, axes):
    """Return the sum of the second derivatives of a field, of second order in the spacing.

    Parameters
    ----------
    field : ndarray, shape (..., *grid)
    axes : dict
        ``{dimension: Axis}``, as `led.systems.base.System.axes` has it: the last axes of `field`.

    Returns
    -------
    ndarray, of the shape of `field`

    Raises
    ------
    ValueError
        If the field has another grid, or an axis has less than three points.
    """
    total = 0
    for dimension, axis in axes.items():
        before, after = _neighbours(field, axes, dimension)
        total = total + (before - 2 * field + after) / axis.spacing**2
    return total


def derivative(field, axes, dimension):
    """Return the first derivative of a field along a dimension, of second order in the spacing.

    Parameters and errors are those of `laplacian`.
    """
    before, after = _neighbours(field, axes, dimension)
    return (after - before) / (2 * axes[dimension].spacing)


def gradient(field, axes):
    """Return the `derivative` along each dimension, as a list."""
    return [derivative(field, axes, dimension) for dimension in axes]


def check_reach(grid, reach):
    """Raise a `ValueError` if a stencil with so many points on each side is wider than the grid.

    `grid` is that of `led.systems.base.System`.
    """
    for dimension, points in grid.items():
        if len(points) < 2 * reach + 1:
            raise ValueError(
                f"dimension {dimension!r}: found {len(points)} points, expected at least "
                f"{2 * reach + 1}: the stencil of the equations is wider than the grid"
            )


def _neighbours(field, axes, dimension):
    """Return the values before and after each point along a dimension."""
    shape = tuple(len(axis.points) for axis in axes.values())
    if field.shape[-len(shape) :] != shape:
        raise ValueError(f"found a field of shape {field.shape}, expected the last axes {shape}")
    check_reach({name: axis.points for name, axis in axes.items()}, 1)
    axis = axes[dimension]
    along = list(axes).index(dimension) - len(axes)
    field = np.moveaxis(field, along, -1)
    if axis.boundary == "periodic":
        first, last = field[..., -1:], field[..., :1]
    else:
        wall, near, next_ = axis.ghost
        first = wall * axis.values[0] + near * field[..., :1] + next_ * field[..., 1:2]
        last = wall * axis.values[1] + near * field[..., -1:] + next_ * field[..., -2:-1]
    before = np.concatenate([first, field[..., :-1]], axis=-1)
    after = np.concatenate([field[..., 1:], last], axis=-1)
    return np.moveaxis(before, -1, along), np.moveaxis(after, -1, along)
