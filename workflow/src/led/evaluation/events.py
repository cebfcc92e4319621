"""When something happens: activation of excitable cells, period and phase of oscillations.

A pointwise error cannot distinguish a late front from a missing one.
"""

import numpy as np
import xarray as xr


def compare(prediction, truth, declared):
    """Measure the events that a system declares.

    Parameters
    ----------
    prediction, truth : xarray.DataArray
        Dimensions (sample, time, *grid, component), on the same coordinates.
    declared : dict
        ``{"activation" or "oscillation": (component, level)}``, as
        `led.systems.base.System.events` has it.

    Returns
    -------
    xarray.Dataset, (sample,)
        What `activation` and `oscillation` return; the attribute ``component`` of each variable is
        that of the event.
    """
    measures = {"activation": activation, "oscillation": oscillation}
    found = xr.Dataset(coords={"sample": truth["sample"].values})
    for kind, (component, level) in declared.items():
        measured = measures[kind](prediction, truth, component, level)
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


def activation(prediction, truth, component, level):
    """Compare the times at which cells are first activated.

    Parameters
    ----------
    prediction, truth : xarray.DataArray
        Dimensions (sample, time, *grid, component), on the same coordinates.
    component : str
    level : float
        A cell is activated when this component first rises through it.

    Returns
    -------
    xarray.Dataset, (sample,)
        ``activation_error_median`` and ``activation_error_worst`` over the cells that are activated
        in both, in the unit of time, NaN where there is none; ``activation_missed`` and
        ``activation_invented``, the numbers of cells that are activated in the truth alone and in
        the prediction alone.
    """
    found, expected = (_first_crossings(series, component, level) for series in (prediction, truth))
    errors = np.abs(found - expected)  # NaN unless both are activated
    columns = {
        "activation_error_median": _over(np.nanmedian, errors),
        "activation_error_worst": _over(np.nanmax, errors),
        "activation_missed": (np.isnan(found) & np.isfinite(expected)).sum(axis=1),
        "activation_invented": (np.isfinite(found) & np.isnan(expected)).sum(axis=1),
    }
    return _per_sample(columns, truth)


def oscillation(prediction, truth, component, level):
    """Compare periods, and the times at which the cycles begin.

    A cycle begins when the component rises through the level.

    Parameters
    ----------
    prediction, truth : xarray.DataArray
        Dimensions (sample, time, component), on the same coordinates.
    component : str
    level : float

    Returns
    -------
    xarray.Dataset, (sample,)
        ``period_error``, the difference of the mean periods over that of the truth, and
        ``phase_error``, the largest distance between beginnings of the same number, in periods of
        the truth. NaN where there are not two beginnings in both.
    """
    periods, phases = [], []
    both = (_cycles(series, component, level) for series in (prediction, truth))
    for found, expected in zip(*both, strict=True):
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


def _first_crossings(states, component, level):
    times = crossings(_series(states, component), states["time"].values, level)
    return np.fmin.reduce(times, axis=-1)


def _cycles(states, component, level):
    times = crossings(_series(states, component)[:, 0], states["time"].values, level)
    return [row[np.isfinite(row)] for row in times]


def _over(reduce, rows):
    return [reduce(row) if np.isfinite(row).any() else np.nan for row in rows]


def _per_sample(columns, truth):
    columns = {name: ("sample", np.asarray(values, float)) for name, values in columns.items()}
    return xr.Dataset(columns, coords={"sample": truth["sample"].values})
