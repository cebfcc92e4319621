"""Tables for people: the errors of an experiment in short."""

import html

FORECASTERS = {"led": "the forecast", "autoencoder": "the truth, encoded and decoded"}
EVENTS = {
    "activation_error_median": "activation time: median error of the cells",
    "activation_error_worst": "worst cell",
    "activation_missed": "cells missed",
    "activation_invented": "cells invented",
    "period_error": "period, relative",
    "phase_error": "phase, in periods",
}


def summary(table):
    """Return median and worst relative L2 error by forecaster and component.

    Parameters
    ----------
    table : pandas.DataFrame
        What `led.evaluation.errors.table` returns.

    Returns
    -------
    pandas.DataFrame
        Rows are forecasters, columns ``(component, "median" or "worst")``, both in the order of
        `table`.
    """
    chosen = table[table["metric"] == "rel_l2"]
    groups = chosen.groupby(["forecaster", "component"], sort=False)["value"]
    short = groups.agg(median="median", worst="max").unstack("component", sort=False)
    return short.swaplevel(axis=1)[list(chosen["component"].unique())]


def page(table, experiment, baselines, split="test"):
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
    """
    samples = table["sample"].nunique()
    short = summary(table)
    described = FORECASTERS | baselines
    short.index = [f"{name}: {described[name]}" for name in short.index]
    short.columns.names = [None, None]
    short = short.rename(columns={"all": "all together"}, level=0)
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>Errors of {html.escape(experiment)}</title><style>{STYLE}</style></head>\n"
        f"<body><h1>Errors of {html.escape(experiment)}</h1>\n"
        f"<p>Relative L2 error over {samples} {split} samples, forecast window only: norm of the "
        "difference over norm of the truth. 0 is perfect, 1 as bad as forecasting zero.</p>\n"
        f"{short.to_html(float_format='{:.4f}'.format, border=0)}\n"
        f"{_events(table)}{_out_of_range(table)}</body></html>\n"
    )


def _events(table):
    """Return the medians of the errors in time, if a system declares any."""
    chosen = table[table["metric"].isin(EVENTS)]
    if chosen.empty:
        return ""
    groups = chosen.groupby(["forecaster", "metric"], sort=False)["value"]
    short = groups.median().unstack("metric", sort=False).rename(columns=EVENTS)
    short.index.name = short.columns.name = None
    return (
        "<p>Errors in time, median over the samples:</p>\n"
        f"{short.to_html(float_format='{:.3f}'.format, border=0, na_rep='')}\n"
    )


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
    "tbody tr:first-child{font-weight:bold}tbody tr:first-child th{font-weight:bold}"
)
