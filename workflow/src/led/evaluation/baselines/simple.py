"""What a forecast has to be better than, at no cost."""

from pathlib import Path

import numpy as np

from led.data.frames import frames_apart
from led.jobs import files


def persistence(test, train, warmup, frames):
    """Repeat the last frame of the warm-up.

    Parameters
    ----------
    test, train : xarray.DataArray
        ``state`` of the splits, (sample, time, *grid, component), on the same grid. The times of
        `train` are those of `test` or every n-th of them. Only the first `warmup` frames of `test`
        are read.
    warmup : int
        Frames that are known.
    frames : slice
        The frames to forecast.

    Returns
    -------
    ndarray, shape (sample, time, *grid, component)
    """
    length = frames.stop - frames.start
    return np.repeat(test[:, warmup - 1 : warmup].values, length, axis=1)


def mean(test, train, warmup, frames):
    """Forecast the mean over the training samples, for each time and cell. As `persistence`."""
    total = sum(train[sample].values.astype(float) for sample in range(len(train)))
    average = _on_frames(train[0].copy(data=total / len(train)), test, frames)
    return np.repeat(average[None], len(test), axis=0).astype(np.float32)


def nearest(test, train, warmup, frames):
    """Replay the future of the training sample whose warm-up is nearest. As `persistence`."""
    every = _every(test, train)
    known = test[:, :warmup:every].values
    distance = np.empty((len(test), len(train)))
    for sample in range(len(train)):
        other = train[sample, : known.shape[1]].values
        distance[:, sample] = [np.linalg.norm(window - other) for window in known]
    return np.stack([_on_frames(train[sample], test, frames) for sample in distance.argmin(axis=1)])


def _every(test, train):
    """Return every how many-th frame of a test sample is one of a training sample."""
    step, interval = (float(state["time"][1] - state["time"][0]) for state in (test, train))
    return frames_apart(step, interval)


def _on_frames(sample, test, frames):
    """Return a training sample at frames of a test sample, between its own by linear interpolation.

    Frames after its last one repeat that.
    """
    if sample.sizes["time"] == test.sizes["time"]:
        return sample[frames].values
    times = test["time"][frames].clip(max=sample["time"][-1])
    return sample.interp(time=times).values.astype(sample.dtype)


BASELINES = {"persistence": persistence, "mean": mean, "nearest": nearest}


def forecasts(forecast, train, test):
    """Yield the names of all forecasters and what they predict, LED first.

    Parameters
    ----------
    forecast : xarray.Dataset
        What `led.surrogate.run.score` returns.
    train, test : xarray.DataArray
        ``state`` of the splits; may be files that are not read yet.

    Raises
    ------
    ValueError
        If times, grid or components of the splits differ.
    led.jobs.files.FileError
        If the forecast is one of other samples than `test`.

    Yields
    ------
    str, xarray.DataArray
        The predictions have the coordinates of ``forecast["truth"]``.
    """
    every = _every(test, train)
    for name in test.dims[1:]:
        expected = test[name][::every] if name == "time" else test[name]
        if not np.array_equal(expected, train[name]):
            raise ValueError(f"test samples: {name} has other values than in the training samples")
    truth = forecast["truth"]
    start = int(np.searchsorted(test["time"].values, truth["time"].values[0]))
    frames = slice(start, start + truth.sizes["time"])
    if not np.array_equal(truth.values, test[:, frames].values):
        raise files.FileError(
            f"{forecast.encoding.get('source', 'forecast')}: found a forecast of other samples, "
            "expected one of the test samples; if it was copied here, remove it and run the same "
            "command again"
        )
    yield "led", forecast["prediction"]
    yield "autoencoder", forecast["reconstruction"]
    for name, baseline in BASELINES.items():
        print(name, flush=True)
        yield name, truth.copy(data=baseline(test, train, start, frames))


def fitted(paths):
    """Yield names and predictions of the files of fitted baselines, in order."""
    for path in paths:
        yield Path(path).stem, files.read(path)["prediction"]
