"""How far a forecast is from the truth."""

import numpy as np
import pandas as pd
import xarray as xr

VALID_BELOW = 0.5  # standard deviations: error of a frame up to which a forecast is valid
CONSTANT = 1e-6  # of the deviation in training: a truth that varies less is constant


def errors(prediction, truth, deviation, start=None):
    """Measure forecasts over the frames that they are given for.

    With the difference e = prediction - truth, for each component and for all together
    (``component="all"``). For all together e and the truth of each component are first divided by
    its standard deviation in training, so that no component counts more for its unit:

    - ``rel_l2``: norm of e over norm of the truth, all times and cells;
    - ``rmse``: root of the mean of e^2;
    - ``nrmse``: rmse over the standard deviation of the truth in the sample; for all components
      together the squares of both are averaged over the components first. Where the truth does not
      vary, over the standard deviation in training. Unlike ``rel_l2`` it does not depend on the
      mean of the truth;
    - ``mnad``: mean of the absolute value of e over the range of the truth in the sample, from its
      smallest to its largest value; for all components together their mean. Where the truth does
      not vary, over the standard deviation in training;
    - ``snapshot_error``: mean over time of the snapshot errors. A snapshot error is the root of
      the sum over the components of the squared Frobenius norms of e in a frame;
    - ``particle_error``: mean over the cells of the particle errors. A particle error is the L2
      norm of e over time in a cell, components by their quadratic mean. Without a grid it is the
      root of the sum over the components of the squared L2 norms over time;
    - ``model_error``: L2 norm over time of the snapshot errors;
    - ``valid_time``: time from the last frame before the forecast to the first frame whose nrmse
      (root mean square of e in that frame over the standard deviation of the truth in the sample)
      exceeds 0.5. It ends with the last frame if none does.

    L2 norms over time are plain sums over frames, as in the reference report.

    Cells that are missing in the truth do not count: see `led.data.missing`.

    Parameters
    ----------
    prediction, truth : xarray.DataArray
        Dimensions (sample, time, *grid, component), on the same coordinates.
    deviation : ndarray, shape (component,)
        Standard deviation of each component over the training samples.
    start : float, optional
        Time of the last frame before the forecast; a time step before its first frame without it.

    Returns
    -------
    xarray.Dataset
        The metrics, ``(sample, component)``; and ``snapshot_error_series``,
        ``relative_error_series``, ``normalised_error_series`` (the nrmse of single frames) over
        time and ``particle_error_map`` over the grid.

    Raises
    ------
    ValueError
        If the coordinates differ, or a value is not finite.
    """
    prediction, truth = xr.align(
        prediction.astype(np.float64), truth.astype(np.float64), join="exact"
    )
    gaps = truth.isnull().all("time")
    for name, values in {"prediction": prediction, "truth": truth}.items():
        bad = ~(np.isfinite(values) | gaps).all([d for d in values.dims if d != "sample"])
        if bad.any():
            raise ValueError(
                f"{name}: found values that are not finite in the samples {np.flatnonzero(bad)}, "
                "expected a number everywhere"
            )
    grid = [d for d in truth.dims if d not in ("sample", "time", "component")]
    squares = (prediction - truth) ** 2
    unit = xr.DataArray(np.asarray(deviation, float) ** 2, {"component": truth["component"]})
    frames = _with_sum(squares.sum(grid), unit)
    frame_norms = _with_sum((truth**2).sum(grid), unit)
    particles = squares.sum("time", min_count=1)
    together = _with_mean if grid else _with_sum
    particle_errors = np.sqrt(together(particles, unit))
    variances = truth.var(["time", *grid])
    varies = variances > CONSTANT**2 * unit
    ranges = truth.max(["time", *grid]) - truth.min(["time", *grid])
    deviations = abs(prediction - truth).mean(["time", *grid])
    mnad = deviations / ranges.where(varies, np.sqrt(unit))
    variances = _with_mean(variances.where(varies, unit), unit)
    frame_squares = _with_mean(squares.mean(grid), unit)
    mean_squares = frame_squares.mean("time")
    snapshot_errors = np.sqrt(frames)
    normalised_errors = np.sqrt(frame_squares / variances)
    return xr.Dataset(
        {
            "rel_l2": _ratio(np.sqrt(frames.sum("time")), np.sqrt(frame_norms.sum("time"))),
            "rmse": np.sqrt(mean_squares),
            "nrmse": np.sqrt(mean_squares / variances),
            "mnad": append_all(mnad, mnad.mean("component")),
            "snapshot_error": snapshot_errors.mean("time"),
            "particle_error": particle_errors.mean(grid),
            "model_error": np.sqrt(frames.sum("time")),
            "valid_time": _valid_time(normalised_errors, start),
            "snapshot_error_series": snapshot_errors,
            "relative_error_series": _ratio(snapshot_errors, np.sqrt(frame_norms)),
            "normalised_error_series": normalised_errors,
            "particle_error_map": particle_errors,
        }
    )


