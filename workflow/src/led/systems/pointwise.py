"""Systems whose equations are written once, for NumPy and for machine code."""

from abc import abstractmethod
from types import SimpleNamespace

import numpy as np

from led.systems.base import System


class PointwiseSystem(System):
    """A system whose points are independent.

    NumPy calls its equations with arrays of all points, and `led.solvers.machine_code` compiles
    them for one point. So they are arithmetic, ``abs`` and comparisons, without ``if``; of `self`
    they use the parameters, which are numbers.
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

    @property
    def at_a_point(self):
        """Whether `rates` and `slopes` are all of the equations: no class has replaced `rhs`."""
        own = type(self)
        return all(
            getattr(own, name) is getattr(PointwiseSystem, name)
            for name in ("rhs", "jacobian", "solve")
        )

    def rhs(self, time, state, prepared):
        rates = np.empty_like(state)
        entries = by_name(self, prepared, state.ndim - 1)
        for rate, found in zip(rates, self.rates(time, tuple(state), entries), strict=True):
            rate[:] = found
        return rates

    def jacobian(self, time, state, prepared):
        return self.slopes(time, tuple(state), by_name(self, prepared, state.ndim - 1))


def by_name(system, prepared, dimensions):
    """Return what `prepare` made as attributes: arrays of so many dimensions, or numbers."""
    wide = {
        name: values
        if name in system.shared
        else values.reshape(values.shape + (1,) * (dimensions - values.ndim))
        for name, values in prepared.items()
    }
    return SimpleNamespace(**wide)
