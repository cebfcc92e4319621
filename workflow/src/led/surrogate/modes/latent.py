"""A forecast in latent space: encode the warm-up, advance the latents, decode."""

import time
from dataclasses import dataclass
from functools import reduce
from operator import call, iadd
from typing import ClassVar

import numpy as np

from led.autoencoders.base import decode, encode
from led.data.interpolation import between
from led.surrogate.modes.base import Mode
from led.surrogate.smoothing import smooth

STAGES = ("encode", "roll", "decode")
AS_IT_IS = (np.asarray, np.asarray)


@dataclass(frozen=True)
class Latent(Mode):
    """The forecast in latent space."""

    interpolates: ClassVar[bool] = True

    def forecast(self, surrogate, task):
        run = rollout(surrogate, len(task.times), task.known, task.every)
        states, latents, seconds = run(task.window.values, task.inputs)
        dimensions = "member", "sample", "time", "latent"
        latents = dimensions, latents[:, :, task.chosen]
        return task.answer(states[:, task.chosen], seconds, latents=latents)


def rollout(surrogate, frames, known, every=1):
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

    Returns
    -------
    callable
        States of the warm-up, shape (sample, known, *grid, component), and for a surrogate with
        inputs these, shape (sample, known + frames, input), to (states of shape (sample,
        frames, *grid, component), latents of shape (member, sample, frames, latent), seconds of
        each stage). The latents are those of the samples, not of their symmetric copies.
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

        together = np.split(on_frames(ahead.mean(axis=0)), len(maps))
        clock.append(time.perf_counter())
        decoded = (
            decode(surrogate.autoencoder, copy, surrogate.decoder, following) for copy in together
        )
        states = reduce(iadd, map(call, inverses, decoded))
        states /= len(maps)
        clock.append(time.perf_counter())
        latents = np.stack([on_frames(member)[: len(window)] for member in ahead])
        return states, latents, dict(zip(STAGES, np.diff(clock), strict=True))

    return run
