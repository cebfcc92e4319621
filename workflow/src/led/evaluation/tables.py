"""Tables for people: the errors of an experiment in short."""

import html

from led.evaluation.diagnosis import CALM

FORECASTERS = {"led": "the forecast", "autoencoder": "the truth, encoded and decoded"}
MEASURES = {
    "mnad": "mean |error| over range (mnad)",
    "valid_time": "valid time",
    "histogram_distance": "distance of histograms",
    "time_spectrum_error": "error of spectrum in time",
    "space_spectrum_error": "in space",
    "autocorrelation_error": "error of autocorrelation",
    "deviation_ratio": "standard deviation over that of the truth",
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


def page(table, experiment, baselines, split="test", findings=(), forecasts=None):
    """Return the `summary` as a page of HTML that explains itself.

    Parameters
    ----------
    table : pandas.DataFrame
        What `led.evaluation.errors.table` returns.
    experiment : str
        Its name, for the heading.
    baselines : dict of {str: str}
        What the baselines do, by name.
    split : str
        That is scored.
    findings : sequence of (str, str)
        What `led.evaluation.diagnosis.diagnose` returned.
    forecasts : dict of {str: str}, optional
        What the named forecasts do, by name.
    """
    samples = table["sample"].nunique()
    described = FORECASTERS | (forecasts or {}) | baselines
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>Errors of {html.escape(experiment)}</title><style>{STYLE}</style></head>\n"
        f"<body><h1>Errors of {html.escape(experiment)}</h1>\n"
        f"<p>Errors over {samples} {split} samples, forecast window only; 0 is perfect. All "
        "together: components in units of their standard deviation in training.</p>\n"
        "<p><strong>Relative L2 error</strong> (rel_l2): norm of the difference over norm of the "
        "truth. 1 is as bad as forecasting zero. It is small for all that has a large mean.</p>\n"
        f"{_short(table, 'rel_l2', described)}"
        "<p><strong>Normalised error</strong> (nrmse): root mean square of the difference over the "
        "standard deviation of the truth. 1 is as bad as forecasting the mean.</p>\n"
        f"{_short(table, 'nrmse', described)}"
        f"{_diagnosis(findings)}{_measures(table)}{_events(table)}{_out_of_range(table)}</body></html>\n"
    )


def _short(table, metric, described):
    short = summary(table, metric)
    short.index = [f"{name}: {described[name]}" for name in short.index]
    short.columns.names = [None, None]
    short = short.rename(columns={"all": "all together"}, level=0)
    return f"{short.to_html(float_format='{:.4f}'.format, border=0)}\n"


def _diagnosis(findings):
    texts = [f'<p class="{kind}">{html.escape(text)}</p>\n' for kind, text in findings]
    return "".join(texts) or f"<p>{CALM}</p>\n"


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
    return f"<p>{text}:</p>\n{short.to_html(float_format=number.format, border=0, na_rep='')}\n"


def _out_of_range(table):
    """Return a paragraph on forecasts that nothing in the training data supports, if any."""
    flagged = table[(table["forecaster"] == "led") & table["out_of_range"]]["sample"].unique()
    if not len(flagged):
        return ""
    return (
        "<p><strong>Do not trust the forecasts of the samples "
        f"{', '.join(map(str, flagged))}</strong>: they leave the range of the training data.</p>\n"
    )


STYLE = (
    "body{font-family:sans-serif;margin:2em;background:white;color:black}"
    "table{border-collapse:collapse}"
    "th,td{padding:.4em .9em;text-align:right;border-bottom:1px solid #ccc}"
    "tbody th{text-align:left;font-weight:normal}"
    "thead tr:first-child th{text-align:center}"
    ".bad{color:#b00020;font-weight:bold}.warning{border-left:.3em solid #e69f00;padding-left:.6em}"
    "tbody tr:first-child{font-weight:bold}tbody tr:first-child th{font-weight:bold}"
)