METRICS = (
    "rel_l2",
    "rmse",
    "nrmse",
    "mnad",
    "snapshot_error",
    "particle_error",
    "model_error",
    "valid_time",
)
STATISTICS = (  # see `led.evaluation.statistics`
    "histogram_distance",
    "time_spectrum_error",
    "space_spectrum_error",
    "autocorrelation_error",
    "deviation_ratio",
)


def _ratio(error, size):
    """Divide; no error of nothing is no error."""
    return xr.where(error == 0, 0.0, error / size)


def append_all(values, together):
    """Return values of each component, with those of all together at the end."""
    return xr.concat([values, together.assign_coords(component="all")], "component")


def _with_sum(squares, unit):
    return append_all(squares, (squares / unit).sum("component"))


def _with_mean(squares, unit):
    return append_all(squares, (squares / unit).mean("component"))


def _valid_time(normalised_errors, start):
    time = normalised_errors["time"].values
    exceeds = normalised_errors > VALID_BELOW
    first = exceeds.argmax("time").where(exceeds.any("time"), len(time) - 1).astype(int)
    if start is None:
        start = 2 * time[0] - time[1] if len(time) > 1 else time[0]
    return first.copy(data=time[first.values] - start)


def table(reports):
    """Return the metrics as a tidy table.

    Parameters
    ----------
    reports : dict of {str: xarray.Dataset}
        What `errors` returned, by the name of the forecaster, with ``out_of_range`` added, what
        `led.evaluation.statistics.compare` returned, and what `led.evaluation.events.compare`
        returned where a system declares events.

    Returns
    -------
    pandas.DataFrame
        Columns ``forecaster, sample, component, metric, value, out_of_range``.
    """
    together = combine(reports)
    names = [name for name in (*METRICS, *STATISTICS) if name in together]
    values = together[names].to_array("metric", name="value")
    tidy = xr.merge([values, together["out_of_range"]])
    columns = ["forecaster", "sample", "component", "metric"]
    rows = [tidy.drop_vars(_extra(tidy)).to_dataframe(dim_order=columns).reset_index()]
    for name, values in together.data_vars.items():
        if set(values.dims) == {"forecaster", "sample"}:
            component = values.attrs["component"]
            flags = together["out_of_range"].sel(component=component, drop=True)
            event = xr.Dataset({"value": values, "out_of_range": flags})
            event = event.drop_vars(_extra(event)).to_dataframe(dim_order=columns[:2]).reset_index()
            rows.append(event.assign(component=component, metric=name))
    return pd.concat(rows, ignore_index=True)[[*columns, "value", "out_of_range"]]


def combine(reports):
    """Return one dataset with the dimension ``forecaster``; NaN at times that one has not."""
    named = xr.DataArray(list(reports), dims="forecaster")
    return xr.concat(list(reports.values()), named, join="outer")  # some have fewer times


def _extra(array):
    return [name for name in array.coords if name not in array.dims]
