"""A forecast of one step at a time, each from the truth before it."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from led.surrogate.modes.base import Mode, Stopwatch
from led.surrogate.modes.latent import roll
from led.surrogate.modes.steps import Steps

AT_ONCE = 64  # windows of a sample


@dataclass(frozen=True)
class TeacherForced(Mode):
    """One step ahead of the truth, which it sees: a diagnosis, no forecast.

    For each step of the networks, they listen to the true states before it, for as long as the
    warm-up lasts. So its error is that of a single step and of the autoencoder. What the error of
    `latent` exceeds it by has built up.
    """

    sees_truth: ClassVar[bool] = True

    def forecast(self, surrogate, task):
        clock = Stopwatch("encode", "roll", "decode")
        stride, known = surrogate.members[0].stride, task.known
        steps, ahead = Steps.of(surrogate, known, stride - 1), known + np.arange(stride)
        with clock("encode"):
            states = np.concatenate([task.window.values, task.truth], axis=1)
            series = surrogate.encode(states)
        starts = np.arange(0, len(task.times), stride)  # of the windows that are heard
        latents = np.empty((len(series), len(starts), stride, series.shape[-1]), series.dtype)
        with clock("roll"):
            for part in np.array_split(np.arange(len(starts)), -(-len(starts) // AT_ONCE)):
                places = starts[part, None] + np.arange(known)[steps.needed]
                driving = None
                if task.inputs is not None:
                    held = starts[part, None] + np.arange(known + stride)
                    driving = task.inputs[:, np.minimum(held, task.inputs.shape[1] - 1)]
                    driving = driving.reshape(-1, *driving.shape[2:])
                seen = series[:, places]
                found = roll(surrogate, steps, seen.reshape(-1, *seen.shape[2:]), ahead, driving)
                latents[:, part] = found.mean(axis=0).reshape(len(series), len(part), stride, -1)
        latents = latents.reshape(len(series), -1, latents.shape[-1])[:, task.chosen]
        following = None if task.inputs is None else task.inputs[:, known + task.chosen]
        with clock("decode"):
            states = surrogate.decode(latents, following)
        return task.answer(states, clock.seconds)
