"""Systems whose equations are written once, for NumPy and for machine code."""

from abc import abstractmethod
from types import SimpleNamespace

import numpy as np

from led.systems.base import System


class PointwiseSystem(System):
    """A system of two components whose points are independent.

    NumPy calls its equations with arrays of all points, and `led.solvers.compiled` compiles them
    for one point. So they are arithmetic, ``abs`` and comparisons, without ``if``; of `self` they
    use the parameters, which are numbers.
    """

    @abstractmethod
    def rates(self, time, state, prepared):
        """Return d(state)/dt as a tuple.

        `state` is a tuple, and `prepared` has an attribute for each name that `prepare` returned,
        of a number for each sample or for each point. A name in `shared` has one number, or one
        for each point of the grid.
        """

    @abstractmethod
    def slopes(self, time, state, prepared):
        """Return the derivatives of `rates`, ``rows[i][j]`` = d rates_i / d state_j, in tuples."""

    def rhs(self, time, state, prepared):
        rates = np.empty_like(state)
        rates[0], rates[1] = self.rates(time, tuple(state), SimpleNamespace(**prepared))
        return rates

    def jacobian(self, time, state, prepared):
        return self.slopes(time, tuple(state), SimpleNamespace(**prepared))
