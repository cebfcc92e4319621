"""FitzHugh-Nagumo with diffusion on a line: a front that moves to and fro."""

from dataclasses import dataclass

import numpy as np

from led.jobs.options import Count, NonNegative, Positive
from led.systems.grids import Axis
from led.systems.reaction_diffusion import ReactionDiffusion


@dataclass(frozen=True)
class FitzHughNagumo1D(ReactionDiffusion):
    """u' = Du u_xx + u - u^3 - v,  v' = Dv v_xx + epsilon (u - a1 v - a0),  no flux at the ends.

    The case of Vlachas et al., Multiscale simulations of complex systems by learning their
    effective dynamics, Nat. Mach. Intell. 4, 359 (2022). A front moves to and fro, in one limit
    cycle from all initial states. Its period is 186.4 here. It is 186.2 with the ends of the
    published code, which are not the same on both sides.

    A sample starts near the cycle, at a phase p drawn uniformly from [0, 2 pi) and a radius r:
    u = 0.96 tanh((x - b) / 1.39) + d and v = 0.1 tanh((x - c) / 6) - 1.75 d, where b and c are
    6 r cos p and 3.6 r cos p from the middle of the line, and d = 0.05 r sin p. That fits the
    published initial states, whose r lie between 0.75 and 1.13.

    Parameters
    ----------
    nx : int
        Points of the line, at least two.
    length : float
        Distance between the first point and the last.
    Du, Dv : float
        Diffusivities of the activator u and the inhibitor v.
    epsilon, a0, a1 : float
        Coefficients of the equations.
    radius_min, radius_max : float
        r is drawn uniformly from here to there; the cycle is at about 1.
    """

    nx: Count = 101
    length: Positive = 20.0
    Du: NonNegative = 1.0
    Dv: NonNegative = 4.0
    epsilon: float = 0.006
    a0: float = -0.03
    a1: float = 2.0
    radius_min: NonNegative = 0.8
    radius_max: NonNegative = 1.1

    components = ("u", "v")
    events = {"oscillation": ("u", 0.0)}
    units = {"time": "1", "u": "1", "v": "1", "x": "1", "phase": "1", "radius": "1"}

    @property
    def axes(self):
        return {"x": Axis(np.linspace(0, self.length, self.nx), "no_flux")}

    @property
    def diffusivities(self):
        return self.Du, self.Dv

    def draw(self, rng):
        phase, radius = rng.uniform((0, self.radius_min), (2 * np.pi, self.radius_max))
        return {"phase": phase, "radius": radius}

    def initial_state(self, drawn):
        radius, phase = drawn["radius"][:, None], drawn["phase"][:, None]
        from_middle, shift = radius * np.cos(phase), 0.05 * radius * np.sin(phase)
        x = self.grid["x"] - self.length / 2
        u = 0.96 * np.tanh((x - 6 * from_middle) / 1.39) + shift
        v = 0.1 * np.tanh((x - 3.6 * from_middle) / 6) - 1.75 * shift
        return np.stack([u, v])

    def reaction(self, time, state, prepared):
        u, v = state
        return u - u * u * u - v, self.epsilon * (u - self.a1 * v - self.a0)
