"""Systems that react at each point and diffuse along a line."""

from abc import abstractmethod

import numpy as np

from led.systems.base import System
from led.systems.pointwise import by_name


class ReactionDiffusion(System):
    """y_i' = D_i d^2 y_i / dx^2 + r_i(t, y) on a line of points, with no flux through its ends.

    `rhs` is its second-order finite difference: each point is the middle of a cell, and both ends
    of the line are half a spacing beyond the last points. A solver may use the two parts instead,
    as `led.solvers.lattice_boltzmann` does. `grid` has one dimension, of equal spacing.
    """

    stencil = 1

    @property
    @abstractmethod
    def diffusivities(self):
        """D, one number for each component."""

    @abstractmethod
    def reaction(self, time, state, prepared):
        """Return r as a tuple.

        It is called and compiled as `led.systems.pointwise.PointwiseSystem.rates` is.
        """

    @property
    def spacing(self):
        """Distance of two points.

        Raises
        ------
        ValueError
            If `axes` says something else of the line than that its points are the middles of cells
            and that its ends have no flux.
        """
        for name, axis in self.axes.items():
            if axis.boundary != "no_flux" or axis.nodes:
                points = "nodes" if axis.nodes else "middles of cells"
                raise ValueError(
                    f"{type(self).__name__}: found the axis {name} with the boundary "
                    f"{axis.boundary} and {points}, expected no_flux and middles of cells, as "
                    "ReactionDiffusion has them"
                )
        (points,) = self.grid.values()
        return float(points[1] - points[0])

    def rhs(self, time, state, prepared):
        rates = np.diff(state, 2, prepend=state[..., :1], append=state[..., -1:])
        rates *= np.reshape(self.diffusivities, (-1, 1, 1)) / self.spacing**2
        reaction = self.reaction(time, tuple(state), by_name(self, prepared, 2))
        for rate, part in zip(rates, reaction, strict=True):
            rate += part
        return rates
