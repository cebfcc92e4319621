"""Where machine code finds the points of a sample, and their neighbours."""

import math
from dataclasses import dataclass

import numpy as np

from led.systems.spatial import SpatialSystem


@dataclass(frozen=True)
class Layout:
    """The points of each component in one array, with ghost cells where neighbours count.

    Parameters
    ----------
    components : int
    grid : tuple of int
    axes : tuple of led.systems.grids.Axis
        Empty for a system whose points are independent: it has no ghost cells.
    """

    components: int
    grid: tuple
    axes: tuple

    @classmethod
    def of(cls, system, state):
        """Return the layout for a state, shape ``(component, sample, *grid)``, of a system."""
        axes = tuple(system.axes.values()) if isinstance(system, SpatialSystem) else ()
        grid = state.shape[2:] if axes else (math.prod(state.shape[2:]),)
        return cls(len(state), grid, axes)

    @property
    def padded(self):
        """Shape of a component with its ghost cells."""
        return tuple(n + 2 * bool(self.axes) for n in self.grid)

    @property
    def steps(self):
        """Distance of neighbours along each dimension."""
        return [math.prod(self.padded[d + 1 :]) for d in range(len(self.padded))]

    @property
    def walk(self):
        """Three nested loops over the points: their lengths, their steps, and the first point.

        Numbers without a sign, which machine code need not compare with zero.
        """
        missing = 3 - len(self.grid)
        lengths = tuple(map(np.uint64, [*[1] * missing, *self.grid]))
        steps = tuple(map(np.uint64, [*[0] * missing, *self.steps]))
        return lengths, steps, np.uint64(sum(self.steps) if self.axes else 0)

    @property
    def space(self):
        """What differences need: see `led.solvers.compiled_stencil`."""
        if not self.axes:
            return None
        squares = [axis.spacing**-2 for axis in self.axes]
        halves = tuple(0.5 / axis.spacing for axis in self.axes)
        return tuple(map(np.uint64, self.steps)), (2 * sum(squares), *squares), halves

    @property
    def ghosts(self):
        """What `led.solvers.compiled_stencil.fill_ghosts` needs."""
        if not self.axes:
            return None
        shape = self.components, *self.padded
        number = np.arange(math.prod(shape), dtype=np.uint64).reshape(shape)
        cells, weights = [], []
        for d, axis in enumerate(self.axes, start=1):
            for end, (ghost, near, next_, opposite) in enumerate(((0, 1, 2, -2), (-1, -2, -3, 1))):
                terms = 0.0, 1.0, 0.0
                if axis.boundary == "periodic":
                    near = opposite
                else:
                    wall, *of_last = axis.ghost
                    terms = wall * axis.values[end], *of_last
                cells.append([number.take(place, d).ravel() for place in (ghost, near, next_)])
                weights.append(np.broadcast_to(np.reshape(terms, (3, 1)), np.shape(cells[-1])))
        return tuple(np.hstack(cells)), tuple(np.hstack(weights))

    def field(self, y=0.0):
        """Return an array of all points of all components, for y of shape (component, point)."""
        whole = np.zeros((self.components, *self.padded))
        inner = (slice(None), *[slice(1, -1) if self.axes else slice(None)] * len(self.grid))
        whole[inner] = np.reshape(y, whole[inner].shape if np.ndim(y) else ())
        return whole.reshape(-1)

    def components_of(self, field):
        """Return the array of each component."""
        return tuple(field.reshape(self.components, -1))
