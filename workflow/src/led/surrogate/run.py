"""Forecasts of a whole split with the truth, and their cost with that of the solver."""

import time
from functools import partial
from statistics import median

import numpy as np
import xarray as xr

from led.autoencoders.trained import decode, encode
from led.data.frames import forecast_frames
from led.data.interpolation import between
from led.data.simulate import simulate
from led.surrogate.smoothing import smooth


def score(surrogate, state, horizon=None, capped=False, inputs=None, members=False):
    """Forecast all samples of a split from their warm-up, and add the truth.

    Parameters
    ----------
    surrogate : led.surrogate.surrogate.Surrogate
    state : xarray.DataArray
        (sample, time, *grid, component); what follows the warm-up is only compared with.
    horizon, capped
        As in `led.data.frames.forecast_frames`.
    inputs : ndarray, shape (sample, time, input), optional
        At the times of `state`, for a surrogate that has inputs.
    members : bool
        Whether to keep the states that each member of an ensemble forecasts.

    Returns
    -------
    xarray.Dataset
        On the times of the forecast: ``prediction``, ``truth``, ``reconstruction`` (the truth
        encoded and decoded), ``latents(member, sample, time, latent)`` of the prediction; and
        ``seconds(stage)``, the CPU time of each stage for all samples together, compilation
        left out. Of an ensemble also ``spread``, the standard deviation of its members, and
        ``members``, with the dimension ``member`` in front, if they are kept. If the latents
        are smoothed, ``reconstruction_smooth`` decodes the smoothed latents of the truth: a
        diagnostic of the smoothing, no forecast, as it needs the truth.

    Raises
    ------
    ValueError
        If the states do not fit the surrogate, or the horizon exceeds them.
    """
    known, stop = _frames(surrogate, state, horizon, capped)
    truth = state[:, known:stop]
    ensemble = len(surrogate.members) > 1 or surrogate.predicts_variance
    run, every = _prepared(surrogate, state, known, stop, inputs, apart=ensemble)
    run()  # compiles
    found = run()
    following = state[:, known:].values
    driving = None if inputs is None else inputs[:, known:stop]
    reconstructions = _reconstructions(surrogate, following, stop - known, every, driving)
    spread = {"spread": truth.copy(data=found.spread)} if ensemble else {}
    apart = {"members": (("member", *truth.dims), found.members)} if ensemble and members else {}
    return xr.Dataset(
        {
            "prediction": truth.copy(data=found.states),
            "truth": truth,
            **spread,
            **apart,
            **{name: truth.copy(data=values) for name, values in reconstructions.items()},
            "latents": (("member", "sample", "time", "latent"), found.latents),
            "seconds": ("stage", list(found.seconds.values()), {"units": "s"}),
        },
        coords={"stage": list(found.seconds)},
    )


RUNS = 3  # of which the median counts


def seconds(surrogate, state, horizon=None, capped=False, inputs=None):
    """Return the CPU seconds of a forecast of all samples, compilation left out.

    Parameters are those of `score`.
    """
    known, stop = _frames(surrogate, state, horizon, capped)
    run, _ = _prepared(surrogate, state, known, stop, inputs)
    run()  # compiles
    clock = [time.process_time()]
    for _ in range(RUNS):
        run()
        clock.append(time.process_time())
    return {"forecast": median(np.diff(clock))}


def _frames(surrogate, state, horizon, capped):
    return forecast_frames(state["time"].values, surrogate.description.warmup, horizon, capped)


def _prepared(surrogate, state, known, stop, inputs, apart=False):
    """Return what forecasts, and every how many-th frame is one of a training sample."""
    window, described = state[:, :known], surrogate.description
    described.check(window)
    every = described.every(float(state["time"][1] - state["time"][0]))
    run = surrogate.rollout(np.arange(stop - known), known, every, apart)
    return partial(run, window.values, None if inputs is None else inputs[:, :stop]), every


def _reconstructions(surrogate, following, frames, every, inputs):
    """Encode and decode the truth after the warm-up, as it is and with its latents smoothed."""
    latents = encode(surrogate.autoencoder, following)
    chosen = {"reconstruction": latents}
    if smoothing := surrogate.description.smoothing:
        # all of what follows, as in training: a horizon may be shorter than the filter
        thinned = latents[:, ::every]
        smoothed = smooth(thinned, **smoothing, known=thinned.shape[1])
        chosen["reconstruction_smooth"] = between(smoothed, every, np.arange(latents.shape[1]))
    return {
        name: decode(surrogate.autoencoder, values[:, :frames], inputs=inputs)
        for name, values in chosen.items()
    }


def with_interval(forecast, surrogate, level):
    """Add ``lower`` and ``upper``: see `led.surrogate.calibration.Calibration.bounds`."""
    return forecast.assign(surrogate.calibrated().bounds(forecast["prediction"], level))


def with_solver_time(forecast, *, system, solver, dt, output_every, steps=None, **drawing):
    """Add the stage ``solver`` to the seconds: our own solver, on the same samples, all at once.

    It starts at t = 0 and ends with the forecast, compilation left out; the attributes of
    ``seconds`` hold the numbers of time steps.

    Parameters
    ----------
    forecast : xarray.Dataset
        What `score` returns.
    system, solver, dt, output_every
        As in `led.data.simulate.simulate`.
    steps : int, optional
        Time steps that the forecast lasts, if it has some of its frames only.
    **drawing
        ``seed``, ``split``, ``design`` and ``number``, as there.
    """
    duration = float(forecast["time"][-1])
    samples = forecast["sample"].values
    run = partial(simulate, system, solver, dt=dt, output_every=output_every, **drawing)
    run(samples=samples[:1], duration=dt)  # compiles
    start = time.process_time()
    run(samples=samples, duration=duration)
    elapsed = xr.Dataset(
        {"seconds": ("stage", [time.process_time() - start])}, coords={"stage": ["solver"]}
    )
    seconds = xr.concat([forecast["seconds"], elapsed["seconds"]], "stage")
    seconds.attrs = {
        "units": "s",
        "solver_steps": round(duration / dt),
        "forecast_steps": int(steps or forecast.sizes["time"] * output_every),
        "samples": forecast.sizes["sample"],
    }
    return forecast.drop_dims("stage").assign(seconds=seconds)
