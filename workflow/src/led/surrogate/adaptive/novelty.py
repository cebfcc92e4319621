"""How far a comparison is from all that the training samples hold."""

import numpy as np
from scipy.spatial import cKDTree

from led.autoencoders.trained import encode
from led.jobs import seeds

WINDOWS = 10_000  # of the training samples
POINTS = 8  # frames of a window that are compared, from its first to its last


class Novelty:
    """Finds the nearest of many windows of the training samples.

    A window has the frames of a warm-up and a comparison, so it shows how states follow each other.
    A system that has changed may visit known states in an unknown way.

    Parameters
    ----------
    latents : ndarray, shape (window, frame, latent)
    variance : float
        Of the latents, their mean.
    """

    def __init__(self, latents, variance):
        self._tree, self._variance = cKDTree(_points(latents)), variance

    @classmethod
    def of(cls, surrogate, ensemble, states, frames, seed=0):
        """Draw windows of so many frames from each of the training samples.

        Parameters
        ----------
        surrogate : led.surrogate.surrogate.Surrogate
        ensemble : led.surrogate.adaptive.ensemble.Ensemble
        states : xarray.DataArray
            (sample, time, *grid, component) of the training split; may be a file.
        frames, seed : int
        """
        count = -(-WINDOWS // states.sizes["sample"])
        rng = np.random.default_rng(seeds.derive(seed, "novelty"))
        found = []
        for sample in range(states.sizes["sample"]):
            latents = encode(surrogate.autoencoder, states[[sample]].values)[0]
            starts = rng.integers(len(latents) - frames + 1, size=count)
            found.append(latents[starts[:, None] + np.arange(frames)])
        return cls(np.concatenate(found), ensemble.variance)

    def distance(self, latents):
        """Return the distance of each window from the nearest one of the training samples.

        Parameters
        ----------
        latents : ndarray, shape (sample, frame, latent)

        Returns
        -------
        ndarray, shape (sample,)
            Root of the mean square, in standard deviations of the training latents.
        """
        points = _points(latents)
        near, _ = self._tree.query(points)
        return near / np.sqrt(self._variance * points.shape[1])


def _points(latents):
    frames = np.linspace(0, latents.shape[1] - 1, POINTS).round().astype(int)
    return latents[:, frames].reshape(len(latents), -1)
