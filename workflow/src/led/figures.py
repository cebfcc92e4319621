"""Figures: one function each, from data to a `matplotlib` figure."""

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np

from led import files

# Okabe and Ito's colours, which the colour-blind can tell apart
TRUTH, FORECAST, *OTHERS = "#000000", "#D55E00", "#0072B2", "#009E73", "#CC79A7", "#E69F00"
WARMUP = {"color": "#BBBBBB", "alpha": 0.4, "linewidth": 0}
STYLE = {"figure.dpi": 130, "axes.grid": True, "grid.alpha": 0.3, "font.size": 10}
SMALLEST = 1e-5  # of the largest error, what is still shown


def save(figure, path):
    """Write a figure as PNG."""
    with files.moved_into_place(path) as temporary:
        figure.savefig(temporary)
    plt.close(figure)


def training(histories):
    """Draw the losses of all networks of an experiment over the epochs.

    Parameters
    ----------
    histories : dict of {str: pandas.DataFrame}
        By network, what `led.training.write_history` wrote; empty ones are left out.
    """
    trained = {name: history for name, history in histories.items() if len(history)}
    with plt.rc_context(STYLE):
        figure, axes = plt.subplots(
            1,
            max(1, len(trained)),
            figsize=(5.5 * max(1, len(trained)), 3.8),
            squeeze=False,
            layout="constrained",
        )
        for axis, (name, history) in zip(axes[0], trained.items(), strict=False):
            axis.semilogy(history["epoch"], history["loss"], color=OTHERS[0], label="training")
            axis.semilogy(history["epoch"], history["val_loss"], color=FORECAST, label="validation")
            best = history["val_loss"].idxmin()
            axis.plot(
                history["epoch"][best], history["val_loss"][best], "o", color=FORECAST, label="kept"
            )
            axis.set(title=f"Training of the {name}", xlabel="epoch", ylabel="loss")
            axis.legend()
        if not trained:
            axes[0, 0].set_title("No network of this experiment is trained")
    return figure


def fields(forecast, sample, times):
    """Draw truth, forecast and difference of one sample on the grid, on one colour scale.

    Parameters
    ----------
    forecast : xarray.Dataset
        What `led.rollout.forecast` returns.
    sample : int
    times : sequence of float or None
        The nearest frames are shown; six of them, equally spaced, without it.
    """
    chosen = forecast[["truth", "prediction"]].isel(sample=sample)
    if times is None:
        times = np.linspace(*chosen["time"].values[[0, -1]], 6)
    frames = chosen.sel(time=times, method="nearest")
    rows = {
        "truth": frames["truth"],
        "forecast": frames["prediction"],
        "difference": frames["prediction"] - frames["truth"],
    }
    components = frames["component"].values
    x, y = (
        dimension for dimension in frames["truth"].dims if dimension not in ("time", "component")
    )
    with plt.rc_context(STYLE | {"axes.grid": False}):
        figure = plt.figure(
            figsize=(1.7 * len(times) + 1.4, 5.4 * len(components)), layout="constrained"
        )
        parts = figure.subfigures(len(components), 1, squeeze=False)[:, 0]
        for part, component in zip(parts, components, strict=True):
            part.suptitle(f"{component} of test sample {int(chosen['sample'])}")
            axes = part.subplots(len(rows), len(times), sharex=True, sharey=True, squeeze=False)
            largest = float(abs(frames["truth"].sel(component=component)).max())
            for line, (name, values) in zip(axes, rows.items(), strict=True):
                for axis, time in zip(line, frames["time"].values, strict=True):
                    image = axis.imshow(
                        values.sel(time=time, component=component).transpose(y, x),
                        origin="lower",
                        extent=[*_extent(frames[x]), *_extent(frames[y])],
                        cmap="RdBu_r",
                        vmin=-largest,
                        vmax=largest,
                    )
                line[0].set_ylabel(f"{name}\n{_labelled(y, frames[y])}")
            for axis, time in zip(axes[0], frames["time"].values, strict=True):
                axis.set_title(f"t = {time:g} {_unit(frames['time'])}".rstrip(), size=10)
            for axis in axes[-1]:
                axis.set_xlabel(_labelled(x, frames[x]))
            part.colorbar(image, ax=axes, label=_component_label(forecast["truth"], component))
    return figure


