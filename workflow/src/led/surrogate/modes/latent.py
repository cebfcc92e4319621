"""A forecast in latent space: encode the warm-up, advance the latents, decode."""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from led.surrogate.modes.base import Mode, Stopwatch
from led.surrogate.modes.steps import Steps


@dataclass(frozen=True)
class Latent(Mode):
    """The forecast in latent space."""

    interpolates: ClassVar[bool] = True

    def forecast(self, surrogate, task):
        run = rollout(surrogate, task.chosen, task.known, task.every)
        found = run(task.window.values, task.inputs)
        latents = ("member", "sample", "time", "latent"), found.latents
        return task.answer(found.states, found.seconds, latents=latents)


class Rollout(NamedTuple):
    """What a forecast has computed.

    Parameters
    ----------
    states : ndarray, shape (sample, chosen, *grid, component)
        Decoded from the mean of the latents of all members.
    latents : ndarray, shape (member, sample, chosen, latent)
        Of the samples, not of their symmetric copies.
    seconds : dict of {str: float}
        Of each stage.
    members : ndarray, shape (member, sample, chosen, *grid, component), or None
        Decoded from the latents of each member.
    variances : ndarray of that shape, or float
        Those that the members predict of themselves, of the states.
    """

    states: np.ndarray
    latents: np.ndarray
    seconds: dict
    members: np.ndarray | None = None
    variances: np.ndarray | float = 0.0

    @property
    def spread(self):
        """Standard deviation of the forecast, of the shape of `states`.

        The variance is mean(variance + mean^2) - mean(mean)^2 over the members: that between them,
        and the mean of their own. Lakshminarayanan, Pritzel, Blundell, "Simple and scalable
        predictive uncertainty estimation using deep ensembles" (2017).
        """
        own = np.mean(self.variances, axis=0) if np.ndim(self.variances) else self.variances
        return np.sqrt(self.members.var(axis=0) + own)


def rollout(surrogate, chosen, known, every=1, apart=False):
    """Return the function that forecasts; its first call compiles it.

    Parameters
    ----------
    surrogate : led.surrogate.surrogate.Surrogate
    chosen : ndarray of int
        Numbers of the frames to forecast, ascending; 0 follows the warm-up. No other is decoded.
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
        inputs these, shape (sample, frames, input), to a `Rollout`.
    """
    steps, frames = Steps.of(surrogate, known, chosen[-1], every), known + chosen

    def run(window, inputs=None):
        clock = Stopwatch("encode", "roll", "decode", *["spread"] * apart)
        with clock("encode"):
            seen = surrogate.encode(window[:, steps.needed])
        with clock("roll"):
            ahead = roll(surrogate, steps, seen, frames, inputs)
        following = None if inputs is None else inputs[:, frames]
        with clock("decode"):
            states = surrogate.decode(ahead.mean(axis=0), following)
        further = {}
        if apart:
            with clock("spread"):
                further["members"] = np.stack([surrogate.decode(one, following) for one in ahead])
                if surrogate.predicts_variance:
                    doubts = roll(surrogate, steps, seen, frames, inputs, doubt=True)
                    pairs = zip(ahead, np.maximum(doubts, 0), strict=True)  # splines may overshoot
                    further["variances"] = np.stack(
                        [surrogate.decode_variance(*pair, following) for pair in pairs]
                    )
        return Rollout(states, ahead[:, : len(window)], clock.seconds, **further)

    return run


def roll(surrogate, steps, seen, frames, inputs=None, doubt=False):
    """Forecast latents, or the variances that the members predict of them.

    Parameters
    ----------
    surrogate : led.surrogate.surrogate.Surrogate
    steps : led.surrogate.modes.steps.Steps
    seen : ndarray, shape (copy and sample, frame, latent)
        Latents of the frames that `steps` needs; of each symmetric copy all samples.
    frames : ndarray of int
        To return, numbered from the first of the warm-up.
    inputs : ndarray, shape (sample, frame, input), optional
        From the warm-up to the last frame that is forecast, the same for all copies.
    doubt : bool
        Whether to return the variances.

    Returns
    -------
    ndarray, shape (member, copy and sample, frames, latent)
    """
    heard = steps.heard(seen)
    driving = () if inputs is None else (steps.inputs(inputs, len(seen) // len(inputs)),)
    run = "doubt" if doubt else "go_on"
    series = (getattr(member, run)(heard, steps.ahead, *driving) for member in surrogate.members)
    return np.stack([steps.at(one, frames) for one in series])
