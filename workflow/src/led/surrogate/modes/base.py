"""What a mode has to do: forecast in its own way, with what a `Task` gives it and nothing else."""

import time
from abc import ABC, abstractmethod
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import xarray as xr


@dataclass(frozen=True, eq=False)
class Task:
    """What is to be forecast, and all that may be used for it.

    Parameters
    ----------
    window : xarray.DataArray
        (sample, time, *grid, component): the warm-up.
    times : ndarray, shape (frame,)
        Of the frames that follow, equally spaced, up to the last one that is asked for.
    chosen : ndarray of int
        The numbers of the frames that are asked for, ascending; the last one is the last.
    every : int
        Every how many-th frame is one of a training sample: 1 unless the mode `interpolates`.
    inputs : ndarray, shape (sample, time + frame, input), optional
        Of the warm-up and of the forecast, for a surrogate that has inputs.
    simulation : led.data.simulation.Simulation, optional
        The solver of the very samples, from any state on, which returns states on `times`. There is
        none for samples from files or commands.
    truth : ndarray, shape (sample, frame, *grid, component), optional
        For a mode that `sees_truth` alone.
    training : dict of {str: xarray.DataArray}, optional
        The states of the splits ``train`` and ``validation`` on the frames of the training, for a
        mode that `learns`.
    checkpoint : led.training.checkpoint.Checkpoint, optional
        In which a mode may keep how far it is.
    """

    window: xr.DataArray
    times: np.ndarray
    chosen: np.ndarray
    every: int = 1
    inputs: np.ndarray | None = None
    simulation: object = None  # its module is loaded by named forecasts alone
    truth: np.ndarray | None = None
    training: dict | None = None
    checkpoint: object = None

    @property
    def known(self):
        """Frames of the warm-up."""
        return self.window.sizes["time"]

    @property
    def interval(self):
        """Time between two frames."""
        return float(self.times[0] - self.window["time"].values[-1])

    def answer(self, states, seconds, **variables):
        """Return a forecast with the coordinates of the samples.

        Parameters
        ----------
        states : ndarray, shape (sample, chosen, *grid, component)
        seconds : dict of {str: float}
            CPU time of each stage, for all samples together.
        **variables
            ``name=(dimensions, values)`` of what else a mode reports. The dimension ``time`` has
            the frames that are asked for.

        Returns
        -------
        xarray.Dataset
            ``prediction``, ``seconds(stage)`` and the variables.
        """
        template = self.window.isel(time=0, drop=True)
        template = template.expand_dims(time=self.times[self.chosen], axis=1)
        template["time"].attrs = self.window["time"].attrs
        found = template.copy(data=states).to_dataset(name="prediction")
        found["seconds"] = ("stage", list(seconds.values()), {"units": "s"})
        return found.assign(variables).assign_coords(stage=list(seconds))


class Mode(ABC):
    """How a surrogate forecasts, all samples at once.

    The first line of the docstring of a mode describes it in the table of errors.

    Attributes
    ----------
    needs_solver : bool
        Whether it calls the solver of the system. Planning rejects it for other samples.
    sees_truth : bool
        Whether it is given the truth that it is compared with: then it is a diagnosis.
    interpolates : bool
        Whether it forecasts the frames between those of the training samples as well, where the
        samples store more. Otherwise it forecasts on those of the training samples alone.
    learns : bool
        Whether it is given the samples of the training and of the validation split.
    """

    needs_solver: ClassVar[bool] = False
    sees_truth: ClassVar[bool] = False
    interpolates: ClassVar[bool] = False
    learns: ClassVar[bool] = False

    @abstractmethod
    def forecast(self, surrogate, task):
        """Forecast.

        Parameters
        ----------
        surrogate : led.surrogate.surrogate.Surrogate
        task : Task

        Returns
        -------
        xarray.Dataset
            What `Task.answer` returns.
        """

    def timed(self, surrogate, task):
        """Forecast twice and return the second result, so that its seconds hold no compilation."""
        self.forecast(surrogate, task)
        return self.forecast(surrogate, task)


class Stopwatch:
    """Adds up the seconds of stages.

    Parameters
    ----------
    *stages : str

    Attributes
    ----------
    seconds : dict of {str: float}
        Of each stage, CPU time of all threads: other jobs on the machine do not count.
    """

    def __init__(self, *stages):
        self.seconds = dict.fromkeys(stages, 0.0)

    @contextmanager
    def __call__(self, stage):
        """Time what is done in a ``with`` statement."""
        start = time.process_time()
        yield
        self.seconds[stage] += time.process_time() - start
