"""Named forecasts: those of a whole split in any mode, with the truth."""

import numpy as np

from led.data.frames import forecast_frames
from led.data.simulation import Simulation
from led.surrogate.modes.base import Task
from led.surrogate.run import with_solver_time


def forecast(
    mode,
    surrogate,
    state,
    horizon=None,
    capped=False,
    inputs=None,
    simulation=None,
    training=None,
    checkpoint=None,
):
    """Forecast all samples of a split from their warm-up in one of the modes, and add the truth.

    Parameters
    ----------
    mode : led.surrogate.modes.base.Mode
    surrogate, state, horizon, capped, inputs
        As in `led.surrogate.run.score`.
    simulation : dict, optional
        ``system``, ``solver``, ``dt``, ``output_every`` and what `led.data.simulate.draw` takes:
        how the samples were made. Without it a mode has no solver, and none is timed.
    training, checkpoint
        As in `led.surrogate.modes.base.Task`.

    Returns
    -------
    xarray.Dataset
        What `led.surrogate.modes.base.Mode.forecast` returns, ``truth`` on the same times, and in
        ``seconds`` the stage ``solver``, if there is one: see `led.surrogate.run.with_solver_time`.

    Raises
    ------
    ValueError
        If the states do not fit the surrogate, or the horizon exceeds them.
    led.solvers.base.SolverError
        If a mode cannot continue a sample by its solver.
    """
    described = surrogate.description
    every = described.every(float(state["time"][1] - state["time"][0]))
    if not mode.interpolates:
        state, inputs = state[:, ::every], None if inputs is None else inputs[:, ::every]
        if simulation:
            simulation = simulation | {"output_every": every * simulation["output_every"]}
        every = 1
    known, stop = forecast_frames(state["time"].values, described.warmup, horizon, capped)
    window, following = state[:, :known], state[:, known:stop]
    described.check(window)
    samples = state["sample"].values
    task = Task(
        window,
        following["time"].values,
        np.arange(stop - known),
        every,
        None if inputs is None else inputs[:, :stop],
        simulation and Simulation.of(samples=samples, **simulation),
        following.values if mode.sees_truth else None,
        training if mode.learns else None,
        checkpoint,
    )
    found = mode.timed(surrogate, task)
    found = found.assign(truth=following[:, task.chosen])
    return with_solver_time(found, **simulation) if simulation else found
