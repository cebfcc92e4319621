"""Where an adaptive forecast trusts its surrogate, and how right that is."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.patches import Patch

from led.figures.multiscale import speed_up
from led.figures.style import FORECAST, OTHERS, STYLE, TRUTH, labelled

COLOURS = {"warmup": "#BBBBBB", "compare": OTHERS[3], "macro": OTHERS[0], "micro": "#555555"}
PARTS = 60  # of the time, for each of which a utilisation is drawn


def over_time(forecasts, names):
    """Draw drivers, stages, utilisation and errors over time, a column a forecast.

    Parameters
    ----------
    forecasts : list of xarray.Dataset
        What `led.surrogate.named.forecast` returns, of the mode adaptive.
    names : list of str
        Of the forecasts.
    """
    truth = forecasts[0]["truth"]
    drivers = [name for name, values in truth.coords.items() if values.dims == ("time",)]
    drivers = [name for name in drivers if name != "time"]
    heights = [1] * len(drivers) + [2, 1.5, 2]
    with plt.rc_context(STYLE):
        figure, axes = plt.subplots(
            len(heights),
            len(forecasts),
            figsize=(1.5 + 5.5 * len(forecasts), 1.3 + 1.2 * sum(heights)),
            height_ratios=heights,
            sharex=True,
            sharey="row",
            squeeze=False,
            layout="constrained",
        )
        for column, forecast, name in zip(axes.T, forecasts, names, strict=True):
            share = float(forecast["utilisation"].mean())
            column[0].set_title(
                f"{name}: utilisation {share:.2f}, {speed_up(forecast):.2g} times as fast as the "
                "solver"
            )
            for axis, driver in zip(column, drivers, strict=False):
                axis.step(truth["time"], truth[driver], color=TRUTH, where="post")
                axis.set_ylabel(driver)
            _draw(forecast, *column[-3:])
            column[-1].set_xlabel(labelled("time", truth["time"]))
        for axis in axes[:, 1:].flat:
            axis.set_ylabel("")
        patches = [Patch(color=colour, label=stage) for stage, colour in COLOURS.items()]
        handles, labels = axes[-1, 0].get_legend_handles_labels()
        figure.legend(
            [*patches, *handles],
            [*COLOURS, *labels],
            loc="outside lower center",
            ncols=4,
            fontsize=8,
        )
    return figure


def _draw(forecast, stages, utilisation, errors):
    time, flags = forecast["time"].values, forecast["cycle_stage"]
    samples = np.arange(forecast.sizes["sample"])
    meanings = flags.attrs["flag_meanings"].split()
    colours = ListedColormap([COLOURS[meaning] for meaning in meanings])
    stages.pcolormesh(
        time,
        samples,
        flags.values,
        cmap=colours,
        vmin=-0.5,
        vmax=len(meanings) - 0.5,
        shading="nearest",
        rasterized=True,
    )
    stages.set_ylabel("sample")
    stages.grid(visible=False)
    trusted = (flags.values == meanings.index("macro")).mean(axis=0)
    cycles = forecast.sizes["cycle"] // len(samples)
    count = max(1, min(PARTS, cycles // 2))  # each has a cycle or more
    parts = np.array_split(np.arange(len(time)), count)
    utilisation.plot(
        [time[part].mean() for part in parts],
        [trusted[part].mean() for part in parts],
        ".-",
        color=COLOURS["macro"],
    )
    utilisation.set(ylabel="utilisation", ylim=(0, 1))
    begin = forecast["cycle_begin"].values
    errors.plot(begin, forecast["cycle_error"], ".", color="#999999", label="error of comparisons")
    errors.axhline(forecast.attrs["error_limit"], color=TRUTH, linewidth=1, label="its limit")
    for name, colour in (("mean_distance", OTHERS[1]), ("final_distance", FORECAST)):
        label = name.replace("_", " ") + " from the solver"
        errors.plot(begin, forecast[f"cycle_{name}"], ".", color=colour, label=label)
    errors.set(ylabel="error", yscale="log")
