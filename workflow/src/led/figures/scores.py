"""How far the forecasts are from the truth."""

import matplotlib.pyplot as plt
import numpy as np

from led.figures.style import FORECAST, OTHERS, STYLE, TRUTH, colours, labelled

SERIES = {
    "snapshot_error_series": "snapshot error",
    "relative_error_series": "relative L2 error",
    "normalised_error_series": "normalised error (nrmse)",
}
SMALLEST = 1e-5  # of a typical error of the smallest component, what is still shown


def errors(errors):
    """Draw the errors of all forecasters over time, with their spread over the samples.

    A row shows the size of the error in a frame, its ratio to the truth of that frame, and its
    ratio to the standard deviation of the truth.

    Parameters
    ----------
    errors : xarray.Dataset
        What `led.evaluation.errors.combine` returns.
    """
    components = errors["component"].values
    with plt.rc_context(STYLE):
        figure, axes = plt.subplots(
            len(SERIES),
            len(components),
            figsize=(4.2 * len(components) + 1.2, 3.3 * len(SERIES) + 0.8),
            sharex=True,
            sharey="row",
            squeeze=False,
            layout="constrained",
        )
        for line, (name, label) in zip(axes, SERIES.items(), strict=True):
            _draw_row(line, errors[name], components)
            line[0].set_ylabel(label)
        for axis, component in zip(axes[0], components, strict=True):
            axis.set_title(
                "Components together" if component == "all" else f"Component {component}"
            )
        for axis in axes[-1]:
            axis.set_xlabel(labelled("time", errors["time"]))
        samples = errors.sizes["sample"]
        figure.suptitle(f"Median over {samples} test samples, shaded: 10 to 90 %")
        figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside right center")
    return figure


def _draw_row(axes, series, components):
    names = series["forecaster"].values
    series = series.where(np.isfinite(series))  # relative to a truth of zero
    # rounding errors, of an autoencoder that changes nothing, are not worth the space
    usual = [name for name in series.dims if name not in ("forecaster", "component")]
    typical = series.median(usual).median("forecaster")  # no single one that diverges
    smallest = SMALLEST * float(typical.where(typical > 0).min().fillna(0))
    worst = {name: float(series.sel(forecaster=name).max()) for name in names}
    colors = [FORECAST, TRUTH, *OTHERS]
    colors += [*colours(max(0, len(names) - len(colors)))]
    for axis, component in zip(axes, components, strict=True):
        for name, color in zip(names, colors, strict=False):
            shown = series.sel(forecaster=name, component=component).dropna("time", how="all")
            low, middle, high = shown.quantile([0.1, 0.5, 0.9], dim="sample").values
            axis.fill_between(shown["time"], low, high, color=color, alpha=0.15, linewidth=0)
            label = name if worst[name] > smallest else f"{name} (no error)"
            axis.plot(shown["time"], middle, color=color, label=label)
        axis.set_yscale("log")
    axes[0].set_ylim(bottom=max(axes[0].get_ylim()[0], smallest))
