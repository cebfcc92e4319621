"""Systems that react at each point and diffuse along a line."""

from abc import abstractmethod
from types import SimpleNamespace

import numpy as np

from led.systems.base import System


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
        """Distance of two points."""
        (points,) = self.grid.values()
        return float(points[1] - points[0])

    def rhs(self, time, state, prepared):
        rates = np.diff(state, 2, prepend=state[..., :1], append=state[..., -1:])
        rates *= np.reshape(self.diffusivities, (-1, 1, 1)) / self.spacing**2
        reaction = self.reaction(time, tuple(state), SimpleNamespace(**prepared))
        for rate, part in zip(rates, reaction, strict=True):
            rate += part
        return rates
