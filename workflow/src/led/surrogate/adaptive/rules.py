"""When a surrogate is trusted, and for how long."""

from dataclasses import dataclass, replace

import numpy as np

from led.autoencoders.trained import scaling_of
from led.data.frames import whole_steps
from led.jobs import seeds


@dataclass(frozen=True)
class Rules:
    """The limits and lengths of a cycle.

    Parameters
    ----------
    error : float
        Largest error of a comparison that accepts the surrogate. The error is the mean square in
        one frame of what the states differ by, in standard deviations of the training samples.
    spread : float
        Largest spread of the members, in a comparison and after it: see
        `led.surrogate.adaptive.ensemble.Ensemble.advance`.
    compare : int
        Frames of a comparison.
    shortest, longest : int
        Frames between which the length of a macro or micro stage is drawn.
    relax : int
        Frames that the solver runs from a decoded state before the members listen.
    seed : int
    distance : float
        Largest distance of a comparison from the training samples: see
        `led.surrogate.adaptive.novelty.Novelty.distance`.
    """

    error: float
    spread: float
    compare: int
    shortest: int
    longest: int
    relax: int = 0
    seed: int = 0
    distance: float = np.inf

    def in_steps(self, stride):
        """Return the rules with lengths that are rounded up to whole steps of the networks."""
        names = "compare", "shortest", "longest", "relax"
        lengths = {name: whole_steps(getattr(self, name), stride) for name in names}
        return replace(self, **lengths)

    def length(self, cycle, stride=1):
        """Draw the frames of the macro or micro stage of a cycle of this number."""
        rng = np.random.default_rng(seeds.derive(self.seed, "adaptive", int(cycle)))
        return stride * int(rng.integers(self.shortest // stride, self.longest // stride + 1))

    def accept(self, error, spread, distance):
        """Return whether a comparison accepts the surrogate; not where a number is NaN."""
        near = distance <= self.distance
        return (error <= self.error) & (spread <= self.spread) & near


def errors_of(found, expected, autoencoder):
    """Return the mean square in each frame of what states differ by.

    Parameters
    ----------
    found, expected : ndarray, shape (sample, time, *grid, component)
    autoencoder : keras.Model
        The differences are in standard deviations of the samples that it was trained on.

    Returns
    -------
    ndarray, shape (sample, time)
    """
    with np.errstate(over="ignore", invalid="ignore"):  # an error of infinity or NaN is rejected
        apart = (found.astype(float) - expected) / scaling_of(autoencoder).deviation
        return (apart**2).mean(axis=tuple(range(2, apart.ndim)))
