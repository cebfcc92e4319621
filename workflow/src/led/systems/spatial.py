"""Systems whose points need their neighbours, with equations for NumPy and for machine code."""

from abc import abstractmethod
from collections.abc import Sequence

import numpy as np

from led.systems import grids
from led.systems.base import System
from led.systems.pointwise import by_name


class SpatialSystem(System):
    """A system of equations in the values, Laplacians and gradients at a point.

    NumPy calls `rates` with arrays of all points, and `led.solvers.machine_code` compiles it for
    one point: see `led.systems.pointwise.PointwiseSystem`. The grid is that of `axes`, and the
    differences are those of `led.systems.grids`.
    """

    stencil = 1

    @abstractmethod
    def rates(self, time, state, laplacian, gradient, prepared):
        """Return d(state)/dt as a tuple.

        Parameters
        ----------
        time : float
        state, laplacian : tuple
            One entry a component.
        gradient : tuple of tuple
            ``gradient[i][d]`` is the derivative of component i along dimension d.
        prepared : object
            As in `led.systems.pointwise.PointwiseSystem.rates`.
        """

    @property
    def at_a_point(self):
        """Whether `rates` is all of the equations: no class has replaced `rhs`."""
        return type(self).rhs is SpatialSystem.rhs

    def rhs(self, time, state, prepared):
        axes, components = self.axes, len(state)
        laplacian = _Lazy(components, lambda i: grids.laplacian(state[i], axes))
        gradient = _Lazy(components, lambda i: _gradient(state[i], axes))
        rates = np.empty_like(state)
        entries = by_name(self, prepared, state.ndim - 1)
        for rate, found in zip(
            rates, self.rates(time, tuple(state), laplacian, gradient, entries), strict=True
        ):
            rate[:] = found
        return rates


def _gradient(field, axes):
    dimensions = list(axes)
    return _Lazy(len(axes), lambda d: grids.derivative(field, axes, dimensions[d]))


class _Lazy(Sequence):
    """A sequence whose entries are made when they are asked for: most equations need a few."""

    def __init__(self, length, entry):
        self._length, self._entry = length, entry

    def __len__(self):
        return self._length

    def __getitem__(self, index):
        if not 0 <= index < self._length:
            raise IndexError(index)
        return self._entry(index)
