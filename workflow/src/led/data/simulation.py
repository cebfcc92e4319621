"""The solver of some samples, from any of their states on."""

from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO

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
        given = problem, state, self.dt, steps, self.output_every, time
        with redirect_stdout(StringIO()):  # of many short runs no progress is printed
            return self.solver.integrate(*given)[:, 1:]


REFINED = 2  # steps of the refined samples to one of the dataset
AT_ONCE = 10  # samples


def refine(stored, system, solver, *, dt, output_every, **drawing):
    """Simulate samples again with half the time step, from their first stored state.

    The samples differ from these by about their own error: a method of order p leaves 2^-p of it.

    Parameters
    ----------
    stored : xarray.DataArray
        ``state`` of the samples, (sample, time, *grid, component); may be a file that is not read
        yet.
    system, solver, dt, output_every
        With which they were made: see `led.data.simulate.simulate`.
    **drawing
        ``seed``, ``split``, ``design`` and ``number``, as in `led.data.simulate.draw`.

    Yields
    ------
    int, xarray.Dataset
        For `led.jobs.files.write_parts`: ``state`` as it is stored.

    Raises
    ------
    led.solvers.base.SolverError
        If a sample cannot be integrated.
    """
    for first in range(0, len(stored), AT_ONCE):
        part = stored[first : first + AT_ONCE].load()
        start, time = part[:, 0].values, float(part["time"][0])
        finer = {"dt": dt / REFINED, "output_every": REFINED * output_every}
        simulation = Simulation.of(
            system, solver, samples=part["sample"].values, **finer, **drawing
        )
        following = simulation.advance(start, time, part.sizes["time"] - 1)
        states = np.concatenate([start[:, None], following.astype(start.dtype)], axis=1)
        yield first, part.copy(data=states).to_dataset(name="state")