def particles(forecast, sample, points):
    """Draw truth and forecast of one sample over time, in some cells of the grid.

    Parameters
    ----------
    forecast : xarray.Dataset
        What `led.rollout.forecast` returns.
    sample : int
    points : sequence of sequences of int, or None
        Indices of cells; two of them without it. Of no meaning without a grid.
    """
    chosen = forecast[["truth", "prediction"]].isel(sample=sample)
    dimensions = [d for d in chosen["truth"].dims if d not in ("time", "component")]
    sizes = [chosen.sizes[d] for d in dimensions]
    if points is None:
        points = [[n // 4 for n in sizes], [3 * n // 4 for n in sizes]] if sizes else [[]]
    components = chosen["component"].values
    with plt.rc_context(STYLE):
        figure, axes = plt.subplots(
            len(components),
            len(points),
            figsize=(6.2 * len(points), 2.7 * len(components) + 0.4),
            sharex=True,
            sharey="row",
            squeeze=False,
            layout="constrained",
        )
        for column, point in zip(axes.T, points, strict=True):
            cell = chosen.isel(dict(zip(dimensions, point, strict=True)))
            place = ", ".join(f"{d} = {float(cell[d]):g}" for d in dimensions)
            column[0].set_title(
                f"Test sample {int(chosen['sample'])}" + (f" at {place}" if place else "")
            )
            for axis, component in zip(column, components, strict=True):
                time, values = cell["time"], cell.sel(component=component)
                axis.plot(time, values["truth"], color=TRUTH, label="truth")
                axis.plot(time, values["prediction"], "--", color=FORECAST, label="LED forecast")
            column[-1].set_xlabel(_labelled("time", chosen["time"]))
        for axis, component in zip(axes[:, 0], components, strict=True):
            axis.set_ylabel(_component_label(forecast["truth"], component))
        axes[0, 0].legend()
    return figure


def latents(forecast, latents, sample):
    """Draw the latents of one sample over time: encoded truth, and forecast.

    Parameters
    ----------
    forecast : xarray.Dataset
        What `led.rollout.forecast` returns.
    latents : xarray.Dataset
        ``latents(sample, time, latent)`` of the truth.
    sample : int
    """
    truth = latents["latents"].isel(sample=sample)
    predicted = forecast["latents"].isel(sample=sample)
    count = truth.sizes["latent"]
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
            axis.set_xlabel(_labelled("time", truth["time"]))
        figure.suptitle(f"Latents of test sample {int(truth['sample'])}; grey: warm-up")
        axes[0, 0].legend(loc="upper right")
    return figure


def errors(reports):
    """Draw the errors of all forecasters over time, with their spread over the samples.

    Parameters
    ----------
    reports : xarray.Dataset
        What `led.errors.combine` returns.
    """
    series = reports["snapshot_error_series"]
    names, components = reports["forecaster"].values, reports["component"].values
    quantiles = series.quantile([0.1, 0.5, 0.9], dim="sample")
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
                axis.plot(series["time"], middle, color=color, label=name)
            axis.set(
                title="Components together" if component == "all" else f"Component {component}",
                xlabel=_labelled("time", series["time"]),
                yscale="log",
            )
        axes[0, 0].set_ylabel("snapshot error")
        samples = reports.sizes["sample"]
        figure.suptitle(f"Median over {samples} test samples, shaded: 10 to 90 %")
        # rounding errors, of an autoencoder that changes nothing, are not worth the space
        axes[0, 0].set_ylim(bottom=max(axes[0, 0].get_ylim()[0], SMALLEST * float(series.max())))
        figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside right center")
    return figure


def _extent(coordinate):
    """Return the edges of the first and the last cell."""
    points = coordinate.values
    half = (points[1] - points[0]) / 2 if len(points) > 1 else 0.5
    return points[0] - half, points[-1] + half


def _unit(coordinate):
    unit = coordinate.attrs.get("units", "1")
    return "" if unit == "1" else unit


def _labelled(name, coordinate):
    unit = _unit(coordinate)
    return f"{name} [{unit}]" if unit else name


def _component_label(array, component):
    units = dict(entry.split(": ") for entry in array.attrs.get("units", "").split(", ") if entry)
    unit = units.get(component, "1")
    return component if unit == "1" else f"{component} [{unit}]"
