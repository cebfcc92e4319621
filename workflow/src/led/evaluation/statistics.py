"""Long-run statistics: whether a forecast looks like the truth when it no longer follows it.

Two chaotic series part after a few Lyapunov times, however good the model is. Their histograms,
spectra and autocorrelations still agree.
"""

import numpy as np
import xarray as xr
from scipy import fft, signal

from led.data.frames import LONG_RUN
from led.evaluation.errors import CONSTANT, STATISTICS, append_all

BINS = 50
WINDOW = 256  # frames, at most, of a spectrum in time
ENERGY = 0.95  # share of the modes that are compared


def compare(prediction, truth, deviation):
    """Compare the statistics of each sample; ``all`` is the mean over the components.

    - ``histogram_distance``: total variation, half the sum of the absolute differences of the
      shares in 50 equal bins over the range of the truth, and in all beyond it. 0 to 1;
    - ``time_spectrum_error``: sum of the absolute differences of the power over the modes that hold
      95 % of the energy of the truth, the strongest first, divided by that energy;
    - ``space_spectrum_error``: the same of the modes along all dimensions of the grid;
    - ``autocorrelation_error``: mean absolute difference up to a lag of a quarter of the series;
    - ``deviation_ratio``: standard deviation of the forecast over that of the truth.

    Parameters
    ----------
    prediction, truth : xarray.DataArray
        Dimensions (sample, time, *grid, component), on the same coordinates.
    deviation : ndarray, shape (component,)
        Standard deviation of each component over the training samples: a truth that varies by far
        less is constant, as in `led.evaluation.errors.errors`.

    Returns
    -------
    xarray.Dataset, (sample, component)
        The five; without a grid no ``space_spectrum_error``. NaN where the truth is constant, and
        of space where cells are missing, which count in none of them. Nothing of fewer than 32
        frames.
    """
    if truth.sizes["time"] < LONG_RUN:
        return xr.Dataset()
    components = truth["component"].values
    found = np.empty((truth.sizes["sample"], len(components), len(STATISTICS)))
    for sample, component in np.ndindex(found.shape[:2]):
        both = (states[sample, ..., component].values for states in (prediction, truth))
        both = (states.astype(float) for states in both)
        found[sample, component] = _compare(*both, CONSTANT * deviation[component])
    coordinates = {"sample": truth["sample"], "component": components}
    values = xr.DataArray(found, coordinates, ("sample", "component", "statistic"))
    values = append_all(values, values.mean("component"))
    named = {name: values[..., n] for n, name in enumerate(STATISTICS)}
    if truth.ndim == 3:
        del named["space_spectrum_error"]
    return xr.Dataset(named)


def known(states):
    """Return the cells of (time, *grid) that are not missing, in a row if some are."""
    there = ~np.isnan(states[0])
    return states if there.all() else states[:, there]


def histogram(values, low, high):
    """Return the shares below `low`, in `BINS` equal bins from there to `high`, and above it."""
    edges = np.linspace(low, high, BINS + 1)
    inside, _ = np.histogram(values, edges)
    counts = np.array([(values < low).sum(), *inside, (values > high).sum()])
    return counts / values.size


def time_spectrum(states, step=1.0):
    """Return frequencies above zero and the mean power of all cells at them.

    By Welch's method (1967), with windows of 256 frames, or of a quarter of all if that is less.
    More windows have less noise.

    Parameters
    ----------
    states : ndarray, shape (time, *grid)
    step : float
        Time between two frames.
    """
    series = states.reshape(len(states), -1)
    window = min(WINDOW, len(series) // 4)
    frequencies, power = signal.welch(series, 1 / step, nperseg=window, axis=0)
    return frequencies[1:], power.mean(axis=1)[1:]


def space_spectrum(states, axis):
    """Return the power of the modes along one axis of the grid, that of the mean first.

    The mean over time and grid is taken off before. The sum over the modes is the variance.

    Parameters
    ----------
    states : ndarray, shape (time, *grid)
    axis : int
        1 is the first of the grid.
    """
    points = states.shape[axis]
    modes = np.abs(fft.rfft(states - states.mean(), axis=axis) / points) ** 2
    power = np.moveaxis(modes, axis, 0).reshape(modes.shape[axis], -1).mean(axis=1)
    power[1 : (points + 1) // 2] *= 2  # those of negative wave numbers
    return power


def autocorrelation(states):
    """Return that of all cells together, for lags up to a quarter of the frames; 1 if constant.

    Parameters
    ----------
    states : ndarray, shape (time, *grid)
    """
    frames = len(states)
    series = states.reshape(frames, -1)
    series = series - series.mean(axis=0)
    power = (np.abs(fft.rfft(series, 2 * frames, axis=0)) ** 2).sum(axis=1)
    sums = fft.irfft(power)[: frames // 4 + 1] / np.arange(frames, frames - frames // 4 - 1, -1)
    return sums / sums[0] if sums[0] > 0 else np.ones_like(sums)


def _compare(prediction, truth, least):
    """Return the values of `STATISTICS` for one component of one sample, (time, *grid)."""
    axes = () if np.isnan(truth).any() else range(1, truth.ndim)
    both = prediction, truth = known(prediction), known(truth)
    deviation = truth.std()
    if deviation <= least:
        return [np.nan] * len(STATISTICS)
    shares = (histogram(states, truth.min(), truth.max()) for states in both)
    in_space = [[space_spectrum(states, axis) for axis in axes] for states in both]
    return [
        np.abs(np.subtract(*shares)).sum() / 2,
        spectrum_error(*(time_spectrum(states)[1] for states in both)),
        spectrum_error(*map(np.concatenate, in_space)) if axes else np.nan,
        np.abs(np.subtract(*map(autocorrelation, both))).mean(),
        prediction.std() / deviation,
    ]


def spectrum_error(found, expected):
    """Return the difference of two spectra; see `compare`."""
    chosen = energetic(expected)
    return np.abs(found - expected)[chosen].sum() / expected[chosen].sum()


def energetic(power):
    """Return the strongest modes that together hold 95 % of the energy, the strongest first."""
    order = np.argsort(power)[::-1]
    held = np.cumsum(power[order])
    return order[: np.searchsorted(held, ENERGY * held[-1]) + 1]
