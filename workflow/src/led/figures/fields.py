"""States on a grid of two dimensions."""

import matplotlib.pyplot as plt
import numpy as np

from led.figures.style import IMAGES, NAMES, component_label, extent_of, grid_of, labelled, unit_of


def prediction(forecast, sample, times):
    """Draw truth, forecast and difference, on one colour scale.

    Parameters
    ----------
    forecast : xarray.Dataset
        What `led.surrogate.run.score` returns.
    sample : int
    times : sequence of float or None
        The nearest frames are shown; six of them, equally spaced, without it.
    """
    return _compare(forecast, "prediction", sample, times)


def reconstruction(forecast, sample, times):
    """Draw truth, what the autoencoder makes of it, and the difference. As `prediction`."""
    return _compare(forecast, "reconstruction", sample, times)


def _compare(forecast, variable, sample, times):
    chosen = forecast[["truth", variable]].isel(sample=sample).load()
    if times is None:
        times = np.linspace(*chosen["time"].values[[0, -1]], 6)
    frames = chosen.sel(time=times, method="nearest")
    rows = rows_of(frames, variable)
    components = frames["component"].values
    x, y = grid_of(frames["truth"])
    with plt.rc_context(IMAGES):
        figure = plt.figure(
            figsize=(1.7 * len(times) + 1.4, 5.4 * len(components)), layout="constrained"
        )
        parts = figure.subfigures(len(components), 1, squeeze=False)[:, 0]
        for part, component in zip(parts, components, strict=True):
            part.suptitle(f"{component} of test sample {int(chosen['sample'])}")
            axes = part.subplots(len(rows), len(times), sharex=True, sharey=True, squeeze=False)
            largest = float(abs(frames["truth"].sel(component=component)).max())
            for line, (name, values) in zip(axes, rows.items(), strict=True):
                for axis, frame in zip(line, values.sel(component=component), strict=True):
                    picture = image(axis, frame, largest)
                line[0].set_ylabel(f"{name}\n{labelled(y, frames[y])}")
            for axis, time in zip(axes[0], frames["time"].values, strict=True):
                axis.set_title(f"t = {time:g} {unit_of(frames['time'])}".rstrip(), size=10)
            for axis in axes[-1]:
                axis.set_xlabel(labelled(x, frames[x]))
            part.colorbar(picture, ax=axes, label=component_label(forecast["truth"], component))
    return figure


def rows_of(states, variable):
    """Return truth, what is compared with it, and the difference, by name."""
    return {
        NAMES["truth"]: states["truth"],
        NAMES[variable]: states[variable],
        "difference": states[variable] - states["truth"],
    }


def image(axis, frame, largest):
    """Draw one component of one frame, ``(x, y)``; zero is white, `largest` the darkest."""
    x, y = frame.dims
    return axis.imshow(
        frame.transpose(y, x),
        origin="lower",
        extent=[*extent_of(frame[x]), *extent_of(frame[y])],
        cmap="RdBu_r",
        vmin=-largest,
        vmax=largest,
    )
