"""Forecasts of a whole split beside the truth, and their cost beside that of the solver."""

import time
from functools import partial

import numpy as np
import xarray as xr

from led.autoencoders.base import check_shape, decode, encode
from led.data.frames import forecast_frames
from led.data.interpolation import between
from led.data.simulate import simulate
from led.surrogate.smoothing import smooth


def score(forecaster, state, warmup, horizon=None):
    """Forecast all samples of a split from their warm-up, beside the truth.

    Parameters
    ----------
    forecaster : led.surrogate.surrogate.Forecaster
    state : xarray.DataArray
        (sample, time, *grid, component); what comes after the warm-up is only compared with.
    warmup, horizon : float
        As in `led.data.frames.forecast_frames`.

    Returns
    -------
    xarray.Dataset
        On the times of the forecast: ``prediction``, ``truth``, ``reconstruction`` (the truth
        encoded and decoded), ``latents`` of the prediction; and ``seconds(stage)``, the wall-clock
        time of each stage for all samples together, compilation left out. If the latents are
        smoothed, ``reconstruction_smooth`` decodes the smoothed latents of the truth: a diagnostic
        of the smoothing, no forecast, as it needs the truth.

    Raises
    ------
    led.jobs.files.FileError
        If the states are not of the shape that the autoencoder was trained on.
    """
    check_shape(forecaster.autoencoder, state)
    known, stop = forecast_frames(state["time"].values, warmup, horizon)
    truth = state[:, known:stop]
    window = state[:, :known].values

    every = forecaster.every(float(state["time"][1] - state["time"][0]))
    run = forecaster.rollout(stop - known, known, every)
    run(window)  # compiles
    states, latents, seconds = run(window)
    reconstructions = _reconstructions(forecaster, state[:, known:].values, stop - known, every)
    return xr.Dataset(
        {
            "prediction": truth.copy(data=states),
            "truth": truth,
            **{name: truth.copy(data=values) for name, values in reconstructions.items()},
            "latents": (("sample", "time", "latent"), latents),
            "seconds": ("stage", list(seconds.values()), {"units": "s"}),
        },
        coords={"stage": list(seconds)},
    )


def _reconstructions(forecaster, following, horizon, every):
    """Encode and decode the truth after the warm-up, as it is and with its latents smoothed."""
    latents = encode(forecaster.autoencoder, following)
    chosen = {"reconstruction": latents}
    if forecaster.smoothing:
        # all of what follows, as in training: a horizon may be shorter than the filter
        thinned = latents[:, ::every]
        smoothed = smooth(thinned, **forecaster.smoothing, warmup=thinned.shape[1])
        frames = np.arange(latents.shape[1])
        chosen["reconstruction_smooth"] = between(smoothed, every, frames)
    return {
        name: decode(forecaster.autoencoder, values[:, :horizon]) for name, values in chosen.items()
    }


def with_solver_time(forecast, *, system, solver, seed, dt, output_every):
    """Add the stage ``solver`` to the seconds: our own solver, on the same samples, all at once.

    It starts at t = 0 and ends with the forecast, compilation left out; the attributes of
    ``seconds`` hold the numbers of time steps.

    Parameters
    ----------
    forecast : xarray.Dataset
        What `score` returns.
    system, solver, seed, dt, output_every
        As in `led.data.simulate.simulate`.
    """
    duration = float(forecast["time"][-1])
    samples = forecast["sample"].values
    run = partial(
        simulate, system, solver, seed=seed, split="test", dt=dt, output_every=output_every
    )
    run(samples=samples[:1], duration=dt)  # compiles
    start = time.perf_counter()
    run(samples=samples, duration=duration)
    elapsed = xr.Dataset(
        {"seconds": ("stage", [time.perf_counter() - start])}, coords={"stage": ["solver"]}
    )
    seconds = xr.concat([forecast["seconds"], elapsed["seconds"]], "stage")
    seconds.attrs = {
        "units": "s",
        "solver_steps": round(duration / dt),
        "forecast_steps": forecast.sizes["time"] * output_every,
        "samples": forecast.sizes["sample"],
    }
    return forecast.drop_dims("stage").assign(seconds=seconds)
