"""The Van der Pol oscillator."""

from dataclasses import dataclass

import numpy as np

from led.jobs.options import Positive, PositiveOrRange, Regimes
from led.systems.base import System

ROUNDING = 1e-9  # of all regimes: a time so close to the next one belongs to it


@dataclass(frozen=True)
class VanDerPol(System):
    """x' = mu (x - x^3 / 3 - y),  y' = x / mu: the Lienard form of Van der Pol (1926).

    A sample starts at a point drawn uniformly from the square [-extent, extent]^2.

    Parameters
    ----------
    mu : float or [float, float]
        Strength of the damping; the oscillation is stiff where it is large. Of a range, each sample
        draws a value of its own, uniformly.
    extent : float
        Half the side of the square of initial states.
    regimes : list of [float, float], optional
        Values of mu in time instead, and how long each lasts; from the last the first follows.

    Raises
    ------
    ValueError
        If there is a range of mu as well as regimes.
    """

    mu: PositiveOrRange = 1.0
    extent: Positive = 5.0
    regimes: Regimes | None = None

    components = ("x", "y")
    events = {"oscillation": ("x", 0.0)}
    units = {"time": "1", "x": "1", "y": "1", "initial_x": "1", "initial_y": "1", "mu": "1"}

    def __post_init__(self):
        if self.regimes and not self._fixed:
            raise ValueError("van_der_pol: found a range of mu and regimes, expected one of them")

    @property
    def _fixed(self):
        return isinstance(self.mu, int | float)

    @property
    def symmetries(self):
        return (np.negative,)

    def draw(self, rng):
        initial_x, initial_y = rng.uniform(-self.extent, self.extent, size=2)
        drawn = {"initial_x": initial_x, "initial_y": initial_y}
        return drawn if self._fixed else drawn | {"mu": rng.uniform(*self.mu)}

    def initial_state(self, drawn):
        return np.stack([drawn["initial_x"], drawn["initial_y"]])

    def forcing(self, times):
        return {"mu": self._mu_at(times)} if self.regimes else {}

    def rhs(self, time, state, prepared):
        (x, y), mu = state, self._mu(time, prepared)
        return np.stack([mu * (x - x * x * x / 3 - y), x / mu])

    def jacobian(self, time, state, prepared):
        x, mu = state[0], self._mu(time, prepared)
        return [[mu * (1 - x * x), -mu], [1 / mu, 0.0]]

    def _mu(self, time, prepared):
        if self.regimes:
            return self._mu_at(time)
        return self.mu if self._fixed else prepared["mu"]

    def _mu_at(self, time):
        values, durations = np.transpose(self.regimes)
        ends = np.cumsum(durations)
        place = np.mod(time, ends[-1]) + ROUNDING * ends[-1]
        return values[np.searchsorted(ends, place, side="right") % len(ends)]
