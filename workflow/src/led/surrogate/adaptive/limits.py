"""Limits of error and spread, from comparisons on samples of the validation split."""

import numpy as np

from led.autoencoders.base import decode, encode
from led.data.interpolation import between
from led.surrogate.adaptive.ensemble import Ensemble
from led.surrogate.adaptive.rules import errors_of, whole_steps
from led.surrogate.smoothing import smooth

WINDOWS = 10  # of each sample, equally spaced


def measured(surrogate, states, known, compare, inputs=None):
    """Return error and spread of comparisons, as `led.surrogate.adaptive.cycle.Cycle` makes them.

    Parameters
    ----------
    surrogate : led.surrogate.surrogate.Surrogate
    states : xarray.DataArray
        (sample, time, *grid, component) of the validation split, with the frames of the training.
    known, compare : int
        Frames of a warm-up and of a comparison.
    inputs : ndarray, shape (sample, time, input), optional

    Returns
    -------
    errors, spreads : ndarray, shape (comparison,)

    Raises
    ------
    ValueError
        If the samples are shorter than a warm-up and a comparison.
    """
    ensemble = Ensemble(surrogate.members)
    compare = whole_steps(compare, ensemble.stride)
    latest = states.sizes["time"] - known - compare
    if latest < 0:
        raise ValueError(
            f"compare: found {compare} frames, expected at most {states.sizes['time'] - known}, "
            "those of a validation sample after its warm-up"
        )
    found = [
        _compared(surrogate, ensemble, states[:, start : start + known + compare], known, driving)
        for start in np.unique(np.linspace(0, latest, WINDOWS).astype(int))
        for driving in [None if inputs is None else inputs[:, start : start + known + compare]]
    ]
    errors, spreads = zip(*found, strict=True)
    return np.concatenate(errors), np.concatenate(spreads)


def _compared(surrogate, ensemble, states, known, inputs):
    values, stride = states.values, ensemble.stride
    heard = encode(surrogate.autoencoder, values[:, :known])
    if smoothing := surrogate.description.smoothing:
        heard = smooth(heard, **smoothing, known=known)
    frames = values.shape[1] - known
    steps = known - 1 + stride * np.arange(1, frames // stride + 1)
    past, future = (None, None) if inputs is None else (inputs[:, :known], inputs[:, steps])
    latents, _ = ensemble.advance(ensemble.listen(heard, past), len(steps), future)
    first = (known - 1) % stride
    series = np.concatenate([heard[:, first::stride], latents.mean(axis=0)], axis=1)
    ahead = between(series, stride, known - first + np.arange(frames))
    following = None if inputs is None else inputs[:, known:]
    found = decode(surrogate.autoencoder, ahead, surrogate.decoder, following)
    errors = errors_of(found, values[:, known:], surrogate.autoencoder)
    return errors.max(axis=1), ensemble.spread(latents).max(axis=1)
