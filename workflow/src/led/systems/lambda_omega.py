"""The lambda-omega equations: spirals of a reaction with diffusion on a square."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from led.jobs.options import Count, NonNegative, Positive, PositiveOrRange
from led.systems.grids import Axis
from led.systems.spatial import SpatialSystem


@dataclass(frozen=True)
class LambdaOmega(SpatialSystem):
    """u' = (1 - r^2) u + beta r^2 v + d lap u,  v' = -beta r^2 u + (1 - r^2) v + d lap v.

    Here r^2 = u^2 + v^2. The points are the middles of cells of a square without flux through its
    sides. Equations after Kopell and Howard, Stud. Appl. Math. 52, 291 (1973); parameters of the
    case in Kicic, Vlachas, Arampatzis, Chatzimanolakis, Guibas, Koumoutsakos, Comput. Methods Appl.
    Mech. Eng. 415, 116204 (2023).

    A sample starts from a spiral: u = tanh(R cos a), v = tanh(R sin a) with a = s phi - R + phase,
    where R and phi are polar coordinates around a centre, and s is 1 or -1. The centre is drawn
    uniformly from a square in the middle, the phase from [0, 2 pi), and s is either.

    Parameters
    ----------
    nx, ny : int
        Cells along each side of the square.
    length : float
        Side of the square.
    beta : float
        Angular velocity of the limit cycle, r = 1.
    d : float or [float, float]
        Diffusivity. Of a range, each sample draws a value of its own, uniformly.
    extent : float
        Half the side of the square that the centre is drawn from.
    random : bool
        Without it, the start is that of the article: in the middle, phase 0 and s = 1.
    """

    nx: Count = 96
    ny: Count = 96
    length: Positive = 20.0
    beta: float = 1.0
    d: PositiveOrRange = 0.1
    extent: NonNegative = 5.0
    random: bool = True

    components = ("u", "v")

    @property
    def axes(self):
        def axis(count):
            return Axis((np.arange(count) + 0.5) * self.length / count - self.length / 2, "no_flux")

        return {"x": axis(self.nx), "y": axis(self.ny)}

    @property
    def symmetries(self):
        """Flips and, on a square grid, the transposition: they turn the sense of a spiral.

        So do turns of (u, v) by any angle, which the phase draws already.
        """
        flips = (partial(np.flip, axis=-3), partial(np.flip, axis=-2))
        return (*flips, partial(np.swapaxes, axis1=-3, axis2=-2)) if self.nx == self.ny else flips

    def draw(self, rng):
        drawn = {"centre_x": 0.0, "centre_y": 0.0, "phase": 0.0, "chirality": 1}
        if self.random:
            centre_x, centre_y = rng.uniform(-self.extent, self.extent, size=2)
            drawn = {"centre_x": centre_x, "centre_y": centre_y}
            drawn |= {"phase": rng.uniform(0, 2 * np.pi), "chirality": 2 * rng.integers(2) - 1}
        return drawn if np.isscalar(self.d) else drawn | {"d": rng.uniform(*self.d)}

    def initial_state(self, drawn):
        centre_x, centre_y, phase, chirality = (
            drawn[name][:, None, None] for name in ("centre_x", "centre_y", "phase", "chirality")
        )
        x, y = self.grid["x"][:, None] - centre_x, self.grid["y"] - centre_y
        radius = np.hypot(x, y)
        angle = chirality * np.arctan2(y, x) - radius + phase
        return np.tanh(radius * np.stack([np.cos(angle), np.sin(angle)]))

    def prepare(self, drawn):
        return {"d": drawn["d"] if "d" in drawn else np.full(len(drawn["phase"]), self.d)}

    def rates(self, time, state, laplacian, gradient, prepared):
        u, v = state
        of_u, of_v = laplacian
        square = u * u + v * v
        growth, turn = 1 - square, self.beta * square
        return growth * u + turn * v + prepared.d * of_u, growth * v - turn * u + prepared.d * of_v
