"""Intrinsic dimension of the set of states: how many numbers a state has at least."""

import numpy as np

from led.inspection import neighbours

POINTS = 2000
LEFT_OUT = 0.1  # the largest ratios, which are far from the line


def two_nearest(series, apart, seed=0):
    """Estimate the intrinsic dimension from the two nearest neighbours of randomly drawn states.

    The ratio of their distances has the distribution 1 - r^(-d). After Facco, d'Errico, Rodriguez,
    Laio, Scientific Reports 7, 12140 (2017): a line through the origin, without the tenth of the
    largest ratios. It counts noise as dimensions, and is too small above ten dimensions.

    Parameters
    ----------
    series : ndarray, shape (sample, time, number)
    apart : int
        As in `led.inspection.neighbours.nearest`.
    seed : int

    Returns
    -------
    dimension : float
        Not a number for fewer than 20 states that have neighbours.
    spread : float
        Half the range over five subsets of the states.
    """
    places = neighbours.drawn(series, POINTS, seed)
    distances, _ = neighbours.nearest(series, places, places, apart, 2)
    first, second = distances[np.isfinite(distances).all(axis=1)].T
    ratios = np.log(second / first)
    if len(ratios) < 20:
        return np.nan, np.nan
    parts = [_slope(part) for part in np.array_split(ratios, 5)]
    return _slope(ratios), float(np.ptp(parts)) / 2


def _slope(ratios):
    ordered = np.sort(ratios)
    share = np.arange(1, len(ordered) + 1) / len(ordered)
    kept = int(len(ordered) * (1 - LEFT_OUT))
    x, y = ordered[:kept], -np.log(1 - share[:kept])
    return float((x @ y) / (x @ x)) if x @ x > 0 else np.nan
