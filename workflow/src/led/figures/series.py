"""States and latents over time."""

import matplotlib.pyplot as plt

from led.figures.style import (
    FORECAST,
    LINES,
    NAMES,
    STYLE,
    TRUTH,
    WARMUP,
    cell_of,
    component_label,
    grid_of,
    labelled,
    with_numbers,
)

BOUNDS = ("lower", "upper")
MOST_LATENTS = 12  # an autoencoder that compresses nothing has hundreds


def particles(forecast, sample, points):
    """Draw truth and forecast of one sample over time, in some cells of the grid.

    The interval of the forecast is shaded, if it has one. Without a grid the phase plane of the
    first two components is drawn next to it.

    Parameters
    ----------
    forecast : xarray.Dataset
        What `led.surrogate.run.score` returns.
    sample : int
    points : sequence of sequences of int, or None
        Indices of cells; two of them without it. Of no meaning without a grid.
    """
    shown = [name for name in ("truth", "prediction", *BOUNDS) if name in forecast]
    chosen = forecast[shown].isel(sample=sample).load()
    components = chosen["component"].values
    points = _cells(chosen["truth"], points)
    plane = not grid_of(chosen["truth"]) and len(components) > 1
    with plt.rc_context(STYLE):
        height = 2.7 * len(components) + 0.4
        figure = plt.figure(
            figsize=(6.2 * len(points) + height * plane, height), layout="constrained"
        )
        widths = [6.2 * len(points), *[height] * plane]
        left, *right = figure.subfigures(1, len(widths), width_ratios=widths, squeeze=False)[0]
        axes = _columns(left, chosen, points, len(components))
        for row, component in zip(axes, components, strict=True):
            for axis, point in zip(row, points, strict=True):
                _lines(axis, cell_of(chosen, point)[0].sel(component=component), chosen)
            row[0].set_ylabel(component_label(forecast["truth"], component))
        left.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside upper center", ncols=3)
        for part in right:
            phase_plane(part.subplots(), chosen[["truth", "prediction"]])
    return figure


def phase_plane(axis, chosen):
    """Draw the second component of one sample over the first; a dot marks where a path starts.

    Parameters
    ----------
    axis : matplotlib.axes.Axes
    chosen : xarray.Dataset
        Variables of a forecast, ``(time, component)``.
    """
    for name, states in chosen.data_vars.items():
        first, second = states[:, 0], states[:, 1]
        axis.plot(first, second, **LINES[name], label=NAMES[name])
        axis.plot(first[0], second[0], "o", color=LINES[name]["color"])
    label = [component_label(chosen["truth"], c) for c in chosen["component"].values[:2]]
    axis.set(title="Phase plane, dots: start", xlabel=label[0], ylabel=label[1])


def reconstruction(forecast, sample, points):
    """Draw what the autoencoder makes of the truth over time in some cells, and its error.

    Parameters
    ----------
    forecast : xarray.Dataset
        What `led.surrogate.run.score` returns; ``reconstruction_smooth`` is shown if it is there.
    sample : int
    points : sequence of sequences of int, or None
        See `particles`.
    """
    shown = [name for name in LINES if name in forecast and name != "prediction"]
    chosen = forecast[shown].isel(sample=sample).load()
    components = chosen["component"].values
    points = _cells(chosen["truth"], points)
    with plt.rc_context(STYLE):
        figure = plt.figure(
            figsize=(6.2 * len(points), 4.2 * len(components) + 0.4), layout="constrained"
        )
        axes = _columns(figure, chosen, points, 2 * len(components), heights=[3, 2])
        for pair, component in zip(axes.reshape(-1, 2, len(points)), components, strict=True):
            for (upper, lower), point in zip(pair.T, points, strict=True):
                values = cell_of(chosen, point)[0].sel(component=component)
                _lines(upper, values, chosen)
                _lines(lower, (values - values["truth"]).drop_vars("truth"), chosen)
            label = component_label(forecast["truth"], component)
            pair[0, 0].set_ylabel(label)
            pair[1, 0].set_ylabel(f"error of {label}")
        figure.legend(
            *axes[0, 0].get_legend_handles_labels(), loc="outside upper center", ncols=len(shown)
        )
    return figure


def _cells(states, points):
    """Return the indices of the cells to show."""
    sizes = [states.sizes[d] for d in grid_of(states)]
    if not sizes:
        return [[]]
    return points or [with_numbers(states, [k * n // 4 for n in sizes]) for k in (1, 3)]


def _columns(figure, chosen, points, rows, heights=(1,)):
    """Return axes, a column a cell, with the place of the cell above and the time below."""
    axes = figure.subplots(
        rows,
        len(points),
        sharex=True,
        sharey="row",
        squeeze=False,
        height_ratios=[*heights] * (rows // len(heights)),
    )
    for column, point in zip(axes.T, points, strict=True):
        place = cell_of(chosen, point)[1]
        number = int(chosen["sample"])
        column[0].set_title(f"Test sample {number}" + (f" at {place}" if place else ""))
        column[-1].set_xlabel(labelled("time", chosen["time"]))
    return axes


def _lines(axis, values, chosen):
    if set(BOUNDS) <= set(values):
        lower, upper = (values[name] for name in BOUNDS)
        label = f"{values['lower'].attrs['level']:.3g} of the truth is expected here"
        look = {"color": LINES["prediction"]["color"], "alpha": 0.25, "linewidth": 0}
        axis.fill_between(chosen["time"], lower, upper, label=label, **look)
    for name, line in values.drop_vars(BOUNDS, errors="ignore").data_vars.items():
        axis.plot(chosen["time"], line, **LINES[name], label=NAMES[name])


def latents(forecast, latents, sample):
    """Draw the latents of one sample over time, at most 12 of them: encoded truth, and forecast.

    Parameters
    ----------
    forecast : xarray.Dataset
        What `led.surrogate.run.score` returns.
    latents : xarray.Dataset
        ``latents(sample, time, latent)`` of the truth.
    sample : int
    """
    truth = latents["latents"].isel(sample=sample).load()
    predicted = forecast["latents"].mean("member").isel(sample=sample).load()
    count = min(MOST_LATENTS, truth.sizes["latent"])
    columns = min(2, count)
    with plt.rc_context(STYLE):
        figure, axes = plt.subplots(
            -(-count // columns),
            columns,
            figsize=(6.2 * columns, 1.8 * -(-count // columns) + 0.9),
            sharex=True,
            squeeze=False,
            layout="constrained",
        )
        for number, axis in enumerate(axes.T.flat):
            if number >= count:
                axis.axis("off")
                continue
            axis.axvspan(float(truth["time"][0]), float(predicted["time"][0]), **WARMUP)
            axis.plot(truth["time"], truth[:, number], color=TRUTH, label="encoded truth")
            axis.plot(
                predicted["time"],
                predicted[:, number],
                "--",
                color=FORECAST,
                label="LED forecast",
            )
            axis.set_ylabel(f"latent {number}")
        for axis in axes[-1]:
            axis.set_xlabel(labelled("time", truth["time"]))
        title = f"Latents of test sample {int(truth['sample'])}; grey: warm-up"
        if count < truth.sizes["latent"]:
            title += f"; the first {count} of {truth.sizes['latent']} latents"
        figure.suptitle(title)
        figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return figure
