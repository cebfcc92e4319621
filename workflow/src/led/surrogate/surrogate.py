"""LED: warm up on true states, run ahead in latent space, decode."""

import json
import time
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import call, iadd
from pathlib import Path

import keras
import numpy as np

from led.autoencoders.base import decode, encode, load
from led.data.frames import frames_apart
from led.data.interpolation import between
from led.dynamics.base import LatentForecaster
from led.jobs import files, registry
from led.surrogate.smoothing import smooth
from led.systems import symmetries
from led.training.objectives import joint

STAGES = ("encode", "roll", "decode")
DESCRIPTION = "forecaster.json"
AS_IT_IS = (np.asarray, np.asarray)
RETRAINED = ("decoder", "joint")  # files that are there where an experiment has these trainings


@dataclass(frozen=True, eq=False)
class Forecaster:
    """Encoder, smoothing, an ensemble of recurrent networks, and decoder.

    Parameters
    ----------
    autoencoder : keras.Model
    rnn : led.dynamics.base.LatentForecaster
    members : tuple of keras.Model
        Networks of `rnn`; a forecast is the mean of theirs, in latent space.
    smoothing : dict, optional
        ``window`` and ``order`` of `led.surrogate.smoothing.smooth`.
    decoder : keras.Model, optional
        Draws the forecast; that of the autoencoder without it.
    interval : float, optional
        Time between two frames of the training samples; that of the states to forecast without it.
        These may have a whole fraction of it: the networks then listen to every n-th frame of the
        warm-up, and the latents in between are interpolated.
    symmetries : tuple of (callable, callable)
        Maps of a state and their inverses, as `led.systems.symmetries.pairs` returns them. Each
        image of the warm-up is forecast and mapped back, and the mean is the forecast, which so has
        the symmetries that the networks only have roughly. The latents are those of the first
        image.
    """

    autoencoder: keras.Model
    rnn: LatentForecaster
    members: tuple
    smoothing: dict | None = None
    decoder: keras.Model | None = None
    interval: float | None = None
    symmetries: tuple = ()

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
            description["system"],
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
        system=None,
        decoder=None,
        trained_jointly=None,
    ):
        """Load the networks; `rnn`, `smoothing` and `system` are sections of the configuration.

        The forecast gets the symmetries of `system`, if there is one.
        The decoder of the file `decoder`, if there is one, takes the place of that of the
        autoencoder; decoder and networks of the file `trained_jointly` take the place of all.

        Raises
        ------
        led.jobs.files.FileError
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
        pairs = symmetries.pairs(system, model.input_shape[1:])
        return cls(model, latent_forecaster, members, smoothing, decoder, interval, pairs)

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

        maps, inverses = zip(*self.symmetries or [AS_IT_IS], strict=True)

        def run(warmup):
            clock = [time.perf_counter()]
            images = np.concatenate([map_(warmup[:, ::every]) for map_ in maps])
            heard = encode(self.autoencoder, images)
            if self.smoothing:
                heard = smooth(heard, **self.smoothing, warmup=heard.shape[1])
            clock.append(time.perf_counter())
            ahead = np.mean([roll(heard) for roll in rolls], axis=0)
            series = np.concatenate([heard, ahead], axis=1)
            latents = between(series, every, np.arange(known, known + frames))
            latents = np.split(latents, len(maps))
            clock.append(time.perf_counter())
            drawn = (decode(self.autoencoder, image, self.decoder) for image in latents)
            states = reduce(iadd, map(call, inverses, drawn))
            states /= len(maps)
            clock.append(time.perf_counter())
            return states, latents[0], dict(zip(STAGES, np.diff(clock), strict=True))

        return run


def describe(path, *, rnn, smoothing, interval, system, members, decoder, joint):
    """Write beside the networks what `Forecaster.load` needs to know of them."""
    description = {
        "rnn": rnn,
        "smoothing": smoothing,
        "interval": interval,
        "system": system,
        "members": members,
        "decoder": decoder,
        "joint": joint,
    }
    with files.moved_into_place(path) as temporary:
        temporary.write_text(json.dumps(description, indent=2, sort_keys=True) + "\n")
