"""Whether float32 holds a state: what it would lose, against how much each component varies."""

import numpy as np

from led.data import missing

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
        self.first, self.samples = None, 0
        self.count = np.zeros(len(self.components))
        self.sums = np.zeros((3, len(self.components)))  # departures, their squares, lost squares
        self.range = np.array([[np.inf], [-np.inf]]) * np.ones(len(self.components))

    def add(self, states):
        """Measure some samples, (sample, time, *grid, component), that follow the last ones.

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
        if self.first is None:
            self.first = missing.first(values)
        departures = values - self.first  # of a mean far from zero, squares would cancel
        self.sums += np.nansum([departures, departures**2, lost**2], axis=1)
        self.range[0] = np.fmin(self.range[0], np.fmin.reduce(values))
        self.range[1] = np.fmax(self.range[1], np.fmax.reduce(values))
        self.count += (~np.isnan(values)).sum(0)

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


def fitted(batch):
    """Round the samples of a batch to float32, but those of which that loses too much.

    Each sample is measured by itself, so it has the same numbers in a batch of any size.

    Parameters
    ----------
    batch : xarray.Dataset
        With ``state(sample, time, *grid, component)`` in float64, whose numbers are changed.

    Returns
    -------
    xarray.Dataset
        Its state is float32; float64, also in a file, if float32 does not hold all samples.
    """
    state, components = batch["state"], batch["component"].values
    with np.errstate(over="ignore"):
        single = state.values.astype(np.float32)
    lossy = [_lossy(sample, components) for sample in state.values]
    if not any(lossy):
        return batch.assign(state=state.copy(data=single))
    named = [name for name in components if any(name in found for found in lossy)]
    print(stored(named), flush=True)
    for values, rounded, found in zip(state.values, single, lossy, strict=True):
        if not found:
            values[:] = rounded
    state.encoding = {"dtype": "float64"}
    return batch


def _lossy(sample, components):
    """Return the components of a sample that float32 does not hold."""
    if _surely_held(sample.reshape(-1, sample.shape[-1])):
        return []
    rounding = Rounding(components)
    try:
        rounding.add(sample[None])
        return rounding.lossy()
    except ValueError:  # numbers that are too large or too close for it
        return list(components)


def _surely_held(values):
    """Say whether the ranges alone show that float32 holds all components: a quick test.

    Rounding errs by at most half of `SINGLE.eps` of a number. The deviation of n numbers is at
    least their range / sqrt(2 n).
    """
    low, high = (np.array([f(column) for column in values.T]) for f in (np.min, np.max))
    largest, deviation = np.maximum(-low, high), (high - low) / (2 * len(values)) ** 0.5
    small = SINGLE.eps / 2 * largest <= LOSS * deviation
    return bool((small & (largest < SINGLE.max) & (deviation > SINGLE.tiny / LOSS)).all())


def stored(components):
    """Return a line for the log: why a state is stored as float64."""
    return (
        "stored as float64: float32 would lose more than 1e-3 of the standard deviation of "
        f"{', '.join(components)}"
    )
