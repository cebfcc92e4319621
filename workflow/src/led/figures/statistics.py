"""What truth and forecast look like in the long run."""

import matplotlib.pyplot as plt
import numpy as np

from led.data.frames import LONG_RUN
from led.evaluation import statistics
from led.figures.style import LINES, NAMES, STYLE, component_label, grid_of, lasting

SMALLEST = 1e-8  # of the largest power, what is still shown


def long_run(forecast):
    """Draw histogram, spectra and autocorrelation of truth and forecast, a row a component.

    They are means over the test samples; see `led.evaluation.statistics`. Dots are the modes that
    hold 95 % of the energy of the truth.

    Parameters
    ----------
    forecast : xarray.Dataset
        What `led.surrogate.run.score` returns.

    Raises
    ------
    ValueError
        If the forecast has fewer than 32 frames.
    """
    truth = forecast["truth"]
    frames = truth.sizes["time"]
    if frames < LONG_RUN:
        raise ValueError(
            f"figures.statistics: found a forecast of {frames} frames, expected at least {LONG_RUN}"
        )
    grid, components = grid_of(truth), truth["component"].values
    columns = 3 + len(grid)
    with plt.rc_context(STYLE):
        figure, axes = plt.subplots(
            len(components),
            columns,
            figsize=(3.7 * columns, 2.8 * len(components) + 0.8),
            squeeze=False,
            layout="constrained",
        )
        for row, component in zip(axes, components, strict=True):
            states = {
                name: forecast[name].sel(component=component).astype(float)
                for name in ("truth", "prediction")
            }
            _draw(row, states, grid)
            row[0].set_xlabel(component_label(truth, component))
        titles = ["Histogram", "Spectrum in time", "Autocorrelation"]
        titles += [f"Spectrum along {dimension}" for dimension in grid]
        for axis, title in zip(axes[0], titles, strict=True):
            axis.set_title(title)
        samples = truth.sizes["sample"]
        figure.suptitle(f"Means of {samples} test samples; dots: 95 % of the energy of the truth")
        figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return figure


def _draw(axes, states, grid):
    """Draw one component, ``{name: (sample, time, *grid)}``."""
    truth = states["truth"]
    low, high = float(truth.min()), float(truth.max())
    high = high if high > low else low + 1
    edges = np.linspace(low, high, statistics.BINS + 1)
    time = truth["time"].values
    step = time[1] - time[0]
    for name, values in states.items():
        look = LINES[name] | {"label": NAMES[name]}
        whole = values.transpose("sample", "time", *grid).values
        samples = np.stack([statistics.known(sample) for sample in whole])
        shares = statistics.histogram(samples, low, high)[1:-1]
        axes[0].stairs(shares / np.diff(edges), edges, **look)
        frequencies, _ = statistics.time_spectrum(samples[0], step)
        powers = [statistics.time_spectrum(sample, step)[1] for sample in samples]
        _spectrum(axes[1], frequencies, np.mean(powers, axis=0), look, name == "truth")
        correlation = np.mean([statistics.autocorrelation(sample) for sample in samples], axis=0)
        axes[2].plot(step * np.arange(len(correlation)), correlation, **look)
        for number, dimension in enumerate(grid, start=1):
            axes[2 + number].set_xlabel(f"waves along {dimension}")
            if samples.ndim < whole.ndim:  # cells are missing: no spectrum in space
                continue
            powers = [statistics.space_spectrum(sample, number) for sample in samples]
            modes = np.arange(len(powers[0]))
            _spectrum(axes[2 + number], modes, np.mean(powers, axis=0), look, name == "truth")
    axes[0].set_ylabel("density")
    axes[1].set(xscale="log", xlabel=lasting("frequency", truth["time"]).replace("[", "[1/"))
    axes[1].set_ylabel("power")
    axes[2].set_xlabel(lasting("lag", truth["time"]))


def _spectrum(axis, modes, power, look, mark):
    """Draw a spectrum; mark its energetic modes."""
    axis.plot(modes, power, **look)
    axis.set_yscale("log")
    smallest = SMALLEST * power.max()
    if axis.get_ylim()[0] < smallest:
        axis.set_ylim(bottom=smallest, auto=None)
    if mark:
        chosen = statistics.energetic(power)
        axis.plot(modes[chosen], power[chosen], "o", color=look["color"], markersize=3)
