"""How one file is divided into training, validation and test samples."""

from itertools import pairwise

import numpy as np

from led.data.scaling import Scaling
from led.inspection import periods
from led.jobs.files import FileError

SHARES = {"train": 0.6, "validation": 0.2, "test": 0.2}
FEW = 10  # samples, below which times are divided instead
LEAST = 60  # frames of a series
CYCLES = 8  # of the dominant period in a window
OVERLAPS = 16  # windows that a frame lies in


def divide(opened, given):
    """Return ``split`` of one file; by time, and with ``windows``, where it has few samples.

    Parameters
    ----------
    opened : led.data.runs.Opened
        Its runs.
    given : dict
        Keys of the dataset that the user has given.

    Raises
    ------
    led.jobs.files.FileError
        If there are too few frames.
    """
    state = opened.header["state"]
    samples, frames = state.shape[:2]
    if "split" in given:
        return {}
    if samples >= FEW:
        return {"split": dict(SHARES)}
    if frames < LEAST:
        raise FileError(
            f"{given['file']}: found {samples} samples of {frames} frames, expected at least "
            f"{LEAST} frames to divide by time, or {FEW} samples"
        )
    start, second = (float(value) for value in state["time"].values[:2])
    step = second - start
    edges = np.round(np.cumsum([0, *SHARES.values()]) * frames).astype(int)
    times = [float(f"{start + edge * step:.9g}") for edge in edges]
    split = dict(zip(SHARES, map(list, pairwise(times)), strict=True))
    found = {"split": split}
    if "windows" not in given:
        found["windows"] = _windows(
            opened.read(time=slice(edges[1]))["state"], int(edges[2] - edges[1])
        )
    return found


def _windows(train, shortest):
    """Return windows of some periods that a validation part of `shortest` frames holds."""
    values = train.values.astype(float)
    scaling = Scaling.of(values)
    series = ((values - scaling.mean) / scaling.deviation).reshape(*values.shape[:2], -1)
    length = int(0.75 * shortest)
    if found := periods.dominant(*periods.power(series)):
        length = min(length, round(CYCLES * found[0][0]))
    length = max(4, length)
    return {"length": length, "step": max(1, length // OVERLAPS)}
