"""The errors of several runs in one table."""

import json

import pandas as pd

# metrics whose worst value is the smallest, and the one that is best at 1
RISING = ("valid_time", "coverage", "coverage_fastest", "spread_rank_correlation")
RATIO = "deviation_ratio"


def compare(tables, runs):
    """Return median and worst value of each metric over the samples, for all runs.

    Parameters
    ----------
    tables : list of pandas.DataFrame
        What `led.evaluation.errors.table` returns, one for each run.
    runs : list of dict
        The name of each run, ``run``, and the ``values`` of its parameters, by their paths.

    Returns
    -------
    pandas.DataFrame
        Columns ``run``, one for each parameter, ``forecaster, component, metric, median, worst,
        samples``. Samples are those that have a value. Lists and mappings are written as JSON,
        null as nothing.
    """
    rows = []
    for table, run in zip(tables, runs, strict=True):
        if "lead_time" in table:
            table = table[table["lead_time"].isna()]  # whole forecasts
        groups = table.groupby(["forecaster", "component", "metric"], sort=False)["value"]
        short = groups.agg(median="median", worst="max", lowest="min", samples="count")
        short = short.reset_index()
        ratio, lowest = short["metric"] == RATIO, short.pop("lowest")
        rising = short["metric"].isin(RISING) | (ratio & (lowest * short["worst"] < 1))
        short["worst"] = short["worst"].where(~rising, lowest)
        parameters = {path: _cell(value) for path, value in run["values"].items()}
        short = short.assign(**parameters)
        rows.append(short.assign(run=run["run"])[["run", *parameters, *SUMMARY]])
    return pd.concat(rows, ignore_index=True)


SUMMARY = ["forecaster", "component", "metric", "median", "worst", "samples"]


def parameters(table):
    """Return the names of the parameters in a table that `compare` returned."""
    return [name for name in table if name not in ("run", *SUMMARY)]


def _cell(value):
    return json.dumps(value) if isinstance(value, list | dict) else value
