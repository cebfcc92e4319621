"""Limits of error and spread, from comparisons on samples of the validation split."""

import numpy as np

from led.autoencoders.trained import encode
from led.data.frames import whole_steps
from led.surrogate.adaptive.rules import errors_of
from led.surrogate.adaptive.track import Track
from led.surrogate.modes.base import Stopwatch, Task

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
    compare = whole_steps(compare, surrogate.members[0].stride)
    latest = states.sizes["time"] - known - compare
    if latest < 0:
        raise ValueError(
            f"compare: found {compare} frames, expected at most {states.sizes['time'] - known}, "
            "those of a validation sample after its warm-up"
        )
    found = [
        _compared(surrogate, novelty, states[:, start : start + known + compare], known)
        for start in np.unique(np.linspace(0, latest, WINDOWS).astype(int))
    ]
    return tuple(map(np.concatenate, zip(*found, strict=True)))


def _compared(surrogate, novelty, states, known):
    ahead = np.arange(states.sizes["time"] - known)
    task = Task(states[:, :known], states["time"].values[known:], ahead)
    track = Track(surrogate, task, Stopwatch("encode", "macro", "decode"))
    rows, start = np.arange(states.sizes["sample"]), known - 1
    track.hear(rows, states.values, start, known)
    latents, spread, after = track.forecast(rows, start, len(ahead) // track.stride)
    track.keep(rows, start, latents, after)
    found = track.decoded(rows, start, len(ahead))
    errors = errors_of(found, states.values[:, known:], surrogate.autoencoder)
    if novelty:
        distances = novelty.distance(encode(surrogate.autoencoder, states.values))
    else:
        distances = np.zeros(len(rows))
    return errors.max(axis=1), spread.max(axis=1), distances
