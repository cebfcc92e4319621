"""Advection, diffusion and decay of a wave, with coefficients that differ from sample to sample."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from led.jobs.options import Count, NonNegative
from led.systems.grids import Axis
from led.systems.spectral import SpectralSystem


@dataclass(frozen=True)
class AdvectionDiffusionReaction(SpectralSystem):
    """z_t = m1 z_xx + m2 z_x - m3 z on (-1, 1), periodic, from z = cos(pi x).

    Test case 1a of Regazzoni, Pagani, Salvador, Dede', Quarteroni, Learning the intrinsic dynamics
    of spatio-temporal processes through Latent Dynamics Networks, Nat. Commun. 15, 1834 (2024). A
    sample draws m1, m2 and m3 uniformly. The solution is
    exp(-(m1 pi^2 + m3) t) cos(pi (x + m2 t)), and `etdrk4` finds it to rounding.

    Parameters
    ----------
    nx : int
        Points of the line.
    m1_min, m1_max : float
        Diffusivity.
    m2_min, m2_max : float
        Speed, towards smaller x.
    m3_min, m3_max : float
        Rate of decay.
    """

    nx: Count = 100
    m1_min: NonNegative = 0.0
    m1_max: NonNegative = 0.05
    m2_min: float = -0.1
    m2_max: float = 0.1
    m3_min: float = 0.0
    m3_max: float = 0.01

    components = ("z",)
    units = {"time": "1", "z": "1", "x": "1", "m1": "1", "m2": "1", "m3": "1"}

    @property
    def axes(self):
        return {"x": Axis(-1 + 2 * np.arange(self.nx) / self.nx)}

    @property
    def symmetries(self):
        """Shifts by any number of points, and the sign: with the same coefficients."""
        return partial(np.roll, shift=1, axis=-2), np.negative

    def draw(self, rng):
        m1, m2, m3 = rng.uniform(
            (self.m1_min, self.m2_min, self.m3_min), (self.m1_max, self.m2_max, self.m3_max)
        )
        return {"m1": m1, "m2": m2, "m3": m3}

    def initial_state(self, drawn):
        return np.cos(np.pi * self.grid["x"]) * np.ones((1, len(drawn["m1"]), 1))

    def symbol(self, prepared):
        (first,), (second,) = self.wave_numbers(1), self.wave_numbers(2)
        m1, m2, m3 = (prepared[name][:, None] for name in ("m1", "m2", "m3"))
        return m1 * second + m2 * first - m3

    def nonlinear(self, time, state, prepared):
        return np.zeros_like(state)
