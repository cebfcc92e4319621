"""Where the steps of the networks lie among the frames of a forecast."""

from dataclasses import dataclass

import numpy as np

from led.data.interpolation import between
from led.surrogate.smoothing import smooth


@dataclass(frozen=True)
class Steps:
    """The steps that the networks listen to, and those that they forecast.

    Frames are numbered from the first of the warm-up.

    Parameters
    ----------
    first : int
        Frame of the first step.
    spacing : int
        Frames from step to step.
    known : int
        Steps of the warm-up.
    ahead : int
        Steps of the forecast.
    needed : slice
        Frames of the warm-up that are encoded: those that networks and filter need.
    smoothing : dict or None
        As `led.surrogate.smoothing.smooth` takes it.
    """

    first: int
    spacing: int
    known: int
    ahead: int
    needed: slice
    smoothing: dict | None

    @classmethod
    def of(cls, surrogate, known, last, every=1):
        """Find them for a forecast.

        Parameters
        ----------
        surrogate : led.surrogate.surrogate.Surrogate
        known : int
            Frames of the warm-up.
        last : int
            Number of the last frame that is forecast; 0 follows the warm-up.
        every : int
            Every how many-th frame is one of a training sample.
        """
        frames = -(-known // every)
        heard = surrogate.members[0].heard(frames)
        first, stride = heard.start, heard.step
        smoothing = surrogate.description.smoothing
        if smoothing:  # of the frames on both sides of what is heard
            window = smoothing["window"]
            first, stride = max(0, min(first - window // 2, frames - window)), 1
        count, spacing = len(range(frames)[heard]), heard.step * every
        end = heard.start * every + (count - 1) * spacing
        ahead = -(-(known + last - end) // spacing)
        needed = slice(first * every, known, stride * every)
        return cls(heard.start * every, spacing, count, ahead, needed, smoothing)

    def heard(self, seen):
        """Return what networks hear, (sample, step, latent), of latents of the frames needed."""
        if not self.smoothing:
            return seen
        smoothed = smooth(seen, **self.smoothing, known=seen.shape[1])
        start, every = self.first - self.needed.start, self.needed.step
        return smoothed[:, start // every :: self.spacing // every]

    def inputs(self, inputs, copies=1):
        """Return inputs at the steps, each held until the next one, or None without any.

        Parameters
        ----------
        inputs : ndarray, shape (sample, frame, input), or None
        copies : int
            How many times the samples follow each other.

        Returns
        -------
        ndarray, shape (copy and sample, step, input), or None
        """
        if inputs is None:
            return None
        places = self.first + self.spacing * np.arange(self.known + self.ahead)
        return np.tile(inputs[:, np.minimum(places, inputs.shape[1] - 1)], (copies, 1, 1))

    def at(self, series, frames):
        """Return a series of all steps, (sample, step, ...), at some frames, by a cubic spline."""
        return between(series, self.spacing, frames - self.first)
