"""What the numbers of the samples are like: ranges, offsets, and what is constant or odd."""

from dataclasses import dataclass

import numpy as np

from led.data.scaling import Scaling

OFFSET = 3  # deviations of a mean from zero, from which a relative error is small for any forecast
FAR = 8  # deviations of a value from the mean, from which it is odd
SAME = 1e-12  # of the deviation, that a cell varies at least


@dataclass(frozen=True)
class Component:
    """One component of the training samples.

    Parameters
    ----------
    name : str
    lowest, highest, mean, deviation : float
    far : int
        Values more than eight deviations from the mean.
    still : float
        Share of the cells that do not vary in any sample.
    """

    name: str
    lowest: float
    highest: float
    mean: float
    deviation: float
    far: int
    still: float

    @property
    def remarks(self):
        """What is odd, in words."""
        found = []
        if self.lowest == self.highest:
            return ["is constant: the networks learn nothing from it"]
        if abs(self.mean) > OFFSET * self.deviation:
            found.append("has a large offset: judge by nrmse, as rel_l2 is small for any forecast")
        if self.far:
            found.append(f"has {self.far} values more than {FAR} deviations from the mean")
        if self.still:
            found.append(f"does not vary in {self.still:.0%} of the cells")
        return found


def describe(state):
    """Return the `Component` of each component of a split, read a sample at a time."""
    scaling = Scaling.of(state)
    shape = state.shape[2:]
    lowest, highest, far = np.full(shape, np.inf), np.full(shape, -np.inf), np.zeros(shape[-1])
    for sample in range(len(state)):
        values = np.asarray(state[sample], np.float64)
        lowest, highest = np.minimum(lowest, values.min(0)), np.maximum(highest, values.max(0))
        away = np.abs(values - scaling.mean) > FAR * scaling.deviation
        far += away.reshape(-1, shape[-1]).sum(0)
    axes = tuple(range(len(shape) - 1))
    still = (highest - lowest <= SAME * scaling.deviation).mean(axes)
    numbers = zip(
        state["component"].values,
        lowest.min(axes),
        highest.max(axes),
        scaling.mean,
        scaling.deviation,
        far,
        still,
        strict=True,
    )
    return [
        Component(str(name), *map(float, (low, high, mean, deviation)), int(odd), float(share))
        for name, low, high, mean, deviation, odd, share in numbers
    ]


def repeated(state):
    """Return the (sample, time) of frames that equal the frame before, as dead sensors give."""
    found = []
    for sample in range(len(state)):
        values = np.asarray(state[sample])
        same = (values[1:] == values[:-1]).reshape(len(values) - 1, -1).all(axis=1)
        found += [(sample, int(frame) + 1) for frame in np.flatnonzero(same)]
    return found
