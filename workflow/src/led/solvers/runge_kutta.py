"""Explicit Runge-Kutta methods."""

from dataclasses import dataclass

import numpy as np

from led.jobs.options import ExplicitTableau
from led.solvers.base import Solver
from led.solvers.tableaux import tableau


@dataclass(frozen=True)
class RungeKutta(Solver):
    """y1 = y0 + dt sum_i b_i k_i,  k_i = f(t0 + c_i dt, y0 + dt sum_j A_ij k_j).

    Parameters
    ----------
    tableau : str or dict
        ``"heun"``, ``"ralston"``, ``"rk4"``, ``"rk38"``, ``"butcher5"``, or ``A``, ``b`` and
        ``c`` of any explicit method.

    Raises
    ------
    ValueError
        If the tableau is none, or not explicit.
    """

    tableau: ExplicitTableau = "rk4"

    def __post_init__(self):
        tableau(self.tableau, explicit=True)

    def integrate(self, problem, state, dt, steps, output_every=1, start=0.0):
        if not getattr(problem.system, "at_a_point", False):
            return super().integrate(problem, state, dt, steps, output_every, start)
        from led.solvers import compiled_runge_kutta

        return compiled_runge_kutta.integrate(self, problem, state, dt, steps, output_every, start)

    def step(self, problem, time, state, dt, memory):
        method = tableau(self.tableau)
        slopes = []
        for a, c in zip(method.A, method.c, strict=True):
            stage = state + dt * _combined(a, slopes) if slopes else state
            slopes.append(problem.rhs(time + c * dt, stage))
        return state + dt * _combined(method.b, slopes), memory


def _combined(weights, slopes):
    return sum(w * k for w, k in zip(weights, slopes, strict=False) if w) + np.zeros_like(slopes[0])
