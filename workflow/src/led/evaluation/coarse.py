"""Our own solver with longer steps and on coarser grids: what it costs to be less accurate."""

import time
from dataclasses import dataclass, fields, replace
from statistics import median

import numpy as np

from led.data.interpolation import between, onto
from led.data.simulation import Simulation
from led.solvers.base import SolverError

POINTS = ("nx", "ny", "nz")  # options of a system: the points along its dimensions
HALVINGS = 6  # of the number of steps, at most
COARSENINGS = (1, 2, 4)  # of the grid
FEWEST = 4  # steps of a forecast, and points along a dimension
RUNS = 3  # of which the median counts
LONG = 2.0  # seconds after which a forecast is timed once


@dataclass(frozen=True)
class Rung:
    """How coarsely a solver runs.

    Parameters
    ----------
    steps : int
        Time steps from one frame that is computed to the next one.
    frames : int
        Frames from one to the next; a cubic spline along time gives those in between.
    coarsening : int
        Every how many-th point of the grid, along each dimension, it has.
    """

    steps: int
    frames: int = 1
    coarsening: int = 1

    def dt(self, interval):
        """Return the time step, for frames that are `interval` apart."""
        return interval * self.frames / self.steps


def ladder(system, output_every, frames):
    """Return the rungs, from that of a dataset on: half the steps, a quarter, ...; by grids.

    Parameters
    ----------
    system : led.systems.base.System
    output_every : int
        Time steps from one frame of the dataset to the next.
    frames : int
        Of the forecast.
    """
    rungs = []
    for coarsening in COARSENINGS:
        if coarsening > 1 and coarser(system, coarsening) is None:
            break
        for halvings in range(HALVINGS + 1):
            steps = max(1, output_every >> halvings)
            apart = max(1, 2**halvings // output_every) if steps == 1 else 1
            rung = Rung(steps, apart, coarsening)
            if frames * steps >= FEWEST * apart and rung not in rungs:
                rungs.append(rung)
    return rungs


def coarser(system, coarsening):
    """Return a system on a coarser grid; None where it has no options nx, ny, nz, or few points."""
    names = {field.name for field in fields(system)} & set(POINTS)
    counts = {name: -(-getattr(system, name) // coarsening) for name in names}
    if not counts or min(counts.values()) < FEWEST:
        return None
    return replace(system, **counts)


class Continuation:
    """Continues samples from the last state of their warm-up, as coarsely as asked for.

    A solver sees what a forecast sees, the last known state, and what was drawn for each sample.

    Parameters
    ----------
    system : led.systems.base.System
    solver : led.solvers.base.Solver
    known : xarray.DataArray
        The last known state, (sample, *grid, component), with the coordinate ``time``.
    interval : float
        Between the frames that follow.
    frames : int
        That follow.
    **drawing
        ``seed``, ``split``, ``design`` and ``number``, as `led.data.simulate.draw` takes them.
    """

    def __init__(self, system, solver, known, interval, frames, **drawing):
        self.system, self.solver = system, solver
        self.known, self.interval, self.frames = known, interval, frames
        self.drawing = drawing

    def run(self, rung, frames=None):
        """Return the frames that follow, (sample, frame, *grid, component) on the whole grid.

        Raises
        ------
        led.solvers.base.SolverError
            If a sample diverges.
        """
        frames = frames or self.frames
        system, states = self.system, self.known.values.astype(float)
        if rung.coarsening > 1:
            system = coarser(self.system, rung.coarsening)
            states = onto(states, self.system, system)
        steps = {"dt": rung.dt(self.interval), "output_every": rung.steps}
        samples = self.known["sample"].values
        simulation = Simulation.of(system, self.solver, samples=samples, **steps, **self.drawing)
        time, blocks = float(self.known["time"]), -(-frames // rung.frames)
        series = np.concatenate([states[:, None], simulation.advance(states, time, blocks)], axis=1)
        if rung.coarsening > 1:
            series = onto(series, system, self.system)
        return between(series, rung.frames, np.arange(1, frames + 1))

    def timed(self, rung):
        """Return what `run` returns and its seconds, or None and None where a sample diverges."""
        try:
            self.run(rung, rung.frames)  # compiles
            return timed(lambda: self.run(rung))
        except SolverError as error:
            print(f"{rung}: {error}", flush=True)
            return None, None


def timed(function):
    """Return what a function returns, and the CPU seconds that it takes: the median of some runs.

    Those of one thread, which other jobs on the machine hardly change.
    """
    found = []
    while len(found) < RUNS and (not found or sum(found) < LONG):
        start = time.process_time()
        result = function()
        found.append(time.process_time() - start)
    return result, median(found)
