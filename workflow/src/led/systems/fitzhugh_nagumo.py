"""FitzHugh-Nagumo cells on a grid, excited one after the other by a travelling stimulus."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from led.jobs.options import Count, Interval, Positive
from led.systems.pointwise import PointwiseSystem

ROUNDING = 1e-9  # ms: an arrival this close to a time level counts as on it


@dataclass(frozen=True)
class FitzHughNagumo(PointwiseSystem):
    """u' = K u (u - alpha) (1 - u) - w + I,  w' = epsilon (u - gamma w)  on every cell.

    Cell (i, j) lies at (i / nx, j / ny) in the unit square. The stimulus I leaves a firing point at
    t = 0. It travels at constant speed and acts on each
    cell for a while. All cells are at rest, u = w = 0, at t = 0. There is no diffusion. Equations
    after FitzHugh (1961) and Nagumo et al. (1962), in the cubic form with rate K.

    Parameters
    ----------
    nx, ny : int
        Cells along each side of the square.
    K, alpha, epsilon, gamma : float
        Coefficients of the equations; K and epsilon in 1/ms.
    amplitude : float
        Strength of the stimulus in 1/ms.
    stimulus_duration : float
        How long it acts on a cell, in ms.
    speed : float
        Speed of the stimulus, in sides of the square per ms.
    firing : (float, float)
        Both coordinates of the firing point are drawn uniformly from this interval, by default that
        of the cells. Other points send fronts that no point among the cells sends.
    """

    nx: Count = 20
    ny: Count = 20
    K: float = 8.0
    alpha: float = 0.15
    epsilon: float = 0.01
    gamma: float = 0.1
    amplitude: float = 0.125
    stimulus_duration: Positive = 2.0
    speed: Positive = 5e-3
    firing: Interval = (0.0, 1.0)

    components = ("u", "w")
    events = {"activation": ("u", 0.5)}
    units = {"time": "ms", "u": "1", "w": "1", "x": "1", "y": "1", "firing_x": "1", "firing_y": "1"}

    @property
    def grid(self):
        return {"x": np.arange(self.nx) / self.nx, "y": np.arange(self.ny) / self.ny}

    @property
    def symmetries(self):
        """Flips and, on a square, the transposition.

        A flip takes the firing point from x to (nx - 1) / nx - x. The last cell lies at that
        distance from the first, short of the side of the square.
        """
        flips = (partial(np.flip, axis=-3), partial(np.flip, axis=-2))
        return (*flips, partial(np.swapaxes, axis1=-3, axis2=-2)) if self.nx == self.ny else flips

    def draw(self, rng):
        firing_x, firing_y = rng.uniform(*self.firing, size=2)
        return {"firing_x": firing_x, "firing_y": firing_y}

    def initial_state(self, drawn):
        return np.zeros((2, len(drawn["firing_x"]), self.nx, self.ny))

    def prepare(self, drawn):
        x, y = self.grid["x"][:, None], self.grid["y"]
        distance = np.hypot(
            x - drawn["firing_x"][:, None, None], y - drawn["firing_y"][:, None, None]
        )
        arrival = distance / self.speed
        return {"stimulus_centre": arrival + self.stimulus_duration / 2 - ROUNDING}

    def rates(self, time, state, prepared):
        u, w = state
        from_centre = abs(time - prepared.stimulus_centre)
        stimulus = self.amplitude * (from_centre <= self.stimulus_duration / 2)
        return (
            self.K * u * (u - self.alpha) * (1 - u) - w + stimulus,
            self.epsilon * (u - self.gamma * w),
        )

    def slopes(self, time, state, prepared):
        u, _ = state
        du_du = self.K * (u * (2 * (1 + self.alpha) - 3 * u) - self.alpha)
        return (du_du, -1.0), (self.epsilon, -self.epsilon * self.gamma)
