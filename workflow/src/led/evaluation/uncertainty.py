"""Whether a forecast is as sure as it says: its intervals and the spread of its members."""

import numpy as np
import pandas as pd
import xarray as xr
from scipy import special, stats

from led.data.scaling import Scaling
from led.evaluation.errors import append_all

FASTEST = 0.1  # share of the times and cells where the truth changes fastest
PARTS = 10  # of the lead times, and of the times and cells sorted by their spread
INTERVAL = ("coverage", "coverage_fastest", "interval_width", "interval_score")
SPREAD = ("spread", "spread_error", "crps", "spread_rank_correlation")
MEASURES = (*INTERVAL, *SPREAD)
IN_UNITS = {"interval_width", "interval_score", "spread", "spread_error", "crps"}
BY_LEAD = "_by_lead_time"


def measure(forecast, train):
    """Measure intervals and spread of a forecast, as far as it has them.

    Of intervals, ``lower`` and ``upper``:

    - ``coverage``: share of the times and cells whose truth lies within them;
    - ``coverage_fastest``: the same, over the tenth of the times and cells in which the truth of
      the sample changes fastest from frame to frame;
    - ``interval_width``: mean width;
    - ``interval_score``: mean of the width plus, where the truth lies outside, its distance from
      the interval times 2 / (1 - level). Smaller is better: it punishes what is wide and what
      misses. Winkler, J. Am. Stat. Assoc. 67, 187 (1972).

    Of the ``spread`` of an ensemble, the standard deviation of its members:

    - ``spread``: root of its mean square;
    - ``spread_error``: root mean square of the error. It should be as large as ``spread``;
    - ``crps``: continuous ranked probability score of a normal distribution with the forecast as
      its mean and the spread as its deviation; of a spread of zero, the absolute error. Gneiting,
      Raftery, J. Am. Stat. Assoc. 102, 359 (2007);
    - ``spread_rank_correlation``: Spearman's, of the spread and the absolute error over times and
      cells. NaN where one is constant.

    For all components together (``all``): their mean. What has the unit of a state is first divided
    by the standard deviation in training.

    Parameters
    ----------
    forecast : xarray.Dataset
        ``prediction`` and ``truth``, (sample, time, *grid, component); ``lower`` and ``upper`` with
        the attribute ``level``, ``spread``, or both. May be a file that is not read yet.
    train : xarray.DataArray
        ``state`` of the training split.

    Returns
    -------
    xarray.Dataset
        The measures, (sample, component). Each also with the suffix ``_by_lead_time``, (sample,
        component, lead_time), over ten equal parts of the forecast; ``lead_time`` is the end of a
        part, from the last known frame on. Of a spread also ``binned_spread`` and
        ``binned_error``, (component, spread_bin): both over ten equal parts of all samples, times
        and cells, sorted by their spread. Nothing without intervals and spread.
    """
    names = [name for name in ("lower", "upper", "spread") if name in forecast]
    if not names:
        return xr.Dataset()
    deviation = Scaling.of(train).deviation
    level = forecast["lower"].attrs["level"] if "lower" in names else None
    lead = _lead_times(forecast["time"].values)
    parts = np.array_split(np.arange(len(lead)), min(PARTS, len(lead)))
    slices = [np.arange(len(lead)), *parts]
    components = forecast["component"].values
    found = []
    for sample in range(forecast.sizes["sample"]):
        chosen = forecast[["prediction", "truth", *names]].isel(sample=sample, drop=True).load()
        for number in range(len(components)):
            values = _known({name: _frames(chosen[name][..., number]) for name in chosen})
            found.append([_of(values, level, frames) for frames in slices])
    shape = forecast.sizes["sample"], len(components), len(slices)
    coordinates = {"sample": forecast["sample"], "component": components}
    ends = [lead[frames[-1]] for frames in parts]
    measured, unit = xr.Dataset(), xr.DataArray(deviation, {"component": components})
    for name in found[0][0]:
        numbers = np.array([[part[name] for part in parts] for parts in found]).reshape(shape)
        array = xr.DataArray(numbers, coordinates, ("sample", "component", "part"))
        together = (array / unit if name in IN_UNITS else array).mean("component")
        array = append_all(array, together)
        measured[name] = array.isel(part=0).assign_attrs({"level": level} if level else {})
        by_lead = array.isel(part=slice(1, None)).rename(part="lead_time")
        measured[name + BY_LEAD] = by_lead.assign_coords(
            lead_time=("lead_time", ends, forecast["time"].attrs)
        )
    return measured.merge(_binned(forecast, unit) if "spread" in names else {})


