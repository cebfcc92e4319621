"""Exponential time differencing of order 4, for stiff equations on a periodic grid."""

from dataclasses import dataclass

import numpy as np

from led.solvers.base import Solver
from led.systems.spectral import SpectralSystem, from_modes, to_modes
from led.systems.split import SplitSystem

POINTS = 32  # on the circle of the contour integrals; as many as Kassam and Trefethen take


@dataclass(frozen=True)
class Etdrk4(Solver):
    """ETDRK4: the linear part, diagonal in Fourier space, is exact; the rest has order 4.

    It has no options. The method is that of Cox and Matthews, J. Comput. Phys. 176, 430 (2002).
    Contour integrals give its coefficients (Kassam, Trefethen, SIAM J. Sci. Comput. 26, 1214,
    2005). The system is a `led.systems.spectral.SpectralSystem`. The memory has the coefficients
    and the time step that they are for.
    """

    def start(self, problem, time, state):
        if not isinstance(problem.system, SpectralSystem):
            raise TypeError(
                f"solver etdrk4: found the system {type(problem.system).__name__}, expected a "
                "subclass of led.systems.spectral.SpectralSystem, which gives the symbol of its "
                "linear part in Fourier space"
            )
        problem.check_parts(SplitSystem, time, state)
        return None, None

    def step(self, problem, time, state, dt, memory):
        if memory[0] != dt:
            memory = dt, coefficients(dt * problem.system.symbol(problem.prepared))
        whole, half, q, f1, f2, f3 = memory[1]

        def rest(time, modes):
            physical = from_modes(modes, state)
            return dt * to_modes(problem.system.nonlinear(time, physical, problem.prepared))

        modes, middle = to_modes(state), time + dt / 2
        first = dt * to_modes(problem.system.nonlinear(time, state, problem.prepared))
        a = half * modes + q * first
        second = rest(middle, a)
        third = rest(middle, half * modes + q * second)
        fourth = rest(time + dt, half * a + q * (2 * third - first))
        modes = whole * modes + f1 * first + f2 * (second + third) + f3 * fourth
        return from_modes(modes, state), memory


def coefficients(z):
    """Return exp(z), exp(z / 2) and the weights Q, f1, 2 f2 and f3 of a step, without its length.

    Parameters
    ----------
    z : ndarray
        Time step times symbol. A weight is the mean over a circle around it, as the formula
        itself cancels near 0.
    """
    sums = [0.0] * 4
    for angle in 2 * np.pi * (np.arange(POINTS) + 0.5) / POINTS:
        r = z + np.exp(1j * angle)
        e = np.exp(r)
        terms = (
            (np.exp(r / 2) - 1) / r,
            (-4 - r + e * (4 - 3 * r + r * r)) / r**3,
            2 * (2 + r + e * (r - 2)) / r**3,
            (-4 - 3 * r - r * r + e * (4 - r)) / r**3,
        )
        sums = [total + term for total, term in zip(sums, terms, strict=True)]
    weights = [total / POINTS for total in sums]
    if np.isrealobj(z):
        weights = [weight.real for weight in weights]
    return np.exp(z), np.exp(z / 2), *weights
