"""Forecasts that others would fit instead of LED: optional, with packages of their own."""

import importlib
from abc import ABC, abstractmethod

import numpy as np

from led.data.frames import forecast_frames, frames_apart
from led.data.interpolation import between

INSTALL = "pip install -r envs/requirements-baselines.txt"


class FittedBaseline(ABC):
    """Training samples and a warm-up -> future states."""

    @abstractmethod
    def forecast(self, train, window, interval, frames):
        """Fit on the training samples, and go on from the warm-up.

        Parameters
        ----------
        train : xarray.DataArray
            ``state`` of the training split, (sample, time, *grid, component); may be a file that is
            not read yet.
        window : ndarray, shape (sample, time, *grid, component)
            The warm-up of the test samples, with the time step of `train`.
        interval : float
            That time step.
        frames : int
            To forecast.

        Returns
        -------
        ndarray, shape (sample, frames, *grid, component)
            Finite, whatever comes.
        """


def predict(baseline, train, test, warmup, horizon=None):
    """Forecast the test samples, of which nothing but the warm-up is read.

    The frames of the training samples may lie farther apart: then the warm-up is thinned to their
    time step, from its first frame on, and a cubic spline gives the times in between.

    Parameters
    ----------
    baseline : FittedBaseline
    train, test : xarray.DataArray
        ``state`` of the splits, (sample, time, *grid, component); may be files that are not
        read yet.
    warmup, horizon : float
        As in `led.data.frames.forecast_frames`.

    Returns
    -------
    xarray.DataArray
        (sample, time, *grid, component) on the times of the forecast.

    Raises
    ------
    ValueError
        If the time step of `train` is no multiple of that of `test`.
    """
    time = test["time"].values
    known, stop = forecast_frames(time, warmup, horizon)
    interval, step = (float(split["time"][1] - split["time"][0]) for split in (train, test))
    every = frames_apart(step, interval)
    window = test[:, :known:every].values.astype(float)
    last = (known - 1) // every * every
    frames = -(-(stop - 1 - last) // every)
    states = baseline.forecast(train, window, interval, frames)
    series = np.concatenate([window, states], axis=1)
    states = between(series, every, np.arange(known, stop))
    template = test[:, known:stop]
    return template.copy(data=states.astype(np.float32))


def needed(package):
    """Import a package that the plain environment lacks.

    Raises
    ------
    ModuleNotFoundError
        Says how to install it.
    """
    try:
        return importlib.import_module(package)
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            f"baselines: found no package {error.name}, expected those of {INSTALL}"
        ) from error
