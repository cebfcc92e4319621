"""The Kuramoto-Sivashinsky equation on a periodic line: chaos in space and time."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from led.jobs.options import Count, Positive
from led.systems.fields import noise
from led.systems.grids import Axis
from led.systems.spectral import SpectralSystem

WAVES = 4  # of the initial state along the line, at most


@dataclass(frozen=True)
class KuramotoSivashinsky(SpectralSystem):
    """u_t = -u u_x - u_xx - u_xxxx with the period `length` (Kuramoto 1978, Sivashinsky 1977).

    Fourier modes give the derivatives. The product has no aliasing: modes beyond two thirds of the
    shortest wave are left out of it. A sample starts from band-limited noise without a mean, which
    stays zero, and reaches the attractor after about 100 time units; see `spin_up` of a dataset.
    With a length of 22, the largest Lyapunov exponent is 0.048 (Cvitanovic, Davidchack, Siminos,
    SIAM J. Appl. Dyn. Syst. 9, 1, 2010).

    Parameters
    ----------
    nx : int
        Points of the line.
    length : float
        Period of the line.
    """

    nx: Count = 64
    length: Positive = 22.0

    components = ("u",)
    shared = ("product",)
    units = {"time": "1", "u": "1", "x": "1", "initial_u": "1"}

    @property
    def axes(self):
        return {"x": Axis(np.arange(self.nx) * self.length / self.nx)}

    @property
    def symmetries(self):
        """Shifts by any number of points, and u(x) -> -u(-x)."""
        return partial(np.roll, shift=1, axis=-2), _reflect

    def draw(self, rng):
        return {"initial_u": noise(rng, list(self.grid.values()), [self.length], WAVES)}

    def initial_state(self, drawn):
        return drawn["initial_u"][None]

    def prepare(self, drawn):
        (slope,) = self.wave_numbers()
        slope[self.nx // 3 + 1 :] = 0
        return {"product": -slope / 2}  # its symbol

    def symbol(self, prepared):
        (second,), (fourth,) = self.wave_numbers(2), self.wave_numbers(4)
        return -second - fourth

    def nonlinear(self, time, state, prepared):
        return np.fft.irfft(prepared["product"] * np.fft.rfft(state * state), self.nx)


def _reflect(states):
    return -np.flip(states, axis=-2)
