"""How fast near states part: an estimate of the largest Lyapunov exponent."""

from dataclasses import dataclass

import numpy as np

from led.inspection import neighbours

POINTS = 3000
LEAST = 100  # pairs
NEAR = 0.3  # of the typical distance, up to which a state is a neighbour
FULL = 0.15  # of the typical distance: some pairs no longer part from here on
ROOM = 3.0  # times the first distance, that pairs are followed for at least
FULLER = 0.35  # of the typical distance, where even the mean no longer grows
GROWTH = 0.9  # of the logarithm of the distance, below which nothing is sure
GROUPS = 5


@dataclass(frozen=True, eq=False)
class Divergence:
    """Mean logarithm of the distance of states that were neighbours.

    Parameters
    ----------
    curve : ndarray, shape (frame,)
        Over the frames since they were neighbours; relative to the typical distance.
    exponent, error : float or None
        Slope a frame, and how far it is off: its standard error over groups of pairs, or half of
        the difference between its two halves where that is larger. None where it is not seen.
    fitted : slice
        Frames of the slope.
    why : str
        Why there is no exponent, or how sure it is.
    """

    curve: np.ndarray
    exponent: float | None
    error: float | None
    fitted: slice
    why: str


def measure(series, apart, steps=None, seed=0):
    """Follow pairs of neighbours, and fit the exponential part of their divergence.

    After Rosenstein, Collins, De Luca, Physica D 65, 117 (1993). The slope is that between a short
    start, in which pairs turn into the unstable direction, and 0.15 of the typical distance; up to
    0.35 where neighbours are farther apart than a third of that, which is less sure.

    Parameters
    ----------
    series : ndarray, shape (sample, time, number)
    apart : int
        As in `led.inspection.neighbours.nearest`.
    steps : int, optional
        Frames to follow; half of a sample at most, and by default.
    seed : int

    Returns
    -------
    Divergence
    """
    samples, frames = series.shape[:2]
    steps = min(steps or frames // 2, frames // 2)
    if steps < 4:
        return _none(np.zeros(0), "the samples are too short to follow neighbours")
    starts = series[:, : frames - steps]
    places = neighbours.drawn(starts, POINTS, seed)
    everywhere = np.stack(np.divmod(np.arange(samples * starts.shape[1]), starts.shape[1]), axis=-1)
    distances, found = neighbours.nearest(starts, places, everywhere, apart, 1)
    scale = np.sqrt(2 * series.var(axis=(0, 1)).sum())  # rms distance of two states
    near = distances[:, 0] < NEAR * scale
    if near.sum() < LEAST:
        return _none(np.zeros(0), "too few states have a neighbour: more samples would show it")
    places, others = places[near], found[near, 0]
    ahead = np.arange(steps + 1)
    one = series[places[:, :1], places[:, 1:] + ahead]
    other = series[others[:, :1], others[:, 1:] + ahead]
    logs = np.log(np.maximum(np.linalg.norm(one - other, axis=-1), 1e-12 * scale) / scale)
    curve = logs.mean(axis=0)
    limit = min(max(FULL, ROOM * np.exp(curve[0])), FULLER)
    full = np.flatnonzero(curve > np.log(limit))
    stop = int(full[0]) if len(full) else steps
    first = min(stop // 5, apart)
    if stop - first < 3 or curve[stop] - curve[0] < GROWTH:
        return _none(curve, "near states do not part exponentially within the samples")
    fitted = slice(first, stop + 1)
    slopes = [_slope(group.mean(axis=0), fitted) for group in np.array_split(logs, GROUPS)]
    middle = (first + stop) // 2
    halves = [_slope(curve, slice(first, middle + 1)), _slope(curve, slice(middle, stop + 1))]
    drawn = np.std(slopes, ddof=1) / np.sqrt(GROUPS)
    slope, error = float(np.mean(slopes)), float(max(drawn, abs(np.subtract(*halves)) / 2))
    line = np.poly1d(np.polyfit(ahead[fitted], curve[fitted], 1))(ahead[fitted])
    away = ((curve[fitted] - line) ** 2).sum() / ((curve[fitted] - curve[fitted].mean()) ** 2).sum()
    if slope < 3 * error or away > 0.2:
        return _none(curve, "near states part, but not exponentially: no exponent can be read off")
    grown = curve[stop] - curve[first]
    clear = grown > 2 * GROWTH and away < 0.05 and limit == FULL
    sure = "well seen" if clear else "roughly seen, within a factor of two or three"
    return Divergence(
        curve, slope, error, fitted, f"{sure}: distances grow {np.exp(grown):.0f} times"
    )


def _none(curve, why):
    return Divergence(curve, None, None, slice(0, 0), why)


def _slope(curve, fitted):
    return float(np.polyfit(np.arange(len(curve))[fitted], curve[fitted], 1)[0])
