"""Seconds of LED, of the baselines and of our own solver, for the same forecasts."""

import pandas as pd

from led.data.frames import forecast_frames
from led.data.scaling import Scaling
from led.evaluation import coarse, costs, forecasters
from led.surrogate import run

DRAWING = ("split", "seed", "design", "number")


def measure(
    surrogate,
    train,
    states,
    baselines,
    simulation=None,
    horizon=None,
    capped=False,
    inputs=None,
    maps=(),
):
    """Forecast all samples of a split by each of them.

    Parameters
    ----------
    surrogate, horizon, capped, inputs
        As in `led.surrogate.run.score`.
    train : xarray.DataArray
        ``state`` of the training split, for the baselines.
    states : xarray.DataArray
        ``state`` of the split to forecast, (sample, time, *grid, component), in memory.
    baselines : sequence of dict
        Sections of those that are made here.
    simulation : dict, optional
        ``system``, ``solver``, ``output_every`` and what `led.data.simulate.draw` takes: how the
        samples were made. Without it no solver is timed.
    maps : sequence of callable
        Symmetries, as `led.evaluation.baselines.base.Baseline.fit` takes them.

    Returns
    -------
    forecasters : dict of {str: dict}
    solver : pandas.DataFrame
    extent : tuple of (int, float)
        All three as `led.evaluation.costs.table` takes them.

    Raises
    ------
    ValueError
        If the states do not fit the surrogate, or the horizon exceeds them.
    """
    described = surrogate.description
    times = described.warmup, horizon, capped
    known, stop = forecast_frames(states["time"].values, *times)
    seconds = {"led": run.seconds(surrogate, states, horizon, capped, inputs)}
    compared = forecasters.with_inputs(baselines, train, list(described.inputs))
    seconds |= forecasters.seconds(compared, train, states, times, maps)
    deviation = Scaling.of(train).deviation
    solver = _solver(simulation, states, known, stop, deviation) if simulation else pd.DataFrame()
    return seconds, solver, (len(states), (stop - known) * _interval(states))


def _solver(simulation, states, known, stop, deviation):
    """Return the costs of the solver from the end of the warm-up on."""
    system, frames = simulation["system"], stop - known
    drawing = {key: simulation[key] for key in DRAWING}
    ahead = states[:, known - 1], _interval(states), frames
    continuation = coarse.Continuation(system, simulation["solver"], *ahead, **drawing)
    rungs = coarse.ladder(system, simulation["output_every"], frames)
    return costs.curve(continuation, rungs, states[:, known:stop], deviation)


def _interval(states):
    return float(states["time"][1] - states["time"][0])
