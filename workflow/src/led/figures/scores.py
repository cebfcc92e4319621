"""How far the forecasts are from the truth."""

import matplotlib.pyplot as plt

from led.figures.style import FORECAST, OTHERS, STYLE, TRUTH, labelled

SMALLEST = 1e-5  # of the largest error, what is still shown


def errors(errors):
    """Draw the errors of all forecasters over time, with their spread over the samples.

    Parameters
    ----------
    errors : xarray.Dataset
        What `led.evaluation.errors.combine` returns.
    """
    series = errors["snapshot_error_series"]
    names, components = errors["forecaster"].values, errors["component"].values
    quantiles = series.quantile([0.1, 0.5, 0.9], dim="sample")
    # rounding errors, of an autoencoder that changes nothing, are not worth the space
    smallest = SMALLEST * float(series.max())
    worst = {name: float(series.sel(forecaster=name).max()) for name in names}
    with plt.rc_context(STYLE):
        figure, axes = plt.subplots(
            1,
            len(components),
            figsize=(4.2 * len(components) + 1.2, 4.4),
            sharey=True,
            squeeze=False,
            layout="constrained",
        )
        for axis, component in zip(axes[0], components, strict=True):
            for name, color in zip(names, [FORECAST, TRUTH, *OTHERS], strict=False):
                low, middle, high = quantiles.sel(forecaster=name, component=component).values
                axis.fill_between(series["time"], low, high, color=color, alpha=0.15, linewidth=0)
                label = name if worst[name] > smallest else f"{name} (no error)"
                axis.plot(series["time"], middle, color=color, label=label)
            axis.set(
                title="Components together" if component == "all" else f"Component {component}",
                xlabel=labelled("time", series["time"]),
                yscale="log",
            )
        axes[0, 0].set_ylabel("snapshot error")
        samples = errors.sizes["sample"]
        figure.suptitle(f"Median over {samples} test samples, shaded: 10 to 90 %")
        axes[0, 0].set_ylim(bottom=max(axes[0, 0].get_ylim()[0], smallest))
        figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside right center")
    return figure
