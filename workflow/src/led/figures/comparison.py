"""The errors of several runs, side by side."""

import itertools

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.ticker import NullLocator

from led.evaluation.comparison import parameters
from led.figures.style import FORECAST, OTHERS, STYLE, TRUTH, colours

LEARNED = ("led", "autoencoder")
NO_BASELINES = (*LEARNED, "truth")
METRICS = {"rel_l2": "relative L2 error", "nrmse": "normalised error (nrmse)"}
BASELINES = 2  # how many are shown: the best ones
SMALLEST = 1e-6  # both errors are relative: less are rounding errors, not worth the space
DECADE = 10  # values that reach farther are shown on a logarithmic axis
MOST_LINES = 6  # values of a second parameter that can be distinguished
LINES = ("-", "--", ":")


def comparison(errors, study, split):
    """Draw two relative errors against what is varied, a panel for each component and error.

    A number that is varied is the horizontal axis, and a second parameter gives the lines their
    colours. If one number is different in each run, it alone is the axis; of several such
    numbers, the one with the shortest path. Else the runs are drawn side by side.

    Parameters
    ----------
    errors : pandas.DataFrame
        What `led.evaluation.comparison.compare` returns.
    study : str
        Its name, for the title.
    split : str
        That the runs are compared on.
    """
    table = errors[errors["metric"].isin(METRICS)]
    table = table.assign(**{n: table[n].where(table[n] > SMALLEST, 0) for n in ("median", "worst")})
    metrics = [metric for metric in METRICS if metric in set(table["metric"])]
    components, runs = table["component"].unique(), table["run"].unique()
    number, other = _roles(table)
    width = 4.2 if number else min(max(4.2, 0.25 * len(runs)), 20)
    with plt.rc_context(STYLE):
        figure, axes = plt.subplots(
            len(metrics),
            len(components),
            figsize=(width * len(components) + 1.8, 3.6 * len(metrics) + 0.8),
            sharey="row",
            squeeze=False,
            layout="constrained",
        )
        panels = itertools.product(metrics, components)
        for axis, (metric, component) in zip(axes.flat, panels, strict=True):
            rows = table[(table["component"] == component) & (table["metric"] == metric)]
            axis.set_yscale("log", nonpositive="mask")
            axis.set_title(
                "Components together" if component == "all" else f"Component {component}"
            )
            if number:
                _lines(axis, rows, _shown(table), number, other)
                _scale(axis, np.unique(table[number]))
                further = set(parameters(table)) - {number, other}
                axis.set_xlabel(number + ", and what goes with it" * bool(further))
            else:
                _columns(axis, rows, _shown(table), runs)
                labels = [run.removeprefix(f"{study}-") for run in runs]
                axis.set_xticks(range(len(runs)), labels, rotation=90 if len(runs) > 4 else 0)
                axis.set_xlabel(", ".join(sorted(parameters(table))))
        for axis, metric in zip(axes[:, 0], metrics, strict=True):
            axis.set_ylabel(METRICS[metric])
        samples, spread = table["samples"].max(), "shaded" if number else "bars"
        figure.suptitle(
            f"{study}: median over {samples} {split} samples, {spread}: up to the worst"
        )
        figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside right center")
    return figure


def _roles(table):
    """Return the parameters of the axis and of the lines; None for what there is not."""
    varied = parameters(table)
    numbers = [name for name in varied if _is_number(table[name])]
    leading = [name for name in numbers if table[name].nunique() == table["run"].nunique()]
    leading = [name for name in leading if name.count(".") == min(n.count(".") for n in leading)]
    if len(varied) > 1 and len(leading) == 1:
        return leading[0], None
    if len(varied) > 2 or not numbers:
        return None, None
    number = max(numbers, key=lambda name: table[name].nunique())
    other = next((name for name in varied if name != number), None)
    if other and table[other].nunique(dropna=False) > MOST_LINES:
        return None, None
    return number, other


def _is_number(column):
    kinds = pd.api.types
    number = kinds.is_numeric_dtype(column) and not kinds.is_bool_dtype(column)
    return number and column.notna().all()


def _shown(table):
    """Return the forecasters to show: what is learned, and the best baselines."""
    first = table["metric"] == table["metric"].iloc[0]
    together = table[
        first & (table["component"] == "all") & ~table["forecaster"].isin(NO_BASELINES)
    ]
    best = together.groupby("forecaster", sort=False)["median"].min().nsmallest(BASELINES)
    return [*LEARNED, *best.index]


def _label(name, rows):
    return f"{name} (no error)" if (rows["median"] == 0).all() and len(rows) else name


def _lines(axis, table, names, number, other):
    """Draw lines along a number: colours show the forecasters, or the values of `other`."""
    if other is None:
        for name, color in zip(names, [FORECAST, TRUTH, *OTHERS], strict=False):
            rows = table[table["forecaster"] == name].sort_values(number)
            _line(axis, rows, number, name in LEARNED, label=_label(name, rows), color=color)
        return
    groups = list(table.groupby(other, dropna=False))
    for (value, group), color in zip(groups, colours(len(groups)), strict=True):
        for name, style in zip(names, LINES, strict=False):
            rows = group[group["forecaster"] == name].sort_values(number)
            label = f"{_label(name, rows)}, {other.rpartition('.')[2]} {value}"
            _line(axis, rows, number, name == "led", label=label, color=color, linestyle=style)


def _line(axis, rows, number, shaded, color, **look):
    axis.plot(rows[number], rows["median"], color=color, marker="o", markersize=4, **look)
    if shaded:
        axis.fill_between(
            rows[number], rows["median"], rows["worst"], color=color, alpha=0.15, linewidth=0
        )


def _columns(axis, table, names, runs):
    """Draw each run in a column of its own, the forecasters next to each other."""
    for name, color, shift in zip(
        names, [FORECAST, TRUTH, *OTHERS], np.linspace(-0.2, 0.2, len(names)), strict=False
    ):
        rows = table[table["forecaster"] == name].set_index("run")
        places = [list(runs).index(run) + shift for run in rows.index]
        axis.plot(places, rows["median"], "o", color=color, label=_label(name, rows))
        axis.vlines(places, rows["median"], rows["worst"], color=color, alpha=0.5)


def _scale(axis, values):
    """Choose the scale of the horizontal axis, and mark the values on it if they are few."""
    if values[0] > 0 and values[-1] > DECADE * values[0]:
        axis.set_xscale("log")
    if len(values) <= 8:
        axis.set_xticks(values, [f"{value:g}" for value in values])
        axis.xaxis.set_minor_locator(NullLocator())
