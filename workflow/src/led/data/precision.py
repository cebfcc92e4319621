"""Whether float32 holds a state: what it would lose, beside how much each component varies."""

import numpy as np

LOSS = 1e-3  # of the standard deviation of a component
SINGLE = np.finfo(np.float32)


class Rounding:
    """What float32 would lose of each component, measured part by part.

    Parameters
    ----------
    components : sequence of str
    """

    def __init__(self, components):
        self.components = list(components)
        self.count, self.first, self.samples = 0, None, 0
        self.sums = np.zeros((3, len(self.components)))  # departures, their squares, lost squares
        self.range = np.array([[np.inf], [-np.inf]]) * np.ones(len(self.components))

    def add(self, states):
        """Measure some samples, (sample, time, *grid, component), that follow the last ones.

        Of float32, it is estimated what the rounding has lost.

        Raises
        ------
        ValueError
            If a value is beyond what float32 holds; names sample and component.
        """
        values = np.asarray(states, np.float64)
        with np.errstate(over="ignore"):
            rounded = values.astype(np.float32)
        beyond = np.isinf(rounded) & np.isfinite(values)
        if beyond.any():
            place = tuple(np.argwhere(beyond)[0])
            raise ValueError(
                f"sample {self.samples + place[0]} holds {values[place]:g} in "
                f"{self.components[place[-1]]}, expected at most {SINGLE.max:.3g}, what float32 "
                "holds: choose another unit"
            )
        self.samples += len(values)
        values = values.reshape(-1, values.shape[-1])
        lost = values - rounded.reshape(values.shape)
        if states.dtype == np.float32:  # rounded before: by this much, as a mean
            lost = np.spacing(rounded.reshape(values.shape)).astype(float) / 12**0.5
        if self.first is None:
            self.first = values[0]
        departures = values - self.first  # of a mean far from zero, squares would cancel
        self.sums += departures.sum(0), (departures**2).sum(0), (lost**2).sum(0)
        self.range[0] = np.minimum(self.range[0], values.min(0))
        self.range[1] = np.maximum(self.range[1], values.max(0))
        self.count += len(values)

    def lossy(self):
        """Return the names of the components of which float32 loses too much.

        Raises
        ------
        ValueError
            If one varies by less than float32 can hold at all.
        """
        spread = self.range[1] - self.range[0]
        for name, width in zip(self.components, spread, strict=True):
            if 0 < width < SINGLE.tiny:
                raise ValueError(
                    f"{name} varies by {width:g}, expected at least {SINGLE.tiny:.3g}, what "
                    "float32 holds: choose another unit"
                )
        mean, square, lost = self.sums / self.count
        deviation = np.sqrt(np.maximum(square - mean**2, 0))
        wrong = np.sqrt(lost) > LOSS * deviation
        return [n for n, bad, w in zip(self.components, wrong, spread, strict=True) if bad and w]
