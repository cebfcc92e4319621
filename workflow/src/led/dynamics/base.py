"""What dynamics have to offer: networks that take latents to the next latents."""

from abc import ABC, abstractmethod

import numpy as np

from led.data.interpolation import between
from led.data.networks import load_network
from led.jobs import registry


class Member(ABC):
    """One trained network of an ensemble, which continues latents; all samples at once.

    Its memory is explicit: an argument and a result, and never changed afterwards.

    Attributes
    ----------
    model : keras.Model
    stride : int
        Frames a step.
    predicts_variance : bool
        Whether it forecasts how far its latents may be off: see `variances`.
    """

    stride = 1
    predicts_variance = False

    @abstractmethod
    def listen(self, latents, memory=None, inputs=None):
        """Update the memory with true latents.

        Parameters
        ----------
        latents : ndarray, shape (sample, step, latent)
        memory : optional
            Of what came before; without it they are the first.
        inputs : ndarray, shape (sample, step, input), optional
            At the same steps, for dynamics that have inputs.

        Returns
        -------
        object
            The memory.
        """

    @abstractmethod
    def advance(self, memory, steps, inputs=None):
        """Forecast from a memory: the member continues its own output.

        Parameters
        ----------
        memory : object
        steps : int
        inputs : ndarray, shape (sample, steps, input), optional
            At the steps that are forecast.

        Returns
        -------
        latents : ndarray, shape (sample, steps, latent)
        memory : object
            After these steps.
        """

    def variances(self, memory, steps, inputs=None):
        """Forecast the variances of the latents that `advance` returns, with the same arguments.

        Returns
        -------
        ndarray, shape (sample, steps, latent)
        """
        raise NotImplementedError

    def heard(self, known):
        """Return the frames that it listens to, of a warm-up of `known` frames, as a slice.

        The last one is the last of the warm-up.
        """
        return slice((known - 1) % self.stride, known, self.stride)

    def go_on(self, heard, steps, inputs=None):
        """Listen, then advance.

        Parameters
        ----------
        heard : ndarray, shape (sample, step, latent)
        steps : int
            To forecast.
        inputs : ndarray, shape (sample, step + steps, input), optional
            At the steps that are heard, and at those of the forecast.

        Returns
        -------
        ndarray, shape (sample, step + steps, latent)
            What was heard, and the forecast.
        """
        past, future = {}, {}  # dynamics without inputs need not take them
        if inputs is not None:
            past["inputs"], future["inputs"] = np.split(inputs, [heard.shape[1]], axis=1)
        ahead, _ = self.advance(self.listen(heard, **past), steps, **future)
        return np.concatenate([heard, ahead], axis=1)

    def doubt(self, heard, steps, inputs=None):
        """Return the variances of what `go_on` returns, zero where it was heard.

        Parameters are those of `go_on`.
        """
        past, future = {}, {}
        if inputs is not None:
            past["inputs"], future["inputs"] = np.split(inputs, [heard.shape[1]], axis=1)
        ahead = self.variances(self.listen(heard, **past), steps, **future)
        return np.concatenate([np.zeros_like(heard), ahead], axis=1)

    def forecast(self, latents, frames, inputs=None):
        """Listen to the warm-up, then advance.

        The frames between the steps are interpolated by a cubic spline.

        Parameters
        ----------
        latents : ndarray, shape (sample, time, latent)
            The warm-up. Its last frame is a step.
        frames : int
            To forecast.
        inputs : ndarray, shape (sample, time + frames, input), optional
            Of the warm-up and of the forecast. Each is held until the next step.

        Returns
        -------
        ndarray, shape (sample, frames, latent)
        """
        read, steps = self.heard(latents.shape[1]), -(-frames // self.stride)
        heard = latents[:, read]
        if inputs is not None:
            places = read.start + self.stride * np.arange(heard.shape[1] + steps)
            inputs = inputs[:, np.minimum(places, inputs.shape[1] - 1)]
        last = (heard.shape[1] - 1) * self.stride
        series = self.go_on(heard, steps, inputs)
        return between(series, self.stride, last + np.arange(1, frames + 1))


class Dynamics(ABC):
    """Latents -> next latents: builds networks, and defines how they are trained and run."""

    def reach(self, known, frames):
        """Return over how many frames training makes them forecast, None to the end of a series.

        Parameters
        ----------
        known, frames : int
            Of the warm-up, which does not count, and of a series.
        """
        return None

    @abstractmethod
    def build(self, scaling, input_scaling=None):
        """Return the Keras model.

        Parameters
        ----------
        scaling : led.data.scaling.Scaling
            Of the latents of the training split.
        input_scaling : led.data.scaling.Scaling, optional
            Of its inputs, if there are any.
        """

    def loss(self, model):
        """Return the loss of what a network returns against latents, in the unit of the network.

        Parameters
        ----------
        model : keras.Model
            As `build` returns it; its scaling may be that of other samples.

        Returns
        -------
        keras.losses.Loss or None
            None for that of the training, in the unit of the objective.
        """
        return None

    @abstractmethod
    def objective(self, train, validation, known, seed=0, inputs=None):
        """Return what the training of a new model fits: a `led.training.loop.Objective`.

        Parameters
        ----------
        train, validation : ndarray, shape (sample, time, latent)
        known : int
            Frames that a forecast will be given.
        seed : int
            Of the choice and the order of the training data.
        inputs : tuple of (ndarray, ndarray), optional
            Of both splits, each (sample, time, input).
        """

    def latents_of(self, model):
        """Return the number of latents that a trained `model` forecasts."""
        return model.outputs[0].shape[-1]

    @abstractmethod
    def member(self, model):
        """Return the `Member` that runs a trained `model`."""


def load_members(settings, paths):
    """Load the networks of an ensemble.

    Parameters
    ----------
    settings : dict
        The section ``rnn`` of the configuration.
    paths : sequence of str

    Returns
    -------
    Dynamics
    list of keras.Model

    Raises
    ------
    led.jobs.files.FileError
        If a file is damaged, or another network.
    """
    dynamics = registry.create(Dynamics, **settings)  # defines layers of the files
    return dynamics, [load_network(path) for path in paths]
