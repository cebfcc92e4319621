"""What simple forecasts reach on the validation samples: baselines, and linear dynamics."""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import lstsq

from led.data.frames import forecast_frames
from led.evaluation import errors
from led.evaluation.baselines.base import Baseline, predict
from led.inspection.spectrum import modes_for
from led.jobs import registry

SHARES = (0.1, 0.01, 0.001, 1e-4)  # of the variance that the modes of a trial leave
WIDEST = 256  # numbers that the next latents may follow from
ROWS = 4000  # frames that the coefficients are fitted to


@dataclass(frozen=True)
class Linear:
    """A trial of linear dynamics: the next latents from the last `window` frames of `modes`."""

    modes: int
    window: int
    nrmse: float


def baselines(names, train, validation, scaling, warmup, horizon=None, maps=()):
    """Return the nrmse of baselines, medians over the validation samples.

    Parameters
    ----------
    names : sequence of str
    train, validation : xarray.DataArray
        (sample, time, *grid, component).
    scaling : led.data.scaling.Scaling
        Of the components over the training samples.
    warmup, horizon, maps
        As `led.evaluation.baselines.base.predict` takes them.

    Returns
    -------
    dict of {str: float}
    """
    known, stop = forecast_frames(validation["time"].values, warmup, horizon, capped=True)
    truth, found = validation[:, known:stop], {}
    for name in names:
        forecast = predict(
            registry.create(Baseline, name), train, validation, warmup, horizon, maps, capped=True
        )
        report = errors.errors(forecast["prediction"], truth, scaling.deviation)
        found[name] = float(report["nrmse"].sel(component="all").median())
    return found


def linear(train, validation, rest, variance, known, least=1):
    """Forecast the validation samples by linear dynamics, for some numbers of modes and frames.

    Parameters
    ----------
    train, validation : ndarray, shape (sample, time, mode)
        Latents.
    rest : ndarray, shape (sample, time)
        Square of what all modes leave of the validation states.
    variance : ndarray, shape (sample,)
        Of the validation states that are forecast, summed over their numbers.
    known : int
        Frames of the warm-up.
    least : int
        Modes.

    Returns
    -------
    list of Linear
        The smallest nrmse first.
    """
    squares = (train**2).mean(axis=(0, 1))
    left = np.concatenate([np.cumsum(squares[::-1])[::-1], [0]]) / squares.sum()
    counts = {max(least, min(modes_for(left, share), WIDEST)) for share in SHARES}
    windows = {min(known, 2**power) for power in range(10)} | {min(known, 2 * known // 3 + 1)}
    found = []
    for modes in sorted(counts):
        others = (validation[..., modes:] ** 2).sum(axis=-1) + rest
        for window in sorted(windows):
            if modes * window > max(WIDEST, modes):
                continue
            following = _fitted(train[..., :modes], window)
            ahead = _rolled(validation[:, :known, :modes], window, following, validation.shape[1])
            away = ((ahead - validation[:, known:, :modes]) ** 2).sum(axis=-1)
            nrmse = np.sqrt((away + others[:, known:]).mean(axis=1) / variance)
            found.append(Linear(modes, window, float(np.median(nrmse))))
    return sorted(found, key=lambda trial: trial.nrmse)


def variance_of(state, scaling):
    """Return the variance of standardised states in each sample, summed over their numbers.

    Parameters
    ----------
    state : xarray.DataArray
        (sample, time, *grid, component)
    scaling : led.data.scaling.Scaling
    """
    axes = tuple(range(1, state.ndim - 1))
    points = np.prod(state.shape[2:-1])
    by_component = (state.values.astype(float) / scaling.deviation).var(axis=axes)
    return np.maximum(points * by_component.sum(axis=-1), np.finfo(float).tiny)


def _fitted(series, window):
    """Return the coefficients: (window x mode + 1, mode) of latents in units of their deviation."""
    count = series.shape[1] - window
    seen = [series[:, lag : lag + count] for lag in range(window)]
    seen = np.concatenate(seen, axis=-1).reshape(-1, window * series.shape[-1])
    targets = series[:, window:].reshape(-1, series.shape[-1])
    chosen = np.random.default_rng(0).permutation(len(seen))[:ROWS]
    unit = np.maximum(series.std(axis=(0, 1)), np.finfo(float).tiny)
    columns = np.concatenate([seen[chosen] / np.tile(unit, window), np.ones((len(chosen), 1))], 1)
    solution, *_ = lstsq(columns, targets[chosen] / unit, lapack_driver="gelsy")
    return np.concatenate([solution[:-1] / np.tile(unit, window)[:, None], solution[-1:]]) * unit


def _rolled(known, window, coefficients, frames):
    recent, ahead = known[:, -window:], []
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(frames - known.shape[1]):
            following = recent.reshape(len(recent), -1) @ coefficients[:-1] + coefficients[-1]
            following = np.nan_to_num(np.clip(following, -1e100, 1e100))
            recent = np.concatenate([recent[:, 1:], following[:, None]], axis=1)
            ahead.append(following)
    return np.stack(ahead, axis=1)
