"""LED: warm up on true states, run ahead in latent space, decode."""

import time
from dataclasses import dataclass

import keras
import numpy as np
import xarray as xr

from led.autoencoders.base import decode, encode
from led.dataset import frames_before, simulate
from led.smoothing import smooth


@dataclass(frozen=True)
class Surrogate:
    """Encoder, smoothing, an ensemble of recurrent networks, and decoder.

    Parameters
    ----------
    autoencoder : keras.Model
    forecaster : led.forecasters.base.Forecaster
    members : sequence of keras.Model
        Networks of `forecaster`; a forecast is the mean of theirs, in latent space.
    smoothing : dict, optional
        ``window`` and ``order`` of `led.smoothing.smooth`.
    """

    autoencoder: object
    forecaster: object
    members: tuple
    smoothing: dict | None = None

    @classmethod
    def load(cls, autoencoder, members, forecaster, smoothing=None):
        """Load the networks from their ``.keras`` files."""
        load = keras.saving.load_model
        return cls(load(autoencoder), forecaster, tuple(map(load, members)), smoothing)

    def rollout(self, horizon):
        """Return the function of a warm-up that `forecast` calls, with times of its stages.

        Parameters
        ----------
        horizon : int
            Frames to forecast.

        Returns
        -------
        callable
            Warm-up states, shape (sample, time, *grid, component), to (states of shape (sample,
            horizon, *grid, component), latents, seconds of each stage). Its first call compiles
            it.
        """
        rolls = [self.forecaster.rollout(member, horizon) for member in self.members]

        def run(warmup):
            clock = [time.perf_counter()]
            latents = encode(self.autoencoder, warmup)
            if self.smoothing:
                latents = smooth(latents, **self.smoothing, warmup=warmup.shape[1])
            clock.append(time.perf_counter())
            latents = np.mean([roll(latents) for roll in rolls], axis=0)
            clock.append(time.perf_counter())
            states = decode(self.autoencoder, latents)
            clock.append(time.perf_counter())
            return states, latents, dict(zip(STAGES, np.diff(clock), strict=True))

        return run


STAGES = ("encode", "roll", "decode")


def forecast(surrogate, state, warmup, horizon=None):
    """Forecast all samples of a split from their warm-up.

    Parameters
    ----------
    surrogate : Surrogate
    state : xarray.DataArray
        (sample, time, *grid, component); what comes after the warm-up is only compared with.
    warmup : float
        Length of the warm-up: the frames before this time are known.
    horizon : float, optional
        Length of the forecast; to the end of `state` without it.

    Returns
    -------
    xarray.Dataset
        On the times of the forecast: ``prediction``, ``truth``, ``reconstruction`` (the truth
        encoded and decoded), ``latents`` of the prediction; and ``seconds(stage)``, the wall-clock
        time of each stage for all samples together, compilation left out.
    """
    times = state["time"].values
    known = frames_before(times, times[0] + warmup)
    stop = len(times) if horizon is None else frames_before(times, times[0] + warmup + horizon)
    truth = state[:, known:stop]
    window = state[:, :known].values

    run = surrogate.rollout(stop - known)
    run(window)  # compiles
    states, latents, seconds = run(window)
    reconstruction = decode(surrogate.autoencoder, encode(surrogate.autoencoder, truth.values))
    return xr.Dataset(
        {
            "prediction": truth.copy(data=states),
            "truth": truth,
            "reconstruction": truth.copy(data=reconstruction),
            "latents": (("sample", "time", "latent"), latents),
            "seconds": ("stage", list(seconds.values()), {"units": "s"}),
        },
        coords={"stage": list(seconds)},
    )


def with_solver_time(forecast, *, system, solver, seed, dt, output_every):
    """Add the stage ``solver`` to the seconds: our own solver, on the same samples, all at once.

    It starts at t = 0 and ends with the forecast; the attributes of ``seconds`` hold the numbers
    of time steps.

    Parameters
    ----------
    forecast : xarray.Dataset
        What `forecast` returns.
    system, solver, seed, dt, output_every
        As in `led.dataset.simulate`.
    """
    duration = float(forecast["time"][-1])
    start = time.perf_counter()
    simulate(
        system,
        solver,
        seed=seed,
        split="test",
        samples=forecast["sample"].values,
        duration=duration,
        dt=dt,
        output_every=output_every,
    )
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
