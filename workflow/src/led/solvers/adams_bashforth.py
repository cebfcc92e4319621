"""Adams-Bashforth methods: explicit, one evaluation a step."""

from dataclasses import dataclass
from typing import Literal

from led.solvers.base import Solver
from led.solvers.runge_kutta import RungeKutta

# of the slopes at t0, t0 - dt, ...: Hairer, Norsett, Wanner I, III.1
WEIGHTS = {
    1: [1],
    2: [3 / 2, -1 / 2],
    3: [23 / 12, -16 / 12, 5 / 12],
    4: [55 / 24, -59 / 24, 37 / 24, -9 / 24],
    5: [1901 / 720, -2774 / 720, 2616 / 720, -1274 / 720, 251 / 720],
}


@dataclass(frozen=True)
class AdamsBashforth(Solver):
    """y1 = y0 + dt sum_i w_i f(t0 - i dt, y_-i).

    The first steps are made by a Runge-Kutta method of order 5, so that the order is kept. The
    memory holds the slopes of the last steps, the newest first, so `dt` may not change in a run.

    Parameters
    ----------
    order : int
        1 to 5.
    """

    order: Literal[1, 2, 3, 4, 5] = 4

    def start(self, problem, time, state):
        return ()

    def step(self, problem, time, state, dt, memory):
        slopes = (problem.rhs(time, state), *memory)
        if len(slopes) < self.order:
            return RungeKutta("butcher5").step(problem, time, state, dt, None)[0], slopes
        weights = WEIGHTS[self.order]
        state = state + dt * sum(w * k for w, k in zip(weights, slopes, strict=True))
        return state, slopes[:-1]
