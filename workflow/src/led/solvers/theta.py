"""The theta method: backward Euler, Crank-Nicolson and what lies between."""

from dataclasses import dataclass

from led.jobs.options import Count, Share, Tolerance
from led.solvers.base import Solver
from led.solvers.newton import solve_step
from led.systems.pointwise import PointwiseSystem


@dataclass(frozen=True)
class Theta(Solver):
    """y1 = y0 + dt ((1 - theta) f(t0, y0) + theta f(t1, y1)).

    Order 2 for theta = 1/2 (Crank-Nicolson), else order 1; theta = 1 is backward Euler (Hairer,
    Norsett, Wanner: Solving Ordinary Differential Equations I, II.7).

    Parameters
    ----------
    theta : float
        Weight of the new time level, between 0 and 1.
    tolerance : float
        Relative tolerance of Newton's method.
    max_iterations : int
        Of Newton's method, for each step.
    """

    theta: Share = 0.5
    tolerance: Tolerance = 1e-10
    max_iterations: Count = 25

    def integrate(self, problem, state, dt, steps, output_every=1):
        if not (self.theta and isinstance(problem.system, PointwiseSystem)):
            return super().integrate(problem, state, dt, steps, output_every)
        from led.solvers import compiled

        return compiled.integrate(self, problem, state, dt, steps, output_every)

    def march(self, problem, state, dt):
        implicit, explicit = self.theta * dt, (1 - self.theta) * dt
        before = state
        step = 0
        while True:
            constant = state + explicit * problem.rhs(step * dt, state) if explicit else state
            step += 1
            guess = 2 * state - before  # as if the last step went on
            before = state
            if implicit:
                limits = self.tolerance, self.max_iterations
                state = solve_step(problem, step * dt, implicit, constant, guess, *limits)
            else:
                state = constant
            yield state
