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

    def integrate(self, problem, state, dt, steps, output_every=1, start=0.0):
        pointwise = isinstance(problem.system, PointwiseSystem) and problem.system.at_a_point
        if not (self.theta and pointwise and not problem.coupled):
            return super().integrate(problem, state, dt, steps, output_every, start)
        from led.solvers import compiled_theta

        return compiled_theta.integrate(self, problem, state, dt, steps, output_every, start)

    def start(self, problem, time, state):
        if self.theta:
            problem.check_coupling(time, state)
        return state  # the memory is the state before

    def step(self, problem, time, state, dt, memory):
        implicit, explicit = self.theta * dt, (1 - self.theta) * dt
        constant = state + explicit * problem.rhs(time, state) if explicit else state
        if not implicit:
            return constant, state
        guess = 2 * state - memory  # as if the last step went on
        limits = self.tolerance, self.max_iterations
        return solve_step(problem, time + dt, implicit, constant, guess, *limits), state
