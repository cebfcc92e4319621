"""Systems on a periodic grid whose linear part is diagonal in Fourier space."""

from abc import abstractmethod

import numpy as np

from led.systems.split import SplitSystem


class SpectralSystem(SplitSystem):
    """y' = L y + nonlinear(t, y), where L multiplies each Fourier mode by its `symbol`.

    The solvers `etdrk4` and `imex` use the symbol. All `axes` are periodic. Without a grid, the
    modes are the components themselves.
    """

    @abstractmethod
    def symbol(self, prepared):
        """Return L of each mode, an array that broadcasts to ``(component, sample, *modes)``.

        The modes are those of `numpy.fft.rfftn` over the grid; see `wave_numbers`.
        """

    def wave_numbers(self, order=1):
        """Return the symbol (i k)^order of a derivative along each dimension, as a list.

        Each broadcasts to the modes. On an even number of points, the shortest wave has no odd
        derivative that they could represent: its symbol is zero.

        Raises a `ValueError` for an axis that is not periodic.
        """
        found = []
        for position, (name, axis) in enumerate(self.axes.items()):
            if axis.boundary != "periodic":
                raise ValueError(
                    f"dimension {name!r}: found the boundary {axis.boundary!r}, expected periodic, "
                    "which Fourier modes are"
                )
            count, last = len(axis.points), position == len(self.axes) - 1
            numbers = (np.fft.rfftfreq if last else np.fft.fftfreq)(count, axis.spacing)
            symbol = (2j * np.pi * numbers) ** order
            if order % 2 == 0:
                symbol = symbol.real
            elif count % 2 == 0:
                symbol[count // 2] = 0
            found.append(symbol.reshape(-1, *[1] * (len(self.axes) - 1 - position)))
        return found

    def linear(self, state, prepared):
        return from_modes(self.symbol(prepared) * to_modes(state), state)

    def implicit(self, state, h, prepared):
        factor = 1 / (1 - h * self.symbol(prepared))
        return lambda right: from_modes(factor * to_modes(right), right)


def to_modes(state):
    """Return the Fourier modes of each component and sample."""
    return np.fft.rfftn(state, axes=range(2, state.ndim)) if state.ndim > 2 else state


def from_modes(modes, like):
    """Return the state, of the shape of `like`, that has these Fourier modes."""
    if like.ndim == 2:
        return modes
    return np.fft.irfftn(modes, s=like.shape[2:], axes=range(2, like.ndim))
