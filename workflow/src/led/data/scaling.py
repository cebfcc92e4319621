"""Standardisation of the components of a split."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Scaling:
    """Mean and standard deviation of each component over the training split.

    They become layers of the saved model: an encoder takes physical states and a decoder returns
    them.
    """

    mean: np.ndarray  # (component,)
    deviation: np.ndarray  # (component,)

    @classmethod
    def of(cls, state):
        """Measure a split, sample by sample; `state` is its ``DataArray`` or array.

        The deviation of a component that is constant is 1.
        """
        sums = np.zeros((2, state.shape[-1]))
        count = 0
        for sample in range(state.shape[0]):
            values = np.asarray(state[sample], np.float64).reshape(-1, state.shape[-1])
            if count == 0:  # near the mean, so that its square cancels nothing below
                origin = values[0]
            values = values - origin
            sums += values.sum(0), (values**2).sum(0)
            count += len(values)
        mean = sums[0] / count
        deviation = np.sqrt(np.maximum(sums[1] / count - mean**2, 0))
        return cls(origin + mean, np.where(deviation > 0, deviation, 1.0))

    def together(self):
        """Return the scaling that divides all by the largest of the deviations."""
        return Scaling(self.mean, np.full_like(self.deviation, self.deviation.max()))

    def joined(self, other):
        """Return this scaling followed by the `other`, if there is one."""
        if other is None:
            return self
        parts = (self.mean, other.mean), (self.deviation, other.deviation)
        return Scaling(*map(np.concatenate, parts))

    def layer(self, invert=False, dtype="float32", name=None):
        """Return the layer that standardises the last axis, or inverts that, in this precision."""
        from led.data.networks import Standardize

        return Standardize(self.mean, self.deviation, invert, dtype=dtype, name=name)
