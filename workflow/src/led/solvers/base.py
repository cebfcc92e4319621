"""What a time integrator has to do, and the loop that all of them share."""

from abc import ABC, abstractmethod

import numpy as np

from led.jobs.runtime import progress


class SolverError(RuntimeError):
    """A sample that could not be integrated."""


class Solver(ABC):
    """Integrates all samples of a `led.systems.base.Problem` at once, step by step.

    What a method keeps from one step to the next is its memory, which is an argument and a result
    of each step. So a run can begin at any time, and go on from any step.
    """

    def start(self, problem, time, state):
        """Return the memory for a run from `state` at `time`: None where a method keeps nothing.

        Parameters are those of `step`.
        """
        return None

    @abstractmethod
    def step(self, problem, time, state, dt, memory):
        """Make one step.

        Parameters
        ----------
        problem : led.systems.base.Problem
        time : float
            Of `state`, in the time unit of the system.
        state : ndarray, shape (component, sample, *grid)
        dt : float
            Step size. It may change from step to step, unless the memory of a method holds slopes:
            that of `led.solvers.adams_bashforth.AdamsBashforth` does.
        memory : object
            What `start` or the last step returned.

        Returns
        -------
        state : ndarray, shape (component, sample, *grid)
            At ``time + dt``.
        memory : object
            For the next step. Neither is ever changed afterwards.

        Raises
        ------
        SolverError
            If an implicit step has no solution: names sample and time.
        """

    def integrate(self, problem, state, dt, steps, output_every=1, start=0.0):
        """Integrate over `steps` steps of size `dt` and keep every `output_every`-th state.

        Parameters
        ----------
        problem : led.systems.base.Problem
        state : ndarray, shape (component, sample, *grid)
            At `start`; kept as the first one.
        dt : float
            In the time unit of the system.
        steps, output_every : int
        start : float
            Time of `state`, in the time unit of the system.

        Returns
        -------
        ndarray, shape (sample, 1 + steps // output_every, *grid, component)

        Raises
        ------
        SolverError
            If a state is not finite or an implicit step has no solution: names sample and time.
        """
        components, samples, *grid = state.shape
        kept = np.empty((samples, 1 + steps // output_every, *grid, components))
        kept[:, 0] = np.moveaxis(state, 0, -1)
        memory = self.start(problem, start, state)
        with np.errstate(over="ignore", invalid="ignore"):  # reported by the check below, by name
            for step in progress(range(1, steps + 1), "time step"):
                time = start + (step - 1) * dt
                state, memory = self.step(problem, time, state, dt, memory)
                if not np.isfinite(state.sum()):  # or the sum alone is too large
                    check_finite(problem, state, start + step * dt)
                if step % output_every == 0:
                    kept[:, step // output_every] = np.moveaxis(state, 0, -1)
        return kept


def check_finite(problem, state, time):
    """Raise a `SolverError`, with the first such sample, if a state is not finite."""
    bad = ~np.isfinite(state).all(axis=(0, *range(2, state.ndim)))
    if bad.any():
        raise SolverError(
            f"sample {problem.samples[bad][0]}: the state is not finite at t = {time:g}; "
            "expected finite values: try a smaller dt or an implicit solver"
        )
