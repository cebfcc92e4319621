"""What a forecast has to be better than, at no cost."""

from pathlib import Path

import numpy as np

from led import files


def persistence(test, train, warmup, frames):
    """Repeat the last frame of the warm-up.

    Parameters
    ----------
    test, train : xarray.DataArray
        ``state`` of the splits, (sample, time, *grid, component), on the same times and grid.
        Only the first `warmup` frames of `test` are read.
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
    total = sum(train[sample, frames].values.astype(float) for sample in range(len(train)))
    return np.repeat((total / len(train))[None], len(test), axis=0).astype(np.float32)


def nearest(test, train, warmup, frames):
    """Replay the future of the training sample whose warm-up is nearest. As `persistence`."""
    known = test[:, :warmup].values
    distance = np.empty((len(test), len(train)))
    for sample in range(len(train)):
        other = train[sample, :warmup].values
        distance[:, sample] = [np.linalg.norm(window - other) for window in known]
    return np.stack([train[sample, frames].values for sample in distance.argmin(axis=1)])


BASELINES = {"persistence": persistence, "mean": mean, "nearest": nearest}


def forecasts(forecast, train, test):
    """Yield the names of all forecasters and what they predict, LED first.

    Parameters
    ----------
    forecast : xarray.Dataset
        What `led.rollout.score` returns.
    train, test : xarray.DataArray
        ``state`` of the splits; may be files that are not read yet.

    Raises
    ------
    ValueError
        If times, grid or components of the splits differ.
    led.files.FileError
        If the forecast is one of other samples than `test`.

    Yields
    ------
    str, xarray.DataArray
        The predictions have the coordinates of ``forecast["truth"]``.
    """
    for name in test.dims[1:]:
        if test.sizes[name] != train.sizes[name] or not test[name].equals(train[name]):
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
    """Yield names and predictions of the files that `led.fitted.base.predict` filled, in order."""
    for path in paths:
        yield Path(path).stem, files.read(path)["prediction"]
