"""The Van der Pol oscillator."""

from dataclasses import dataclass

import numpy as np

from led.jobs.options import Positive
from led.systems.base import System


@dataclass(frozen=True)
class VanDerPol(System):
    """x' = mu (x - x^3 / 3 - y),  y' = x / mu: the Lienard form of Van der Pol (1926).

    A sample starts at a point drawn uniformly from the square [-extent, extent]^2.

    Parameters
    ----------
    mu : float
        Strength of the damping; the oscillation is stiff where it is large.
    extent : float
        Half the side of the square of initial states.
    """

    mu: Positive = 1.0
    extent: Positive = 5.0

    components = ("x", "y")
    events = {"oscillation": ("x", 0.0)}
    units = {"time": "1", "x": "1", "y": "1", "initial_x": "1", "initial_y": "1"}

    @property
    def symmetries(self):
        return (np.negative,)

    def draw(self, rng):
        initial_x, initial_y = rng.uniform(-self.extent, self.extent, size=2)
        return {"initial_x": initial_x, "initial_y": initial_y}

    def initial_state(self, drawn):
        return np.stack([drawn["initial_x"], drawn["initial_y"]])

    def rhs(self, time, state, prepared):
        x, y = state
        return np.stack([self.mu * (x - x * x * x / 3 - y), x / self.mu])

    def jacobian(self, time, state, prepared):
        x = state[0]
        return [[self.mu * (1 - x * x), -self.mu], [1 / self.mu, 0.0]]
