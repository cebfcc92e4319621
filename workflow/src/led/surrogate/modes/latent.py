"""A forecast in latent space: encode the warm-up, advance the latents, decode."""

import time
from dataclasses import dataclass
from functools import reduce
from operator import call, iadd
from typing import ClassVar, NamedTuple

import numpy as np

from led.autoencoders.base import decode, encode
from led.data.interpolation import between
from led.surrogate.modes.base import Mode
from led.surrogate.smoothing import smooth

STAGES = ("encode", "roll", "decode")
AS_IT_IS = (np.asarray, np.asarray)


class Rollout(NamedTuple):
    """What a forecast has computed.

    Parameters
    ----------
    states : ndarray, shape (sample, frame, *grid, component)
        Decoded from the mean of the latents of all members.
    latents : ndarray, shape (member, sample, frame, latent)
        Of the samples, not of their symmetric copies.
    seconds : dict of {str: float}
        Of each stage.
    members : ndarray, shape (member, sample, frame, *grid, component), or None
        Decoded from the latents of each member.
    """

    states: np.ndarray
    latents: np.ndarray
    seconds: dict
    members: np.ndarray | None = None

    @property
    def spread(self):
        """Standard deviation of the members, of the shape of `states`."""
        return self.members.std(axis=0)


@dataclass(frozen=True)
class Latent(Mode):
    """The forecast in latent space."""

    interpolates: ClassVar[bool] = True

    def forecast(self, surrogate, task):
        run = rollout(surrogate, len(task.times), task.known, task.every)
        found = run(task.window.values, task.inputs)
        dimensions = "member", "sample", "time", "latent"
        latents = dimensions, found.latents[:, :, task.chosen]
        return task.answer(found.states[:, task.chosen], found.seconds, latents=latents)


def rollout(surrogate, frames, known, every=1, apart=False):
    """Return the function that forecasts; its first call compiles it.

    Parameters
    ----------
    surrogate : led.surrogate.surrogate.Surrogate
    frames : int
        To forecast.
    known : int
        Frames of the warm-up.
    every : int
        Every how many-th frame is one of a training sample. The networks listen to these alone, and
        the latents between them are interpolated by a cubic spline.
    apart : bool
        Whether the latents of each member are decoded apart, too.

    Returns
    -------
    callable
        States of the warm-up, shape (sample, known, *grid, component), and for a surrogate with
        inputs these, shape (sample, known + frames, input), to a `Rollout`.
    """
    last = (known - 1) // every * every  # to which the networks listen
    steps = -(-(known - 1 + frames - last) // every)
    maps, inverses = zip(*surrogate.symmetries or [AS_IT_IS], strict=True)
    smoothing = surrogate.description.smoothing

    def run(window, inputs=None):
        clock = [time.perf_counter()]
        copies = np.concatenate([map_(window[:, ::every]) for map_ in maps])
        heard = encode(surrogate.autoencoder, copies)
        driving = following = None
        if inputs is not None:  # the same for all copies
            driving = np.tile(inputs[:, ::every], (len(maps), 1, 1))
            following = inputs[:, known:]
        if smoothing:
            heard = smooth(heard, **smoothing, known=heard.shape[1])
        clock.append(time.perf_counter())
        ahead = np.stack([member.forecast(heard, steps, driving) for member in surrogate.members])

        def on_frames(latents):
            series = np.concatenate([heard, latents], axis=1)
            return between(series, every, np.arange(known, known + frames))

        def decoded(latents):
            copies = (
                decode(surrogate.autoencoder, copy, surrogate.decoder, following)
                for copy in np.split(latents, len(maps))
            )
            states = reduce(iadd, map(call, inverses, copies))
            states /= len(maps)
            return states

        together = on_frames(ahead.mean(axis=0))
        clock.append(time.perf_counter())
        states = decoded(together)
        clock.append(time.perf_counter())
        seconds = dict(zip(STAGES, np.diff(clock), strict=True))
        latents, members = np.stack([on_frames(member) for member in ahead]), None
        if apart:
            members = np.stack([decoded(member) for member in latents])
            seconds["spread"] = time.perf_counter() - clock[-1]
        return Rollout(states, latents[:, : len(window)], seconds, members)

    return run
