"""Whether a grid is periodic and all its points are alike: then shifted samples are samples."""

import numpy as np

from led.inspection.spectrum import Spectrum
from led.systems import symmetries

ENDS = 1.5  # times the step between neighbours that the two ends may differ
EVEN = 0.1  # of the standard deviation, that means may differ from point to point
GAIN = 0.8  # of the unexplained variance that has to be left at most


def periodic(state):
    """Return the dimensions along which the first and the last point are neighbours.

    Points are equally spaced there, and the root mean square difference between the first and the
    last is at most 1.5 times that of two neighbours.
    """
    found = []
    for axis, name in enumerate(state.dims[2:-1], start=1):
        points = state[name].values.astype(float)
        spacing = np.diff(points)
        if len(points) < 8 or not np.allclose(spacing, spacing[0], rtol=1e-3):
            continue
        inner = outer = 0.0
        for sample in range(0, len(state), max(1, len(state) // 20)):
            values = np.asarray(state[sample], np.float64)
            inner += (np.diff(values, axis=axis) ** 2).mean()
            ends = values.take(0, axis) - values.take(-1, axis)
            outer += (ends**2).mean()
        if outer <= ENDS**2 * inner:
            found.append(name)
    return found


def alike(state, names):
    """Return those of some dimensions along which all points have the same statistics.

    That is: the mean over samples and times varies along them by less than a tenth of the standard
    deviation, and the standard deviation by less than a fifth.

    Parameters
    ----------
    state : xarray.DataArray
        (sample, time, *grid, component).
    names : sequence of str
    """
    means, squares = 0.0, 0.0
    for sample in range(len(state)):
        values = np.asarray(state[sample], np.float64)
        means, squares = means + values.mean(0), squares + (values**2).mean(0)
    mean = means / len(state)
    spread = np.sqrt(np.maximum(squares / len(state) - mean**2, 0))
    whole = np.maximum(spread.mean(tuple(range(mean.ndim - 1))), np.finfo(float).tiny)
    found = []
    for axis, name in enumerate(state.dims[2:-1]):
        if name in names and all(
            (values.std(axis) / whole).mean() < least
            for values, least in ((mean, EVEN), (spread, 2 * EVEN))
        ):
            found.append(name)
    return found


def gain(spectrum, shifted, validation):
    """Return which share of the unexplained validation variance modes of shifted samples leave.

    Parameters
    ----------
    spectrum, shifted : led.inspection.spectrum.Spectrum
        Of the training samples as they are, and shifted.
    validation : xarray.DataArray
    """
    count = min(spectrum.modes.shape[1], shifted.modes.shape[1])
    left = [
        float((entry[..., count:] ** 2).sum(axis=-1).mean() + rest.mean())
        for entry, rest in (one.latents(validation) for one in (spectrum, shifted))
    ]
    return left[1] / max(left[0], np.finfo(float).tiny)


def used(state, validation, spectrum):
    """Choose the shifts under which samples are samples.

    Parameters
    ----------
    state, validation : xarray.DataArray
        Of both splits, (sample, time, *grid, component).
    spectrum : led.inspection.spectrum.Spectrum
        Of the training samples as they are.

    Returns
    -------
    spectrum : led.inspection.spectrum.Spectrum
        Of the shifted samples; the given one where there are none.
    along : list of str
        Dimensions of the shifts.
    maps : tuple of callable
        The shifts.
    """
    along = periodic(state)
    if along:
        entries = [{"shift": name} for name in along]
        maps = symmetries.of(entries, *symmetries.layout(state))
        shifted = Spectrum.of(state, maps)
        if alike(state, along) == along or gain(spectrum, shifted, validation) < GAIN:
            return shifted, along, tuple(maps)
    return spectrum, [], ()
