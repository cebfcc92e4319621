"""Standardisation of the components of a split."""

import math
from dataclasses import dataclass, replace

import numpy as np

from led.data import missing


@dataclass(frozen=True)
class Scaling:
    """Mean and standard deviation of each component over the training split.

    They become layers of the saved model: an encoder takes physical states and a decoder returns
    them.
    """

    mean: np.ndarray  # (component,)
    deviation: np.ndarray  # (component,)
    missing: np.ndarray | None = None  # (*grid, component): see `led.data.missing`
    own: np.ndarray | None = None  # (component,): its deviation, where it is divided by another

    @classmethod
    def of(cls, state):
        """Measure a split, sample by sample; `state` is its ``DataArray`` or array.

        The deviation of a component that is constant is 1. Cells that are missing do not count.
        """
        sums = np.zeros((3, state.shape[-1]))
        gaps = missing.of(state)
        for sample in range(state.shape[0]):
            values = np.asarray(state[sample], np.float64).reshape(-1, state.shape[-1])
            if sample == 0:  # near the mean, so that its square cancels nothing below
                origin = values[0] if gaps is None else missing.first(values)
            values = values - origin
            if gaps is not None:
                sums[2] += np.isnan(values).sum(0)
                values = np.nan_to_num(values)
            sums[:2] += values.sum(0), (values**2).sum(0)
        count = state.shape[0] * math.prod(state.shape[1:-1]) - sums[2]
        mean = sums[0] / count
        deviation = np.sqrt(np.maximum(sums[1] / count - mean**2, 0))
        return cls(origin + mean, np.where(deviation > 0, deviation, 1.0), gaps)

    def apply(self, values):
        """Return standardised values, (..., component); what is missing is 0, as in the layer."""
        scaled = (values - self.mean) / self.deviation
        return scaled if self.missing is None else np.nan_to_num(scaled)

    def together(self):
        """Return the scaling that divides all by the largest of the deviations."""
        largest = np.full_like(self.deviation, self.deviation.max())
        return replace(self, deviation=largest, own=self.deviation)

    def joined(self, other):
        """Return this scaling followed by the `other`, if there is one."""
        if other is None:
            return self
        parts = (self.mean, other.mean), (self.deviation, other.deviation)
        return Scaling(*map(np.concatenate, parts))

    def layer(self, invert=False, dtype="float32", name=None):
        """Return the layer that standardises the last axis, or inverts that, in this precision."""
        from led.data.networks import Standardize

        gaps = self.missing is not None and not invert
        numbers = self.mean, self.deviation
        return Standardize(*numbers, invert, gaps, self.own, dtype=dtype, name=name)
