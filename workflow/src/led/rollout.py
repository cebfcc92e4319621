"""LED: warm up on true states, run ahead in latent space, decode."""

import json
import time
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

import keras
import numpy as np
import xarray as xr

from led import files, joint, registry
from led.autoencoders.base import check_shape, decode, encode, load
from led.dataset import simulate
from led.forecasters.base import LatentForecaster
from led.frames import forecast_frames, frames_apart
from led.interpolation import between
from led.smoothing import smooth

STAGES = ("encode", "roll", "decode")
DESCRIPTION = "forecaster.json"
RETRAINED = ("decoder", "joint")  # files that are there where an experiment has these trainings


@dataclass(frozen=True, eq=False)
class Forecaster:
    """Encoder, smoothing, an ensemble of recurrent networks, and decoder.

    Parameters
    ----------
    autoencoder : keras.Model
    rnn : led.forecasters.base.LatentForecaster
    members : tuple of keras.Model
        Networks of `rnn`; a forecast is the mean of theirs, in latent space.
    smoothing : dict, optional
        ``window`` and ``order`` of `led.smoothing.smooth`.
    decoder : keras.Model, optional
        Draws the forecast; that of the autoencoder without it.
    interval : float, optional
        Time between two frames of the training samples; that of the states to forecast without it.
        These may have a whole fraction of it: the networks then listen to every n-th frame of the
        warm-up, and the latents in between are interpolated.
    """

    autoencoder: keras.Model
    rnn: LatentForecaster
    members: tuple
    smoothing: dict | None = None
    decoder: keras.Model | None = None
    interval: float | None = None

    @classmethod
    def load(cls, folder):
        """Load what an experiment has learned.

        Parameters
        ----------
        folder : str or Path
            Of the experiment, e.g. ``"results/fhn"``, with its forecast made.
        """
        folder = Path(folder)
        try:
            description = json.loads((folder / DESCRIPTION).read_text())
        except FileNotFoundError:
            raise files.FileError(
                f"{folder}: found no {DESCRIPTION}, expected the results of an experiment: "
                f"snakemake --cores 2 {folder}/forecast.nc"
            ) from None
        networks = [folder / "rnn" / f"{n}.keras" for n in range(description["members"])]
        return cls.from_files(
            folder / "autoencoder.keras",
            networks,
            description["rnn"],
            description["smoothing"],
            description["interval"],
            *(folder / f"{name}.keras" if description[name] else None for name in RETRAINED),
        )

    @classmethod
    def from_files(
        cls,
        autoencoder,
        networks,
        rnn,
        smoothing,
        interval=None,
        decoder=None,
        trained_jointly=None,
    ):
        """Load the networks; `rnn` and `smoothing` are sections of the configuration.

        The decoder of the file `decoder`, if there is one, takes the place of that of the
        autoencoder; decoder and networks of the file `trained_jointly` take the place of all.

        Raises
        ------
        led.files.FileError
            If a file is damaged, or the networks do not fit each other.
        """
        latent_forecaster = registry.create(LatentForecaster, **rnn)  # defines layers of the files
        model, members = load(autoencoder), tuple(map(files.load_network, networks))
        expected = model.get_layer("encoder").output.shape[-1]
        for path, member in zip(networks, members, strict=True):
            if (found := member.outputs[0].shape[-1]) != expected:
                raise files.FileError(
                    f"{path}: found a network of {found} latents, expected {expected}, those of "
                    f"{autoencoder}"
                )
        if trained_jointly:
            decoder, members = joint.parts(files.load_network(trained_jointly))
        elif decoder:
            decoder = files.load_network(decoder)
        return cls(model, latent_forecaster, members, smoothing, decoder, interval)

    def forecast(self, state_window, horizon):
        """Forecast from a window of states.

        Parameters
        ----------
        state_window : xarray.DataArray
            ([sample,] time, *grid, component) with the coordinate ``time``, in physical units and
            with the time step of the training data or a whole fraction of it; as long as the
            warm-up of the training.
        horizon : float
            Length of the forecast, in the unit of time.

        Returns
        -------
        xarray.DataArray
            The times that follow `state_window`, its other coordinates kept.
        """
        window = (
            state_window if "sample" in state_window.dims else state_window.expand_dims("sample")
        )
        times = window["time"].values
        step = times[1] - times[0]
        frames = round(horizon / step)
        if frames < 1:
            raise ValueError(f"horizon: found {horizon:g}, expected at least {step:g}, a time step")
        states, _, _ = self.rollout(frames, len(times), self.every(step))(window.values)
        ahead = times[-1] + step * np.arange(1, frames + 1)
        template = window.isel(time=0, drop=True).expand_dims(time=ahead, axis=1)
        forecast = template.copy(data=states)
        forecast["time"].attrs = window["time"].attrs
        return forecast if window is state_window else forecast.isel(sample=0)

    def every(self, step):
        """Return every how many-th frame, `step` apart, is one of a training sample."""
        return frames_apart(step, self.interval) if self.interval else 1

    @lru_cache  # noqa: B019  (compiled functions live as long as the process does, in any case)
    def rollout(self, frames, known, every=1):
        """Return the function that forecasts, which its first call compiles.

        Parameters
        ----------
        frames : int
            To forecast.
        known : int
            Of the warm-up.
        every : int
            See the method of this name.

        Returns
        -------
        callable
            Warm-up states, shape (sample, time, *grid, component), to (states of shape (sample,
            frames, *grid, component), latents, seconds of each stage).
        """
        last = (known - 1) // every * every  # to which the networks listen
        steps = -(-(known - 1 + frames - last) // every)
        rolls = [self.rnn.rollout(member, steps) for member in self.members]

        def run(warmup):
            clock = [time.perf_counter()]
            heard = encode(self.autoencoder, warmup[:, ::every])
            if self.smoothing:
                heard = smooth(heard, **self.smoothing, warmup=heard.shape[1])
            clock.append(time.perf_counter())
            ahead = np.mean([roll(heard) for roll in rolls], axis=0)
            series = np.concatenate([heard, ahead], axis=1)
            latents = between(series, every, np.arange(known, known + frames))
            clock.append(time.perf_counter())
            states = decode(self.autoencoder, latents, self.decoder)
            clock.append(time.perf_counter())
            return states, latents, dict(zip(STAGES, np.diff(clock), strict=True))

        return run


def describe(path, *, rnn, smoothing, interval, members, decoder, joint):
    """Write beside the networks what `Forecaster.load` needs to know of them."""
    description = {
        "rnn": rnn,
        "smoothing": smoothing,
        "interval": interval,
        "members": members,
        "decoder": decoder,
        "joint": joint,
    }
    with files.moved_into_place(path) as temporary:
        temporary.write_text(json.dumps(description, indent=2, sort_keys=True) + "\n")


def score(forecaster, state, warmup, horizon=None):
    """Forecast all samples of a split from their warm-up, beside the truth.

    Parameters
    ----------
    forecaster : Forecaster
    state : xarray.DataArray
        (sample, time, *grid, component); what comes after the warm-up is only compared with.
    warmup, horizon : float
        As in `led.frames.forecast_frames`.

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
    led.files.FileError
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
        As in `led.dataset.simulate`.
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
