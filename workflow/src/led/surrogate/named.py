"""Named forecasts: those of a whole split in any mode, with the truth."""

import numpy as np

from led.data.frames import chosen_frames, forecast_frames
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
    every=None,
    times=None,
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
    every, times
        Which frames: see `led.data.frames.chosen_frames`. No others are decoded. If the horizon is
        capped, what lies beyond it counts as its last frame.
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
        If the states do not fit the surrogate, the horizon exceeds them, or a frame that is asked
        for is none of the forecast.
    led.solvers.base.SolverError
        If a mode cannot continue a sample by its solver.
    """
    described = surrogate.description
    between = described.every(float(state["time"][1] - state["time"][0]))
    if not mode.interpolates:
        state, inputs = state[:, ::between], None if inputs is None else inputs[:, ::between]
        if simulation:
            simulation = simulation | {"output_every": between * simulation["output_every"]}
        between = 1
    known, stop = forecast_frames(state["time"].values, described.warmup, horizon, capped)
    window, following = state[:, :known], state[:, known:stop]
    described.check(window)
    ahead, step = following["time"].values, float(state["time"][1] - state["time"][0])
    if capped:
        times = times and [min(time, float(ahead[-1])) for time in times]
        every = every and min(every, len(ahead))
    chosen = np.array(chosen_frames(ahead[0], step, len(ahead), every, times))
    last = chosen[-1] + 1
    task = Task(
        window,
        ahead[:last],
        chosen,
        between,
        None if inputs is None else inputs[:, : known + last],
        simulation and Simulation.of(samples=state["sample"].values, **simulation),
        following[:, :last].values if mode.sees_truth else None,
        training if mode.learns else None,
        checkpoint,
    )
    found = mode.timed(surrogate, task).assign(truth=following[:, chosen])
    if not simulation:
        return found
    stored = np.gcd.reduce(known + chosen)  # the solver need not store more
    simulation = simulation | {"output_every": int(stored) * simulation["output_every"]}
    return with_solver_time(found, steps=last * task.simulation.output_every, **simulation)
