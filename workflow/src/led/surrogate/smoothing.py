"""Smoothing of latent trajectories along time."""

import numpy as np
from scipy.signal import savgol_filter

from led.data.frames import forecast_frames


def smooth(latents, window, order, known):
    """Filter each sample with a Savitzky-Golay filter, cut at the end of the warm-up.

    The filter is centred, so over a whole series it would mix the warm-up with what comes after it.
    The warm-up is therefore filtered by itself, and what follows by itself: the first part is
    exactly what a forecast will be given.

    Savitzky and Golay, Analytical Chemistry 36 (1964); the ends by polynomial fits of the same
    order.

    Parameters
    ----------
    latents : ndarray, shape (sample, time, latent)
    window : int
        Length of the filter in frames; odd, so that it has a middle.
    order : int
        Of the polynomial, below `window`.
    known : int
        Frames of the warm-up.

    Returns
    -------
    ndarray, shape (sample, time, latent), of the dtype of `latents`

    Raises
    ------
    ValueError
        If `window` is even, or longer than one of the two parts.
    """
    if window % 2 == 0:
        raise ValueError(f"smoothing.window: found {window}, expected an odd number")
    parts = [latents[:, :known], latents[:, known:]]
    smoothed = []
    for part in parts:
        if part.shape[1] == 0:
            continue
        if part.shape[1] < window:
            raise ValueError(
                f"smoothing.window: found {window} frames, expected at most {part.shape[1]}, "
                "the length of what is smoothed"
            )
        smoothed.append(savgol_filter(part, window, order, axis=1))
    return np.concatenate(smoothed, axis=1).astype(latents.dtype)


def smooth_split(latents, smoothing, warmup):
    """Smooth the latents of a split.

    Parameters
    ----------
    latents : xarray.Dataset
        ``latents(sample, time, latent)``.
    smoothing : dict or None
        ``window`` and ``order`` of `smooth`; nothing is done without it.
    warmup : float
        The warm-up is what lies before this time.

    Returns
    -------
    xarray.Dataset
    """
    if smoothing is None:
        return latents
    known, _ = forecast_frames(latents["time"].values, warmup)
    smoothed = smooth(latents["latents"].values, **smoothing, known=known)
    return latents.assign(latents=latents["latents"].copy(data=smoothed))
