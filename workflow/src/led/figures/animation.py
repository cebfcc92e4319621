"""One forecast as a moving picture."""

import matplotlib.pyplot as plt
import numpy as np

from led.figures.fields import colour_bars, image, rows_of
from led.figures.movie import Movie
from led.figures.style import (
    IMAGES,
    LINES,
    NAMES,
    OTHERS,
    STYLE,
    component_label,
    grid_of,
    instant,
    labelled,
    looks_of,
    sides_of,
)

DOTS_AN_INCH = 72


def forecast(forecast, sample, frames, pictures_a_second):
    """Draw truth, forecast and error of one sample, moving through time.

    Parameters
    ----------
    forecast : xarray.Dataset
        What `led.surrogate.run.score` returns. Of more than two dimensions of space the middle
        of the further ones is shown.
    sample : int
    frames : int
        At most as many as the forecast has, equally spaced.
    pictures_a_second : int

    Returns
    -------
    Movie
    """
    chosen = forecast[["truth", "prediction"]].isel(sample=sample).load()
    chosen = chosen.sortby([*grid_of(chosen["truth"])])
    count = min(frames, chosen.sizes["time"])
    numbers = np.linspace(0, chosen.sizes["time"] - 1, count).round().astype(int)
    grid = grid_of(chosen["truth"])
    chosen = chosen.isel({d: chosen.sizes[d] // 2 for d in grid[2:]})
    figure, show = (_paths, _profiles, _fields)[min(len(grid), 2)](chosen)
    show(numbers[0])
    figure.set_dpi(DOTS_AN_INCH)
    # laid out once: a layout of each frame would tremble, and cost most of the time
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    return Movie(figure, numbers, show, pictures_a_second)


def _title(chosen, number):
    return f"Test sample {int(chosen['sample'])}, {instant(chosen['time'][number])}"


def _fields(chosen):
    rows = rows_of(chosen, "prediction")
    components = chosen["component"].values
    across, up = sides_of(chosen["truth"])
    pictures = []
    with plt.rc_context(IMAGES):
        figure, axes = plt.subplots(
            len(components),
            len(rows),
            figsize=(2.6 * len(rows) + 1, 2.6 * len(components) + 0.5),
            sharex=True,
            sharey=True,
            squeeze=False,
            layout="constrained",
        )
        for line, component in zip(axes, components, strict=True):
            looks = looks_of(chosen["truth"].sel(component=component))
            for axis, (name, values), look in zip(line, rows.items(), looks, strict=True):
                series = values.sel(component=component)
                picture = image(axis, series[0], look)
                pictures.append((picture, series.transpose(..., up, across)))
                axis.set_title(f"{component}: {name}", size=10)
            line[0].set_ylabel(labelled(up, chosen[up]))
            label = component_label(chosen["truth"], component)
            drawn = [picture for picture, _ in pictures[-len(rows) :]]
            colour_bars(figure, line[:, None], drawn, looks, label)
        for axis in axes[-1]:
            axis.set_xlabel(labelled(across, chosen[across]))

    title = figure.suptitle(_title(chosen, 0))

    def show(number):
        for picture, series in pictures:
            picture.set_array(series[number])
        title.set_text(_title(chosen, number))

    return figure, show


def _profiles(chosen):
    """Draw truth and forecast along a grid of one dimension."""
    components = chosen["component"].values
    (x,) = grid_of(chosen["truth"])
    moving = []
    with plt.rc_context(STYLE):
        figure, axes = plt.subplots(
            len(components),
            figsize=(7, 2.2 * len(components) + 1),
            sharex=True,
            squeeze=False,
            layout="constrained",
        )
        for axis, component in zip(axes[:, 0], components, strict=True):
            shown = chosen.sel(component=component).transpose("time", x)
            for name in ("truth", "prediction"):
                (line,) = axis.plot(shown[x], shown[name][0], **LINES[name], label=NAMES[name])
                moving.append((line, shown[name]))
            axis.set_ylim(*_limits(shown))
            axis.set_ylabel(component_label(chosen["truth"], component))
        axes[-1, 0].set_xlabel(labelled(x, chosen[x]))
        figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    title = figure.suptitle(_title(chosen, 0))

    def show(number):
        for line, series in moving:
            line.set_ydata(series[number])
        title.set_text(_title(chosen, number))

    return figure, show


def _limits(shown):
    low, high = float(shown.to_array().min()), float(shown.to_array().max())
    return low - 0.05 * (high - low), high + 0.05 * (high - low)


def _paths(chosen):
    """Draw points that move in the plane of the first two components, and the error over time.

    A single component moves over time.
    """
    time = chosen["time"]
    error = np.sqrt(((chosen["prediction"] - chosen["truth"]) ** 2).sum("component"))
    label = [component_label(chosen["truth"], c) for c in chosen["component"].values[:2]]
    alone = len(label) == 1
    moving = []
    with plt.rc_context(STYLE):
        figure, (left, right) = plt.subplots(1, 2, figsize=(9, 4.4), layout="constrained")
        for name in ("truth", "prediction"):
            values = chosen[name]
            across, up = (time, values[:, 0]) if alone else (values[:, 0], values[:, 1])
            moving.append(_path(left, across, up, LINES[name], NAMES[name]))
        across, up = [labelled("time", time), *label][-2:]
        left.set(title="Truth and forecast", xlabel=across, ylabel=up)
        figure.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=2)
        moving.append(_path(right, time, error, {"color": OTHERS[0]}))
        right.set(
            title="Distance between both",
            xlabel=labelled("time", time),
            ylabel="norm of the difference",
        )

    title = figure.suptitle(_title(chosen, 0))

    def show(number):
        for path, dot, across, up in moving:
            path.set_data(across[: number + 1], up[: number + 1])
            dot.set_data(across[number : number + 1], up[number : number + 1])
        title.set_text(_title(chosen, number))

    return figure, show


def _path(axis, across, up, look, label=None):
    """Draw a faint line, and prepare the part of it that is already gone and the point itself."""
    axis.plot(across, up, color=look["color"], alpha=0.15)
    (path,) = axis.plot([], [], **look)
    (dot,) = axis.plot([], [], "o", color=look["color"], label=label)
    return path, dot, across, up
