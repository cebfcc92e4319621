"""The solver of some samples, from any of their states on."""

from dataclasses import dataclass

import numpy as np

from led.data.simulate import draw
from led.systems.base import Problem


@dataclass(frozen=True, eq=False)
class Simulation:
    """A system with the drawn values of some samples, its solver, and its time step.

    Parameters
    ----------
    problem : led.systems.base.Problem
    solver : led.solvers.base.Solver
    dt : float
        Time step of the solver.
    output_every : int
        Steps from frame to frame.
    """

    problem: Problem
    solver: object
    dt: float
    output_every: int

    @classmethod
    def of(cls, system, solver, *, samples, dt, output_every, **drawing):
        """Draw the samples again.

        Parameters
        ----------
        system, solver, dt, output_every
            As in `led.data.simulate.simulate`.
        samples : sequence of int
            Their numbers.
        **drawing
            ``seed``, ``split``, ``design`` and ``number``, as in `led.data.simulate.draw`.
        """
        drawn = draw(system, samples=samples, **drawing)
        return cls(Problem.of(system, drawn, samples), solver, dt, output_every)

    def advance(self, states, time, frames, chosen=None):
        """Continue states.

        Parameters
        ----------
        states : ndarray, shape (sample, *grid, component)
        time : float
            Of the states.
        frames : int
            To return.
        chosen : ndarray of int, optional
            Places of the samples among all of them, if `states` are some.

        Returns
        -------
        ndarray of float64, shape (sample, frames, *grid, component)
            Those that follow.

        Raises
        ------
        led.solvers.base.SolverError
            If a sample cannot be integrated: names it and the time.
        """
        problem = self.problem if chosen is None else self.problem.subset(chosen)
        state = np.ascontiguousarray(np.moveaxis(states.astype(float), -1, 0))
        steps = frames * self.output_every
        found = self.solver.integrate(problem, state, self.dt, steps, self.output_every, time)
        return found[:, 1:]
