"""FitzHugh-Nagumo cells that diffusion couples."""

from dataclasses import dataclass

from led.jobs.options import NonNegative
from led.systems.fitzhugh_nagumo import FitzHughNagumo
from led.systems.grids import Axis
from led.systems.spatial import SpatialSystem


@dataclass(frozen=True)
class FitzHughNagumoDiffusion(SpatialSystem, FitzHughNagumo):
    """u' = D lap u + K u (u - alpha) (1 - u) - w + I,  w' = epsilon (u - gamma w).

    All else is that of `led.systems.fitzhugh_nagumo.FitzHughNagumo`. Nothing flows through the
    walls, half a cell beyond the first and the last points. Without w, a planar front advances at
    the speed sqrt(K D / 2) (1 - 2 alpha) and has the width sqrt(8 D / K); a grid that does not
    resolve the width slows it down.

    Parameters
    ----------
    diffusion : float
        D, in squares of the side per ms.
    """

    diffusion: NonNegative = 0.01

    @property
    def axes(self):
        return {name: Axis(points, "no_flux") for name, points in self.grid.items()}

    def rates(self, time, state, laplacian, gradient, prepared):
        u, w = state
        from_centre = abs(time - prepared.stimulus_centre)
        stimulus = self.amplitude * (from_centre <= self.stimulus_duration / 2)
        return (
            self.diffusion * laplacian[0] + self.K * u * (u - self.alpha) * (1 - u) - w + stimulus,
            self.epsilon * (u - self.gamma * w),
        )
