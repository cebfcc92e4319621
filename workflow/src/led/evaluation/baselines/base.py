"""What a forecast has to be better than: baselines with one interface."""

import importlib
import time
from abc import ABC, abstractmethod

import numpy as np
import xarray as xr

from led.data import missing
from led.data.frames import forecast_frames
from led.data.interpolation import between
from led.evaluation.baselines.alignment import frames_between

INSTALL = "pip install -r envs/requirements-baselines.txt"


class Baseline(ABC):
    """Training samples, then a warm-up -> future states.

    The first line of the docstring of a baseline describes it in the table of errors.
    """

    @abstractmethod
    def fit(self, train, maps=()):
        """Fit on the training samples.

        Parameters
        ----------
        train : xarray.DataArray
            ``state`` of the training split, (sample, time, *grid, component); may be a file that is
            not read yet.
        maps : sequence of callable
            All symmetries of the system, where LED uses them too: each map gives a copy of the
            samples. Without any, the samples alone are used.

        Returns
        -------
        Baseline
            Itself.
        """

    @abstractmethod
    def forecast(self, window, times):
        """Continue the warm-up.

        Parameters
        ----------
        window : xarray.DataArray
            Warm-up of the samples to forecast, (sample, time, *grid, component). The time step of
            the training samples is a multiple of its own.
        times : ndarray, shape (time,)
            Those that follow, with the same time step.

        Returns
        -------
        ndarray, shape (sample, time, *grid, component)
            Always finite.

        Raises
        ------
        ValueError
            If the time step of the training samples is no multiple of that of the window.
        """


class SteppingBaseline(Baseline):
    """Base of those that advance in steps of the training samples.

    The warm-up is thinned to their time step, from its first frame on, and a cubic spline gives the
    times between the steps.
    """

    maps = ()

    def fit(self, train, maps=()):
        self.train, self.maps = train, maps
        return self

    @abstractmethod
    def advance(self, train, window, interval, frames):
        """Forecast in steps of the training samples.

        Parameters
        ----------
        train : xarray.DataArray
        window : ndarray, shape (sample, time, *grid, component)
            With the time step of `train`.
        interval : float
            That time step.
        frames : int
            To forecast.

        Returns
        -------
        ndarray, shape (sample, frames, *grid, component)
            Always finite.
        """

    def forecast(self, window, times):
        every = frames_between(self.train, window, times)
        known, count = window.sizes["time"], len(times)
        level = missing.level(self.train)
        thinned = missing.replaced(window[:, ::every].values.astype(float), level)
        last = (known - 1) // every * every
        frames = -(-(known + count - 1 - last) // every)
        interval = float(self.train["time"][1] - self.train["time"][0])
        states = self.advance(self.train, thinned, interval, frames)
        series = np.concatenate([thinned, states], axis=1)
        states = between(series, every, np.arange(known, known + count))
        return states.astype(window.dtype)


def predict(baseline, train, states, warmup, horizon=None, maps=(), capped=False):
    """Forecast samples, of which the baseline sees nothing but the warm-up.

    Parameters
    ----------
    baseline : Baseline
    train, states : xarray.DataArray
        ``state`` of the training split and of the one to forecast, (sample, time, *grid,
        component); may be files that are not read yet.
    warmup, horizon, capped
        As in `led.data.frames.forecast_frames`.
    maps : sequence of callable
        As `Baseline.fit` takes them.

    Returns
    -------
    xarray.Dataset
        ``prediction(sample, time, *grid, component)`` on the times of the forecast, and
        ``seconds(stage)``, the CPU time of ``fit`` and ``forecast``.

    Raises
    ------
    ValueError
        As `Baseline.forecast`, or if warm-up and horizon exceed the samples.
    """
    known, stop = forecast_frames(states["time"].values, warmup, horizon, capped)
    template = states[:, known:stop]
    clock = [time.process_time()]
    fitted = baseline.fit(train, maps)
    clock.append(time.process_time())
    predicted = fitted.forecast(states[:, :known], template["time"].values)
    clock.append(time.process_time())
    return xr.Dataset(
        {
            "prediction": template.copy(data=missing.kept(predicted, states[:, :known].values)),
            "seconds": ("stage", np.diff(clock), {"units": "s"}),
        },
        coords={"stage": ["fit", "forecast"]},
    )


def copies(train, maps):
    """Yield the training samples and their images, one at a time, so that memory is bounded.

    Yields
    ------
    ndarray, shape (time, *grid, component)
        In float64; with `maps` each sample under each of them, else each sample as it is. What is
        missing has one level everywhere: see `led.data.missing`.
    """
    level = missing.level(train)
    for sample in range(len(train)):
        values = missing.replaced(train[sample].values.astype(float), level)
        if maps:
            yield from (map_(values) for map_ in maps)
        else:
            yield values


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
