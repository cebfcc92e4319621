"""When something happens: activation of excitable cells, period and phase of oscillations.

A pointwise error cannot distinguish a late front from a missing one.
"""

import numpy as np
import xarray as xr


def compare(prediction, truth, declared, window):
    """Measure the events that a system declares.

    Both series are preceded by the warm-up, which is known, so that an event between its last frame
    and the first of the forecast is seen in both.

    Parameters
    ----------
    prediction, truth : xarray.DataArray
        Dimensions (sample, time, *grid, component), on the same coordinates.
    declared : dict
        ``{"activation" or "oscillation": (component, level)}``, as
        `led.systems.base.System.events` has it.
    window : xarray.DataArray
        The warm-up, with the dimensions of `truth`.

    Returns
    -------
    xarray.Dataset, (sample,)
        What `activation` and `oscillation` return; the attribute ``component`` of each variable is
        that of the event.
    """
    measures = {"activation": activation, "oscillation": oscillation}
    found = xr.Dataset(coords={"sample": truth["sample"].values})
    for kind, (component, level) in declared.items():
        measured = measures[kind](prediction, truth, component, level, window)
        for name, values in measured.data_vars.items():
            found[name] = values.assign_attrs(component=component)
    return found


def crossings(values, time, level):
    """Return the times at which each series rises through a level.

    Parameters
    ----------
    values : ndarray, shape (..., time)
    time : ndarray, shape (time,)
    level : float

    Returns
    -------
    ndarray, shape (..., time - 1)
        Where a series lies below the level in one frame and not in the next, the time in between,
        by linear interpolation; NaN elsewhere.
    """
    before, after = values[..., :-1], values[..., 1:]
    rises = (before < level) & (after >= level)
    with np.errstate(divide="ignore", invalid="ignore"):
        times = time[:-1] + (level - before) / (after - before) * np.diff(time)
    return np.where(rises, times, np.nan)


def activation(prediction, truth, component, level, window):
    """Compare the times at which cells are first activated.

    Cells that reach the level in the warm-up were activated before the forecast and are left out.

    Parameters
    ----------
    prediction, truth : xarray.DataArray
        Dimensions (sample, time, *grid, component), on the same coordinates.
    component : str
    level : float
        A cell is activated when this component first rises through it.
    window : xarray.DataArray
        The warm-up.

    Returns
    -------
    xarray.Dataset, (sample,)
        ``activation_error_median`` and ``activation_error_worst`` over the cells that are activated
        in both, in the unit of time, NaN where there is none; ``activation_missed`` and
        ``activation_invented``, the numbers of cells that are activated in the truth alone and in
        the prediction alone, NaN where all cells were activated before.
    """
    before = (_series(window, component) >= level).any(axis=-1)
    found, expected = (
        np.where(before, np.nan, np.fmin.reduce(_rises(series, window, component, level), axis=-1))
        for series in (prediction, truth)
    )
    errors = np.abs(found - expected)  # NaN unless both are activated
    missed = (np.isnan(found) & np.isfinite(expected)).sum(axis=1)
    invented = (np.isfinite(found) & np.isnan(expected)).sum(axis=1)
    columns = {
        "activation_error_median": _over(np.nanmedian, errors),
        "activation_error_worst": _over(np.nanmax, errors),
        "activation_missed": np.where(before.all(axis=1), np.nan, missed),
        "activation_invented": np.where(before.all(axis=1), np.nan, invented),
    }
    return _per_sample(columns, truth)


def oscillation(prediction, truth, component, level, window):
    """Compare periods, and the times at which the cycles begin; on a grid, those of its middle.

    A cycle begins when the component rises through the level. The first one of the truth in the
    forecast is compared with the nearest of the prediction, the others follow in their order: so a
    delay may grow beyond half a period.

    Parameters
    ----------
    prediction, truth : xarray.DataArray
        Dimensions (sample, time, *grid, component), on the same coordinates.
    component : str
    level : float
    window : xarray.DataArray
        The warm-up.

    Returns
    -------
    xarray.Dataset, (sample,)
        ``period_error``, the difference of the mean periods over that of the truth, and
        ``phase_error``, the largest distance between beginnings that belong together, in periods of
        the truth. NaN where there are not two beginnings in both.
    """
    periods, phases = [], []
    grid = [d for d in truth.dims if d not in ("sample", "time", "component")]
    middle = {d: [truth.sizes[d] // 2] for d in grid}
    parts = ((states.isel(middle), window.isel(middle)) for states in (prediction, truth))
    both = (_rises(*part, component, level)[:, 0] for part in parts)
    for found, expected in zip(*both, strict=True):
        # beginnings in the warm-up are known; the last interval of it ends in the forecast
        ahead = expected[window.sizes["time"] - 1 :]
        expected, found = ahead[np.isfinite(ahead)], found[np.isfinite(found)]
        if len(expected) and len(found):
            found = found[np.abs(found - expected[0]).argmin() :]
        common = min(len(found), len(expected))
        if common < 2:
            periods.append(np.nan)
            phases.append(np.nan)
            continue
        period, other = np.diff(expected).mean(), np.diff(found).mean()
        periods.append(abs(other - period) / period)
        phases.append(np.abs(found[:common] - expected[:common]).max() / period)
    return _per_sample({"period_error": periods, "phase_error": phases}, truth)


def _series(states, component):
    """Return one component as (sample, cell, time)."""
    values = states.sel(component=component).transpose("sample", ..., "time").values
    return values.reshape(len(values), -1, values.shape[-1])


def _rises(states, window, component, level):
    """Return the `crossings` of each cell in warm-up and forecast, (sample, cell, time - 1)."""
    parts = (window, states)
    series = np.concatenate([_series(part, component) for part in parts], axis=-1)
    return crossings(series, np.concatenate([part["time"].values for part in parts]), level)


def _over(reduce, rows):
    return [reduce(row) if np.isfinite(row).any() else np.nan for row in rows]


def _per_sample(columns, truth):
    columns = {name: ("sample", np.asarray(values, float)) for name, values in columns.items()}
    return xr.Dataset(columns, coords={"sample": truth["sample"].values})
