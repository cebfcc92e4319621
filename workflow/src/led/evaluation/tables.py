"""Tables for people: the errors of an experiment in short."""

FORECASTERS = {
    "led": "the forecast",
    "autoencoder": "the truth, encoded and decoded",
    "truth": "the samples themselves, against half their time step",
}
MEASURES = {
    "mnad": "mean |error| over range (mnad)",
    "valid_time": "valid time",
    "histogram_distance": "distance of histograms",
    "time_spectrum_error": "error of spectrum in time",
    "space_spectrum_error": "in space",
    "autocorrelation_error": "error of autocorrelation",
    "deviation_ratio": "standard deviation over that of the truth",
}
UNCERTAINTY = {
    "coverage": "truth within the interval",
    "coverage_fastest": "where it changes fastest",
    "interval_width": "width of the interval",
    "interval_score": "interval score",
    "spread": "spread of the members",
    "spread_error": "error",
    "crps": "CRPS of the spread",
    "spread_rank_correlation": "rank correlation of spread and error",
}
EVENTS = {
    "activation_error_median": "activation time: median error of the cells",
    "activation_error_worst": "worst cell",
    "activation_missed": "cells missed",
    "activation_invented": "cells invented",
    "period_error": "period, relative",
    "phase_error": "phase, in periods",
}


def summary(table, metric="rel_l2"):
    """Return median and worst value of an error by forecaster and component.

    Parameters
    ----------
    table : pandas.DataFrame
        What `led.evaluation.errors.table` returns.
    metric : str

    Returns
    -------
    pandas.DataFrame
        Rows are forecasters, columns ``(component, "median" or "worst")``, both in the order of
        `table`.
    """
    chosen = table[table["metric"] == metric]
    groups = chosen.groupby(["forecaster", "component"], sort=False)["value"]
    short = groups.agg(median="median", worst="max").unstack("component", sort=False)
    return short.swaplevel(axis=1)[list(chosen["component"].unique())]


def errors(table, described):
    """Return the errors of an experiment as HTML that explains itself.

    Parameters
    ----------
    table : pandas.DataFrame
        What `led.evaluation.errors.table` returns.
    described : dict of {str: str}
        What baselines and named forecasts do, by name.

    Returns
    -------
    str
        The `summary` of two errors; medians of further ones, and of errors in time, where the table
        has any.
    """
    described = FORECASTERS | described
    return (
        "<p><strong>Relative L2 error</strong> (rel_l2): norm of the difference over norm of the "
        "truth. 1 is as bad as forecasting zero. It is small for all that has a large mean.</p>\n"
        f"{_short(table, 'rel_l2', described)}"
        "<p><strong>Normalised error</strong> (nrmse): root mean square of the difference over the "
        "standard deviation of the truth. 1 is as bad as forecasting the mean.</p>\n"
        f"{_short(table, 'nrmse', described)}"
        f"{_measures(table)}{_events(table)}"
    )


def uncertainty(table):
    """Return how sure the forecast is as HTML, by tenths of the lead times; else nothing.

    Parameters
    ----------
    table : pandas.DataFrame
        What `led.evaluation.errors.table` returns, with what `led.evaluation.uncertainty` adds.
    """
    chosen = table[(table["component"] == "all") & table["metric"].isin(UNCERTAINTY)]
    if chosen.empty:
        return ""
    chosen = chosen.assign(lead_time=chosen["lead_time"].map("{:g}".format))
    groups = chosen.groupby(["lead_time", "metric"], sort=False)["value"].mean()
    short = groups.unstack("metric", sort=False).rename(index={"nan": "all"}, columns=UNCERTAINTY)
    short.index.name = short.columns.name = None
    text = (
        "How sure the forecast is, all components together in units of their standard deviation in "
        "training, mean over the samples; a row for each part of the forecast, by the lead time of "
        "its end"
    )
    return f"<p>{text}:</p>\n{html_of(short)}"


def html_of(frame, number="{:.4g}"):
    """Return a table as HTML: a frame of pandas, wide ones to be scrolled on a phone."""
    text = frame.to_html(float_format=number.format, border=0, na_rep="")
    return f'<div class="wide">{text}</div>\n'


def _short(table, metric, described):
    short = summary(table, metric)
    short.index = [f"{name}: {described[name]}" for name in short.index]
    short.columns.names = [None, None]
    short = short.rename(columns={"all": "all together"}, level=0)
    return html_of(short, "{:.4f}")


def _measures(table):
    """Return the medians of further errors and of the statistics of long runs."""
    together = table[table["component"] == "all"]
    text = (
        "All components together, median over the samples. Valid time ends where the normalised "
        "error of a frame exceeds 0.5. Where the truth is chaotic, its statistics count: they "
        "are compared over the whole forecast"
    )
    return _medians(together, MEASURES, text, "{:.4g}")


def _events(table):
    """Return the medians of the errors in time, if a system declares any."""
    return _medians(table, EVENTS, "Errors in time, median over the samples", "{:.3f}")


def _medians(table, names, text, number):
    chosen = table[table["metric"].isin(names)]
    if chosen.empty:
        return ""
    groups = chosen.groupby(["forecaster", "metric"], sort=False)["value"]
    short = groups.median().unstack("metric", sort=False).rename(columns=names)
    short.index.name = short.columns.name = None
    return f"<p>{text}:</p>\n{html_of(short, number)}"


def costs(table):
    """Return the costs of an experiment as HTML that explains itself.

    Parameters
    ----------
    table : pandas.DataFrame
        What `led.evaluation.costs.table` returns. Of the solver with longer steps or on a coarser
        grid, the page shows the one that is as accurate as LED.
    """
    shown = table[table["forecaster"] != "coarse"].replace({"forecaster": SOLVERS})
    shown = shown.set_index("forecaster")[list(COSTS)].astype(object)
    shown = shown.where(shown.notna(), "").rename(columns=COSTS)
    shown.index.name = None
    return (
        "<p>At the same output times, one thread each. Simulation of the training samples and "
        "training come before the first forecast. A solver with longer steps or on a coarser grid "
        "costs less, too: compare with the one that is as accurate.</p>\n"
        f"{html_of(shown, '{:.3g}')}"
    )


SOLVERS = {
    "solver": "our solver, as it made the samples",
    "as_accurate": "our solver, coarse enough to be as accurate as led",
}
COSTS = {
    "nrmse": "error (nrmse)",
    "seconds": "seconds for a sample and unit of time",
    "seconds_before": "seconds before the first forecast",
    "pays_after": "led has paid for itself after so many forecasts",
    "remark": "",
}
