"""States that are near each other, but not in time: for the dimension and for the divergence."""

import numpy as np
from scipy.spatial import cKDTree

TRIES = 64  # neighbours among which one that is far in time is looked for


def decorrelation(series):
    """Return the frames until the autocorrelation has fallen to 1 / e; at most a quarter.

    Parameters
    ----------
    series : ndarray, shape (sample, time, number)
    """
    frames = series.shape[1]
    away = series - series.mean(axis=(0, 1))
    spectrum = np.fft.rfft(away, 2 * frames, axis=1)
    products = np.fft.irfft((np.abs(spectrum) ** 2).sum(axis=(0, 2)))[:frames]
    correlation = products / np.maximum(1, frames - np.arange(frames))
    below = np.flatnonzero(correlation < correlation[0] / np.e)
    first = int(below[0]) if len(below) else frames
    return max(1, min(first, frames // 4))


def drawn(series, count, seed):
    """Return the samples and times of randomly chosen states, shape (count, 2)."""
    samples, frames = series.shape[:2]
    chosen = np.random.default_rng(seed).permutation(samples * frames)[:count]
    return np.stack(np.divmod(chosen, frames), axis=-1)


def nearest(series, places, others, apart, count):
    """Return the nearest states of other times or samples.

    Parameters
    ----------
    series : ndarray, shape (sample, time, number)
    places : ndarray of int, shape (place, 2)
        Sample and time of the states whose neighbours are wanted.
    others : ndarray of int, shape (other, 2)
        Of those among which they are looked for.
    apart : int
        Frames of the same sample within which a state is no neighbour: Theiler, Phys. Rev. A 34,
        2427 (1986).
    count : int

    Returns
    -------
    distances : ndarray, shape (place, count)
        Infinite where too few neighbours were found.
    found : ndarray of int, shape (place, count, 2)
        Their samples and times.
    """
    tree = cKDTree(series[tuple(others.T)])
    tries = max(count, min(len(others), TRIES + 2 * apart))
    distances, rows = tree.query(series[tuple(places.T)], tries)
    found = others[np.minimum(rows, len(others) - 1)]
    same = found[..., 0] == places[:, :1]
    near = same & (np.abs(found[..., 1] - places[:, 1:]) <= apart)
    distances = np.where(near | (distances == 0), np.inf, distances)
    order = np.argsort(distances, axis=1, kind="stable")[:, :count]
    return np.take_along_axis(distances, order, 1), np.take_along_axis(found, order[..., None], 1)
