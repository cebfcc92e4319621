"""The sampled dataset."""

import matplotlib.pyplot as plt

from led.figures.style import (
    STYLE,
    cell_of,
    colours,
    component_label,
    grid_of,
    labelled,
    with_numbers,
)


def dataset(train, samples, point, train_samples=None):
    """Draw a few samples over time, and what was drawn for all of them.

    Without a grid the phase plane of the first two components is shown too.

    Parameters
    ----------
    train : xarray.Dataset
        ``state(sample, time, *grid, component)``; may be a file that is not read yet.
    samples : int
        How many are shown.
    point : sequence of int or None
        Indices of the cell that is shown; the middle of the grid without it.
    train_samples : int, optional
        So many are used; all of the file without it.
    """
    train = train.isel(sample=slice(train_samples))
    state = train["state"]
    grid = grid_of(state)
    point = point or with_numbers(state, [state.sizes[d] // 2 for d in grid])
    cell, place = cell_of(state, point)
    shown = cell[:samples].load()
    components = state["component"].values
    drawn = [
        name
        for name, values in state.coords.items()
        if values.dims == ("sample",) and name != "sample" and values.dtype.kind in "fi"
    ]
    plane = not grid and len(components) > 1
    names = [f"component {n}" for n in range(len(components))]
    with plt.rc_context(STYLE):
        height = 2.3 * len(components) + 0.6
        widths = [6.5, *[height] * plane, *[height] * bool(drawn)]
        panels = [[name, *["plane"] * plane, *["drawn"] * bool(drawn)] for name in names]
        figure = plt.figure(figsize=(sum(widths), height), layout="constrained")
        axes = figure.subplot_mosaic(panels, width_ratios=widths)
        for number, name in enumerate(names):
            for sample, colour in zip(shown, colours(len(shown)), strict=True):
                label = f"sample {int(sample['sample'])}"
                axes[name].plot(sample["time"], sample[:, number], color=colour, label=label)
            axes[name].set_ylabel(component_label(state, components[number]))
            axes[name].sharex(axes[names[-1]])
            axes[name].label_outer()
        axes[names[0]].set_title("Training samples over time" + (f" at {place}" if place else ""))
        axes[names[-1]].set_xlabel(labelled("time", state["time"]))
        if plane:
            _draw_plane(axes["plane"], shown)
        if drawn:
            _draw_drawn(axes["drawn"], state, drawn[:2], len(shown))
        figure.legend(
            *axes[names[0]].get_legend_handles_labels(), loc="outside lower center", ncols=5
        )
    return figure


def _draw_plane(axis, shown):
    for sample, colour in zip(shown, colours(len(shown)), strict=True):
        axis.plot(sample[:, 0], sample[:, 1], color=colour)
        axis.plot(sample[0, 0], sample[0, 1], "o", color=colour)
    label = [component_label(shown, component) for component in shown["component"].values[:2]]
    axis.set(title="Phase plane, dots: start", xlabel=label[0], ylabel=label[1])


def _draw_drawn(axis, state, names, shown):
    """Draw the first two of the drawn values of each sample; one alone over its number."""
    names = names if len(names) == 2 else ["sample", *names]
    first, second = (state[name] for name in names)
    axis.plot(first, second, ".", color="#999999")
    axis.scatter(first[:shown], second[:shown], color=colours(shown), zorder=3)
    axis.set(
        title=f"Drawn for {state.sizes['sample']} training samples",
        xlabel=labelled(names[0], first),
        ylabel=labelled(names[1], second),
    )
