"""Dominant periods of the samples, by their power spectrum."""

import numpy as np

MOST = 3
SHARE = 0.1  # of the variance, from which a peak counts
TIMES = 2  # that a sample has to hold a period


def power(series):
    """Return the power of each frequency, summed over what is given and averaged over the samples.

    A straight line is taken off each sample first, then a Hann window is applied.

    Parameters
    ----------
    series : ndarray, shape (sample, time, number)

    Returns
    -------
    frequencies : ndarray, shape (frequency,)
        Per frame, without zero.
    power : ndarray, shape (frequency,)
        Sums to one.
    """
    frames = series.shape[1]
    line = np.stack([np.ones(frames), np.linspace(-1, 1, frames)], axis=-1)
    fitted = np.einsum("tf,fu,sun->stn", line, np.linalg.pinv(line), series)
    windowed = (series - fitted) * np.hanning(frames)[None, :, None]
    # four times as many points, so that a period lies between two of them
    power = (np.abs(np.fft.rfft(windowed, 4 * frames, axis=1)) ** 2).sum(axis=2).mean(axis=0)
    frequencies = np.fft.rfftfreq(4 * frames)[1:]
    return frequencies, power[1:] / max(power[1:].sum(), np.finfo(float).tiny)


def dominant(frequencies, power):
    """Return the periods of the highest peaks and their shares of the variance.

    A peak has the power within half of its frequency spacing, two bins of the window, on either
    side. Periods of which a sample holds less than two are left out.

    Parameters
    ----------
    frequencies, power
        As `power` returns them.

    Returns
    -------
    list of (float, float)
        Period in frames and share, the largest share first.
    """
    found, left = [], power.copy()
    width = 8  # frequencies: two bins of the Hann window, four points each
    while len(found) < MOST:
        peak = int(left.argmax())
        near = slice(max(0, peak - width), peak + width + 1)
        share = float(left[near].sum())
        if share < SHARE:
            break
        # one bin of the window is 1 / frames
        if peak + 1 >= 4 * TIMES and peak + 1 < len(power):
            found.append((_top(frequencies, power, peak), share))
        left[near] = 0
    return sorted(found, key=lambda entry: -entry[1])


def _top(frequencies, power, peak):
    """Return the period of a peak: the top of a parabola through the logarithms of three points."""
    low, middle, high = np.log(np.maximum(power[peak - 1 : peak + 2], np.finfo(float).tiny))
    bend = low - 2 * middle + high
    shift = 0.5 * (low - high) / bend if bend < 0 else 0.0
    return float(1 / (frequencies[peak] + shift * (frequencies[1] - frequencies[0])))
