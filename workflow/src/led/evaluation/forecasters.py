"""All that is compared with the truth: LED in its modes, its autoencoder, and the baselines."""

from pathlib import Path

import numpy as np

from led.data import missing
from led.data.scaling import Scaling
from led.evaluation import errors, events, ranges, statistics
from led.evaluation.baselines.alignment import frames_between
from led.evaluation.baselines.base import Baseline, predict
from led.jobs import files, registry

SOLVER = "solver"  # the stage of `led.surrogate.run.with_solver_time`


def predictions(forecast, train, states, baselines, fitted=(), maps=(), forecasts=()):
    """Yield the names of all forecasters and what they predict, LED first.

    Parameters
    ----------
    forecast : xarray.Dataset
        What `led.surrogate.run.score` returns.
    train, states : xarray.DataArray
        ``state`` of the training split and of the one that is forecast; may be files that are not
        read yet.
    baselines : sequence of dict
        Sections of those that are made here.
    fitted : sequence of str
        Files of further ones.
    maps : sequence of callable
        Symmetries, as `led.evaluation.baselines.base.Baseline.fit` takes them.
    forecasts : sequence of str
        Files of the named forecasts.

    Raises
    ------
    ValueError
        If time steps, grid or components of the splits do not fit each other.
    led.jobs.files.FileError
        If the forecast is one of other samples than `states`.

    Yields
    ------
    str, xarray.DataArray
        The predictions have the coordinates of ``forecast["truth"]``; a named forecast may have
        some of its times only.
    """
    _check_coordinates(train, states)
    truth = forecast["truth"]
    window = warmup_of(states, truth)
    start = window.sizes["time"]
    frames = slice(start, start + truth.sizes["time"])
    if not np.array_equal(truth.values, states[:, frames].values, equal_nan=True):
        raise files.FileError(
            f"{forecast.encoding.get('source', 'forecast')}: found a forecast of other samples, "
            "expected one of the test samples; if it was copied here, remove it and run the same "
            "command again"
        )
    yield "led", forecast["prediction"]
    yield "autoencoder", forecast["reconstruction"]
    for path in forecasts:
        yield Path(path).stem, files.read(path)["prediction"]
    for section in baselines:
        name = section["name"]
        print(name, flush=True)
        baseline = registry.create(Baseline, **section).fit(train, maps)
        predicted = baseline.forecast(window, truth["time"].values)
        yield name, truth.copy(data=missing.kept(predicted, window.values))
    for path in fitted:
        yield Path(path).stem, files.read(path)["prediction"]


def seconds(baselines, train, states, times, maps=()):
    """Return the seconds of each stage of the baselines that are made here, by their names.

    Parameters
    ----------
    baselines, train, states, maps
        As in `predictions`.
    times : tuple of (float, float or None, bool)
        Warm-up, horizon and whether that is capped, as
        `led.evaluation.baselines.base.predict` takes them.
    """
    *ahead, capped = times
    found = {}
    for section in baselines:
        baseline = registry.create(Baseline, **section)
        forecast = predict(baseline, train, states, *ahead, maps, capped=capped)
        found[section["name"]] = stages(forecast)
    return found


def recorded(path, start, horizon):
    """Return the seconds of each stage of a forecast in a file, without those of our solver.

    Parameters
    ----------
    path : str
    start, horizon : float
        The last time of the warm-up, and the length that the seconds are for: a forecast of a few
        times may end earlier. Those of ``fit`` are not for a length.
    """
    with files.open_dataset(path) as forecast:
        found, last = stages(forecast), float(forecast["time"][-1])
    longer = horizon / (last - start)
    return {
        stage: seconds if stage == "fit" else longer * seconds
        for stage, seconds in found.items()
        if stage != SOLVER
    }


def stages(forecast):
    """Return ``seconds(stage)`` of a forecast as a dictionary."""
    seconds = forecast["seconds"]
    return dict(zip(seconds["stage"].values.tolist(), seconds.values.tolist(), strict=True))


def refined_truth(paths, truth):
    """Yield the truth itself as a forecaster, if it was simulated with a shorter step, too.

    What counts as its prediction are the samples with the shorter step. So its error is about that
    of the samples.

    Parameters
    ----------
    paths : sequence of str
        The file of `led.data.simulation.refine`, if there is one.
    truth : xarray.DataArray
        As in a forecast.

    Yields
    ------
    str, xarray.DataArray
    """
    for path in paths:
        with files.open_dataset(path) as refined:
            state = refined["state"]
            start = int(np.searchsorted(state["time"].values, truth["time"].values[0]))
            chosen = state[:, start : start + truth.sizes["time"]].values
            yield "truth", truth.copy(data=chosen)


def with_inputs(baselines, train, names):
    """Return the sections of baselines, in which `nearest` has the inputs that samples differ in.

    Parameters
    ----------
    baselines : sequence of dict
    train : xarray.DataArray
        ``state`` of the training split.
    names : sequence of str
        Inputs; those that change in time or space are left out.
    """
    drawn = tuple(
        name for name in names if name in train.coords and train[name].dims == ("sample",)
    )
    return [
        section | {"inputs": drawn} if section["name"] == "nearest" and drawn else section
        for section in baselines
    ]


def warmup_of(states, truth):
    """Return the frames of the samples before those of the forecast."""
    return states[:, : int(np.searchsorted(states["time"].values, truth["time"].values[0]))]


def reports(predictions, truth, train, declared, window):
    """Measure all forecasters, and warn where LED leaves the range of the training data.

    Of a forecast of some frames alone, the errors are those of these frames. Its events are not
    measured, and its statistics where the frames are equally far apart.

    Parameters
    ----------
    predictions : iterable of (str, xarray.DataArray)
        What `predictions` yields.
    truth : xarray.DataArray
        (sample, time, *grid, component).
    train : xarray.DataArray
        ``state`` of the training split.
    declared : dict
        The events of the system: see `led.evaluation.events.compare`.
    window : xarray.DataArray
        The warm-up of the samples.

    Returns
    -------
    dict of {str: xarray.Dataset}
        For `led.evaluation.errors.table`.
    """
    lowest, highest = ranges.extremes(train)
    deviation = Scaling.of(train).deviation
    found = {}
    start, times = float(window["time"][-1]), truth["time"].values
    for name, prediction in predictions:
        shown = prediction["time"].values
        same = truth.sel(time=shown)
        beyond = ranges.out_of_range(prediction, lowest, highest)
        report = errors.errors(prediction, same, deviation, start).assign(out_of_range=beyond)
        steps = np.diff(shown)
        if np.allclose(steps, steps[:1], rtol=1e-4, atol=0):  # spectra need equal steps
            report = report.merge(statistics.compare(prediction, same, deviation))
        if len(shown) == len(times):  # and events all frames
            report = report.merge(events.compare(prediction, same, declared, window))
        found[name] = report
    ranges.warn_out_of_range("led", found["led"]["out_of_range"], lowest, highest)
    return found


def _check_coordinates(train, states):
    """Raise a ValueError unless both have one grid and steps that fit; they may begin any time."""
    frames_between(train, states[:, :1], states["time"].values[1:])
    for name in states.dims[2:]:
        if not np.array_equal(states[name].values, train[name].values):
            raise ValueError(f"test samples: {name} has other values than in the training samples")
