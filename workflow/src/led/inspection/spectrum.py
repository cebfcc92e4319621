"""Principal components of training samples, and what they leave of validation samples."""

import math
from dataclasses import dataclass

import numpy as np
from scipy.linalg import eigh

from led.data.scaling import Scaling

SNAPSHOTS = 1000  # frames of the training samples that the modes are fitted to, at most
VALUES = 100e6  # numbers of these frames, at most
MOST = 256  # modes
NEGLIGIBLE = 1e-10  # of the largest variance: rounding


@dataclass(frozen=True, eq=False)
class Spectrum:
    """Modes of the training samples, fitted to equally spaced frames of all of them.

    Parameters
    ----------
    scaling : led.data.scaling.Scaling
        Of the components over the training samples.
    mean : ndarray, shape (number,)
        Of the flattened, standardised states.
    modes : ndarray, shape (number, mode)
        Orthonormal, those of the largest variance first.
    """

    scaling: Scaling
    mean: np.ndarray
    modes: np.ndarray

    @classmethod
    def of(cls, state, maps=(), seed=0):
        """Fit the modes.

        Parameters
        ----------
        state : xarray.DataArray
            (sample, time, *grid, component); is read a sample at a time.
        maps : sequence of callable
            Symmetries: each frame is that of one symmetric copy, drawn with `seed`.
        seed : int
        """
        scaling, size = Scaling.of(state), math.prod(state.shape[2:])
        most = int(max(2, min(SNAPSHOTS, VALUES // size)))
        samples = np.unique(np.linspace(0, len(state) - 1, min(len(state), most)).astype(int))
        frames = np.linspace(0, state.shape[1] - 1, max(1, most // len(samples))).astype(int)
        frames, rng = np.unique(frames), np.random.default_rng(seed)
        rows = []
        for sample in samples:
            states = np.asarray(state[int(sample)])[frames]
            if maps:
                chosen = rng.integers(len(maps), size=len(states))
                drawn = zip(chosen, states, strict=True)
                states = np.concatenate([maps[number](frame[None]) for number, frame in drawn])
            rows.append(_flat(states, scaling))
        snapshots = np.concatenate(rows)
        mean = snapshots.mean(axis=0)
        return cls(scaling, mean, _modes(snapshots - mean))

    def latents(self, state):
        """Project samples of a split on the modes.

        Parameters
        ----------
        state : xarray.DataArray or ndarray
            (sample, time, *grid, component); is read a sample at a time.

        Returns
        -------
        latents : ndarray, shape (sample, time, mode)
        rest : ndarray, shape (sample, time)
            Square of what all modes leave of a standardised state.
        """
        latents = np.empty((*state.shape[:2], self.modes.shape[1]))
        rest = np.empty(state.shape[:2])
        for sample in range(len(state)):
            centred = _flat(np.asarray(state[sample]), self.scaling) - self.mean
            latents[sample] = centred @ self.modes
            rest[sample] = (centred**2).sum(axis=1) - (latents[sample] ** 2).sum(axis=1)
        return latents, np.maximum(rest, 0)

    def of_copies(self, states, maps, seed=0):
        """Return the latents of one symmetric copy of each sample, drawn with `seed`.

        Parameters
        ----------
        states : xarray.DataArray
            (sample, time, *grid, component).
        maps : sequence of callable
            Symmetries; without any there are no copies.

        Returns
        -------
        list of ndarray, shape (1, time, mode)
        """
        if not maps:
            return []
        numbers = np.random.default_rng(seed).integers(len(maps), size=len(states))
        return [
            self.latents(maps[number](np.asarray(state)[None]))[0]
            for number, state in zip(numbers, states, strict=True)
        ]


def unexplained(latents, rest):
    """Return which share of the variance about the mean of the training the first modes leave.

    Parameters
    ----------
    latents, rest
        As `Spectrum.latents` returns them.

    Returns
    -------
    ndarray, shape (mode + 1,)
        Entry k: what k modes leave.
    """
    squares = (latents**2).mean(axis=(0, 1))
    left = np.concatenate([np.cumsum(squares[::-1])[::-1], [0.0]]) + rest.mean()
    return left / left[0] if left[0] > 0 else left


def modes_for(left, share):
    """Return how many modes leave at most a share of the variance, or None."""
    enough = np.flatnonzero(left <= share)
    return int(enough[0]) if len(enough) else None


def _flat(states, scaling):
    values = (states.astype(np.float64) - scaling.mean) / scaling.deviation
    return values.reshape(len(values), -1)


def _modes(snapshots):
    """Return the right singular vectors, by the smaller of the two matrices of products."""
    count, size = snapshots.shape
    thin = size > count
    products = snapshots @ snapshots.T if thin else snapshots.T @ snapshots
    last = len(products) - 1
    variances, vectors = eigh(products, subset_by_index=[max(0, last + 1 - MOST), last])
    kept = np.flatnonzero(variances > NEGLIGIBLE * variances[-1])[::-1]
    if thin:
        return snapshots.T @ (vectors[:, kept] / np.sqrt(variances[kept]))
    return vectors[:, kept]
