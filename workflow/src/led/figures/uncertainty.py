"""How sure a forecast is, and whether it is right."""

import matplotlib.pyplot as plt
import numpy as np

from led.figures.style import FORECAST, OTHERS, STYLE, TRUTH, lasting

BY_LEAD = "_by_lead_time"


def uncertainty(errors):
    """Draw what `led.evaluation.uncertainty.measure` found, a row for each component.

    Of intervals: how often they hold the truth, and how wide they are, against the lead time. Of an
    ensemble: its error against its spread, and both against the lead time.

    Parameters
    ----------
    errors : xarray.Dataset
        What `led.evaluation.errors.combine` returns, with these measures.

    Raises
    ------
    ValueError
        If the forecasts have neither intervals nor a spread.
    """
    panels = [_coverage, _width] * ("coverage" in errors)
    panels += [_bins, _growth] * ("spread" in errors)
    if not panels:
        raise ValueError(
            "figures.uncertainty: found forecasts without intervals and spread, expected an "
            "experiment with interval, or with rnn.members of at least 2"
        )
    components = errors["component"].values
    with plt.rc_context(STYLE):
        figure, axes = plt.subplots(
            len(components),
            len(panels),
            figsize=(4.4 * len(panels), 2.9 * len(components) + 0.5),
            squeeze=False,
            layout="constrained",
        )
        for row, component in zip(axes, components, strict=True):
            chosen = errors.sel(component=component)
            for axis, draw in zip(row, panels, strict=True):
                draw(axis, chosen)
            name = "Components together" if component == "all" else f"Component {component}"
            row[0].set_title(name, loc="left")
        for axis in axes[0]:
            axis.legend(fontsize="small")
        samples = errors.sizes["sample"]
        figure.suptitle(f"{samples} test samples; shaded: 10 to 90 % of them")
    return figure


def _coverage(axis, chosen):
    for name, label, color in (
        ("coverage", "all", FORECAST),
        ("coverage_fastest", "the tenth that changes fastest", OTHERS[0]),
    ):
        _line(axis, chosen, name, label, color)
    axis.axhline(chosen["coverage"].attrs["level"], color=TRUTH, linestyle=":", label="promised")
    axis.set(ylim=(0, 1.02), ylabel="truth within the interval")


def _width(axis, chosen):
    _line(axis, chosen, "interval_width", "width of the interval", FORECAST)
    _line(axis, chosen, "interval_score", "interval score", OTHERS[0])
    axis.set_ylim(bottom=0)


def _bins(axis, chosen):
    spread, error = chosen["binned_spread"].values, chosen["binned_error"].values
    axis.loglog(spread, error, "o-", color=FORECAST, label="tenths, sorted by spread")
    both = np.concatenate([spread, error])
    if (both > 0).any():  # not of a component that is constant
        ends = both[both > 0].min(), both.max()
        axis.plot(ends, ends, ":", color=TRUTH, label="error = spread")
    axis.set(xlabel="spread", ylabel="error (root mean square)")


def _growth(axis, chosen):
    _line(axis, chosen, "spread_error", "error", FORECAST)
    _line(axis, chosen, "spread", "spread", OTHERS[0])
    _line(axis, chosen, "crps", "CRPS", OTHERS[1])
    axis.set_yscale("log")


def _line(axis, chosen, name, label, color):
    """Draw the mean over the samples against the lead time."""
    values = chosen[name + BY_LEAD]
    low, high = values.quantile([0.1, 0.9], dim="sample").values
    axis.fill_between(values["lead_time"], low, high, color=color, alpha=0.15, linewidth=0)
    axis.plot(values["lead_time"], values.mean("sample"), "o-", color=color, label=label)
    axis.set_xlabel(lasting("lead time", chosen["lead_time"]))