def append(table, measured, flags):
    """Return a table of errors with further rows, if there are any: what `measure` found.

    Parameters
    ----------
    table : pandas.DataFrame
        What `led.evaluation.errors.table` returns.
    measured : xarray.Dataset
    flags : xarray.DataArray of bool, (sample, component)
        ``out_of_range`` of the forecast.

    Returns
    -------
    pandas.DataFrame
        With further rows also the column ``lead_time``: NaN where a row is of the whole forecast,
        else the end of the part of the lead times that it is of.
    """
    rows = []
    for name in MEASURES:
        for variable in (name, name + BY_LEAD):
            if variable in measured:
                kept = xr.Dataset({"value": measured[variable], "out_of_range": flags})
                kept = kept.drop_vars([c for c in kept.coords if c not in kept.dims])
                rows.append(kept.to_dataframe().reset_index().assign(metric=name))
    if not rows:
        return table
    rows = [table, *(part.assign(forecaster="led") for part in rows)]
    return pd.concat(rows, ignore_index=True)[[*table, "lead_time"]]


def crps_normal(error, deviation):
    """Return the continuous ranked probability score of normal distributions.

    Parameters
    ----------
    error, deviation : ndarray
        Mean of the distribution minus the truth, and its standard deviation, not negative.
    """
    safe = np.where(deviation > 0, deviation, 1.0)
    z = error / safe
    density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    score = safe * (z * (2 * special.ndtr(z) - 1) + 2 * density - 1 / np.sqrt(np.pi))
    return np.where(deviation > 0, score, np.abs(error))


def _lead_times(time):
    """Return the times since the last known frame."""
    step = time[1] - time[0] if len(time) > 1 else 1.0
    return time - time[0] + step


def _frames(array):
    """Return an array as float64, shape (time, cell)."""
    return array.values.astype(float).reshape(array.sizes["time"], -1)


def _known(values):
    """Return arrays (time, cell) without the cells that are missing: see `led.data.missing`."""
    there = ~np.isnan(values["truth"][0])
    return values if there.all() else {name: array[:, there] for name, array in values.items()}


def _of(values, level, frames):
    """Return the measures of one component of one sample, over some of its frames."""
    truth = values["truth"]
    given = {name: array[frames] for name, array in values.items()}
    error, found = given["prediction"] - given["truth"], {}
    if level is not None:
        below, above = given["lower"] - given["truth"], given["truth"] - given["upper"]
        missed = np.maximum(np.maximum(below, above), 0.0)
        change = np.abs(np.gradient(truth, axis=0))[frames] if len(truth) > 1 else 0 * error
        width = given["upper"] - given["lower"]
        fastest = change >= np.quantile(change, 1 - FASTEST)
        found |= {
            "coverage": np.mean(missed == 0),
            "coverage_fastest": np.mean(missed[fastest] == 0),
            "interval_width": width.mean(),
            "interval_score": np.mean(width + 2 / (1 - level) * missed),
        }
    if "spread" in given:
        spread, size = given["spread"], np.abs(error)
        varies = np.ptp(spread) > 0 and np.ptp(size) > 0
        found |= {
            "spread": np.sqrt(np.mean(spread**2)),
            "spread_error": np.sqrt(np.mean(error**2)),
            "crps": crps_normal(error, spread).mean(),
            "spread_rank_correlation": (
                stats.spearmanr(spread, size, axis=None).statistic if varies else np.nan
            ),
        }
    return found


def _binned(forecast, unit):
    """Return the spread and the error of the times and cells, sorted by their spread."""
    components, sums = forecast["component"].values, 0.0
    found = {"binned_spread": [], "binned_error": []}
    for number, deviation in enumerate(unit.values):
        chosen = forecast[["prediction", "truth", "spread"]].isel(component=number).load()
        error = chosen["prediction"].values.astype(float) - chosen["truth"].values
        squares = np.stack([chosen["spread"].values.ravel(), error.ravel()]) ** 2
        sums = sums + squares / deviation**2 / len(components)
        _add_bins(found, squares)
    _add_bins(found, sums)
    return xr.Dataset(
        {name: (("component", "spread_bin"), values) for name, values in found.items()},
        {"component": [*components, "all"]},
    )


def _add_bins(found, squares):
    squares = squares[:, ~np.isnan(squares).any(axis=0)]
    parts = np.array_split(np.argsort(squares[0]), PARTS)
    means = np.sqrt([squares[:, part].mean(axis=1) for part in parts])
    for name, values in zip(found, means.T, strict=True):
        found[name].append(values)
