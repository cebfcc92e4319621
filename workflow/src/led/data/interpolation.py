"""Between the frames of a series."""

import numpy as np
from scipy.interpolate import CubicSpline


def between(series, every, frames):
    """Return a series at some frames, by a cubic spline along time.

    Parameters
    ----------
    series : ndarray, shape (sample, time, ...)
        Every how many-th frame is known, from the first on.
    every : int
    frames : ndarray of int
        Not before the first.

    Returns
    -------
    ndarray, shape (sample, len(frames), ...), of the dtype of `series`
    """
    if every == 1:
        return series[:, frames]
    spline = CubicSpline(np.arange(series.shape[1]) * every, series, axis=1)
    return spline(frames).astype(series.dtype)
