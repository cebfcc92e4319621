"""Limits of error and spread, from comparisons on samples of the validation split."""

import numpy as np

from led.autoencoders.trained import decode, encode
from led.data.interpolation import between
from led.surrogate.adaptive.ensemble import Ensemble
from led.surrogate.adaptive.rules import errors_of, whole_steps
from led.surrogate.smoothing import smooth

WINDOWS = 10  # of each sample, equally spaced


def measured(surrogate, states, known, compare, novelty=None):
    """Make comparisons as `led.surrogate.adaptive.cycle.Cycle` makes them.

    Parameters
    ----------
    surrogate : led.surrogate.surrogate.Surrogate
        Without inputs.
    states : xarray.DataArray
        (sample, time, *grid, component) of the validation split, with the frames of the training.
    known, compare : int
        Frames of a warm-up and of a comparison.
    novelty : led.surrogate.adaptive.novelty.Novelty, optional

    Returns
    -------
    errors, spreads, distances : ndarray, shape (comparison,)
        The largest of each comparison. Without `novelty` all distances are 0.

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
        _compared(surrogate, ensemble, novelty, states[:, start : start + known + compare], known)
        for start in np.unique(np.linspace(0, latest, WINDOWS).astype(int))
    ]
    return tuple(map(np.concatenate, zip(*found, strict=True)))


def _compared(surrogate, ensemble, novelty, states, known):
    values, stride = states.values, ensemble.stride
    encoded = encode(surrogate.autoencoder, values)
    heard = encoded[:, :known]
    if smoothing := surrogate.description.smoothing:
        heard = smooth(heard, **smoothing, known=known)
    frames = values.shape[1] - known
    latents, _ = ensemble.advance(ensemble.listen(heard), frames // stride)
    first = (known - 1) % stride
    series = np.concatenate([heard[:, first::stride], latents.mean(axis=0)], axis=1)
    ahead = between(series, stride, known - first + np.arange(frames))
    found = decode(surrogate.autoencoder, ahead, surrogate.decoder)
    errors = errors_of(found, values[:, known:], surrogate.autoencoder)
    distances = novelty.distance(encoded) if novelty else np.zeros(len(values))
    return errors.max(axis=1), ensemble.spread(latents).max(axis=1), distances
