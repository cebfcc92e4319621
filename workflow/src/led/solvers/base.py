"""What a time integrator has to do, and the loop that all of them share."""

from abc import ABC, abstractmethod

import numpy as np

from led.jobs.runtime import progress


class SolverError(RuntimeError):
    """A sample that could not be integrated."""


class Solver(ABC):
    """Integrates all samples of a `led.systems.base.Problem` at once, with a fixed time step."""

    @abstractmethod
    def march(self, problem, state, dt):
        """Yield the states at dt, 2 dt, ... without end, from `state` at t = 0.

        States have the shape ``(component, sample, *grid)``. A state that was yielded is never
        changed afterwards.
        """

    def integrate(self, problem, state, dt, steps, output_every=1):
        """Integrate over `steps` steps of size `dt` and keep every `output_every`-th state.

        Parameters
        ----------
        problem : led.systems.base.Problem
        state : ndarray, shape (component, sample, *grid)
            At t = 0; kept as the first one.
        dt : float
            In the time unit of the system.
        steps, output_every : int

        Returns
        -------
        ndarray of float32, shape (sample, 1 + steps // output_every, *grid, component)

        Raises
        ------
        SolverError
            If a state is not finite or an implicit step has no solution: names sample and time.
        """
        components, samples, *grid = state.shape
        kept = np.empty((samples, 1 + steps // output_every, *grid, components), np.float32)
        kept[:, 0] = np.moveaxis(state, 0, -1)
        marching = self.march(problem, state, dt)
        with np.errstate(over="ignore", invalid="ignore"):  # told by the check below, by name
            for step in progress(range(1, steps + 1), "time step"):
                state = next(marching)
                if not np.isfinite(np.float32(state.sum())):  # as it is stored
                    check_finite(problem, state, step * dt)
                if step % output_every == 0:
                    kept[:, step // output_every] = np.moveaxis(state, 0, -1)
        return kept


def check_finite(problem, state, time):
    """Raise a `SolverError`, with the first such sample, if a state is not finite as float32."""
    bad = ~np.isfinite(state.astype(np.float32)).all(axis=(0, *range(2, state.ndim)))
    if bad.any():
        raise SolverError(
            f"sample {problem.samples[bad][0]}: the state is not finite at t = {time:g}; "
            "expected finite values: try a smaller dt or an implicit solver"
        )
