"""States on a grid: frames of two dimensions, one dimension over time, planes of three."""

import matplotlib.pyplot as plt
import numpy as np

from led.figures.style import (
    IMAGES,
    NAMES,
    component_label,
    edges_of,
    grid_of,
    instant,
    labelled,
    looks_of,
    sides_of,
)


def prediction(forecast, sample, times):
    """Draw truth, forecast and difference.

    Of a grid of one dimension the whole forecast is shown, with time across; of one of three
    dimensions the three planes through its middle.

    Parameters
    ----------
    forecast : xarray.Dataset
        What `led.surrogate.run.score` returns.
    sample : int
    times : sequence of float or None
        The nearest frames are shown; six of them, equally spaced, without it. Of no meaning on a
        grid of one dimension.

    Raises
    ------
    ValueError
        If the samples have no grid.
    """
    return _compare(forecast, "prediction", sample, times, "fields")


def reconstruction(forecast, sample, times):
    """Draw truth, what the autoencoder makes of it, and the difference. As `prediction`."""
    return _compare(forecast, "reconstruction", sample, times, "reconstruction")


def _compare(forecast, variable, sample, times, kind):
    grid = grid_of(forecast["truth"])
    if not grid:
        raise ValueError(
            f"figures.{kind}: found samples without a grid, expected one of one to three dimensions"
        )
    chosen = forecast[["truth", variable]].isel(sample=sample).load().sortby([*grid])
    if len(grid) == 1:
        return _over_time(chosen, variable, *grid)
    if times is None:
        times = np.linspace(*chosen["time"].values[[0, -1]], 6)
    frames = chosen.sel(time=times, method="nearest")
    planes = list(_planes(frames, grid))
    parts = [(component, *plane) for component in frames["component"].values for plane in planes]
    with plt.rc_context(IMAGES):
        figure = plt.figure(
            figsize=(1.7 * len(times) + 1.8, 5.4 * len(parts)), layout="constrained"
        )
        subfigures = figure.subfigures(len(parts), 1, squeeze=False)[:, 0]
        for part, (component, place, plane) in zip(subfigures, parts, strict=True):
            part.suptitle(f"{component} of test sample {int(chosen['sample'])}{place}")
            _draw_frames(part, plane, variable, component)
    return figure


def _planes(frames, grid):
    """Yield where each plane lies, and its frames: all of two dimensions, three of a box."""
    if len(grid) == 2:
        yield "", frames
        return
    for dimension in reversed(grid):
        plane = frames.isel({dimension: frames.sizes[dimension] // 2})
        yield f" at {dimension} = {float(plane[dimension]):g}", plane


def _draw_frames(part, frames, variable, component):
    rows = rows_of(frames, variable)
    looks = looks_of(frames["truth"].sel(component=component))
    across, up = sides_of(frames["truth"])
    count = frames.sizes["time"]
    axes = part.subplots(len(rows), count, sharex=True, sharey=True, squeeze=False)
    pictures = []
    for line, (name, values), look in zip(axes, rows.items(), looks, strict=True):
        for axis, frame in zip(line, values.sel(component=component), strict=True):
            picture = image(axis, frame, look)
        pictures.append(picture)
        line[0].set_ylabel(f"{name}\n{labelled(up, frames[up])}")
    for axis, time in zip(axes[0], frames["time"], strict=True):
        axis.set_title(instant(time), size=10)
    for axis in axes[-1]:
        axis.set_xlabel(labelled(across, frames[across]))
    colour_bars(part, axes, pictures, looks, component_label(frames["truth"], component))


def _over_time(chosen, variable, x):
    rows = rows_of(chosen, variable)
    components = chosen["component"].values
    with plt.rc_context(IMAGES):
        figure = plt.figure(figsize=(12, 3.2 * len(components) + 0.3), layout="constrained")
        parts = figure.subfigures(len(components), 1, squeeze=False)[:, 0]
        for part, component in zip(parts, components, strict=True):
            part.suptitle(f"{component} of test sample {int(chosen['sample'])}")
            looks = looks_of(chosen["truth"].sel(component=component))
            axes = part.subplots(1, len(rows), sharex=True, sharey=True, squeeze=False)[0]
            pictures = []
            for axis, (name, values), look in zip(axes, rows.items(), looks, strict=True):
                frames = values.sel(component=component).transpose("time", x)
                pictures.append(image(axis, frames, look, ("time", x)))
                axis.set_aspect("auto")
                axis.set(title=name, xlabel=labelled("time", chosen["time"]))
            axes[0].set_ylabel(labelled(x, chosen[x]))
            label = component_label(chosen["truth"], component)
            colour_bars(part, axes[:, None], pictures, looks, label)
    return figure


def rows_of(states, variable):
    """Return truth, what is compared with it, and the difference, by name."""
    return {
        NAMES["truth"]: states["truth"],
        NAMES[variable]: states[variable],
        "difference": states[variable] - states["truth"],
    }


def image(axis, frame, look, sides=None):
    """Draw one component of one frame, ``(x, y)``; `look` is one of `looks_of`."""
    across, up = sides or sides_of(frame)
    edges = [edges_of(frame[name]) for name in (across, up)]
    values = frame.transpose(up, across)
    if not all(np.allclose(np.diff(side), side[1] - side[0], rtol=1e-3, atol=0) for side in edges):
        axis.set_aspect("equal")
        return axis.pcolormesh(*edges, values, **look)
    extent = [side[end] for side in edges for end in (0, -1)]
    return axis.imshow(values, origin="lower", extent=extent, **look)


def colour_bars(figure, axes, pictures, looks, label):
    """Add a colour bar for all rows of pictures, or one for the difference alone if it differs."""
    if looks[0] == looks[-1]:
        figure.colorbar(pictures[-1], ax=axes, label=label)
        return
    figure.colorbar(pictures[0], ax=axes[:-1], label=label)
    figure.colorbar(pictures[-1], ax=axes[-1:], label="difference")
