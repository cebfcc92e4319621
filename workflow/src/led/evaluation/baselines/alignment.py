"""Where the frames of a forecast lie in the training samples, whose time step may be longer."""

import numpy as np

from led.data.frames import frames_apart


def frames_between(train, window, times):
    """Return every how many-th frame of `window` is one of a training sample.

    The window may be a single frame: `times` follow it, with the same time step.

    Raises
    ------
    ValueError
        If their time steps do not fit.
    """
    interval = float(train["time"][1] - train["time"][0])
    return frames_apart(float(times[0] - window["time"][-1]), interval)


def places(window, count, every):
    """Return where the frames after a warm-up lie in a training sample, in frames of that.

    They are counted from the first frame of both: only differences of times matter.

    Parameters
    ----------
    window : xarray.DataArray
        (sample, time, ...).
    count : int
        Frames that follow.
    every : int
        What `frames_between` returns.

    Returns
    -------
    ndarray of float, shape (count,)
    """
    return (window.sizes["time"] + np.arange(count)) / every


def at_places(series, where):
    """Return a series between its frames by linear interpolation.

    Parameters
    ----------
    series : ndarray, shape (time, ...)
    where : ndarray of float
        Numbers of frames, from 0 to the last.

    Returns
    -------
    ndarray, shape (len(where), ...), of the dtype of `series`
    """
    before = np.floor(where).astype(int)
    share = (where - before).reshape(-1, *[1] * (series.ndim - 1)).astype(series.dtype)
    if not share.any():
        return series[before]
    after = np.minimum(before + 1, len(series) - 1)
    return series[before] + share * (series[after] - series[before])
