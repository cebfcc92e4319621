"""Adams-Bashforth methods: explicit, one evaluation a step."""

from dataclasses import dataclass
from itertools import islice
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

    The first steps are made by a Runge-Kutta method of order 5, so that the order is kept.

    Parameters
    ----------
    order : int
        1 to 5.
    """

    order: Literal[1, 2, 3, 4, 5] = 4

    def march(self, problem, state, dt):
        weights = WEIGHTS[self.order]
        states = [state]
        for started in islice(RungeKutta("butcher5").march(problem, state, dt), self.order - 1):
            yield started
            states.append(started)
        slopes = [problem.rhs(step * dt, known) for step, known in enumerate(states)][::-1]
        state, step = states[-1], self.order - 1
        while True:
            state = state + dt * sum(w * k for w, k in zip(weights, slopes, strict=True))
            step += 1
            yield state
            slopes = [problem.rhs(step * dt, state), *slopes[:-1]]
