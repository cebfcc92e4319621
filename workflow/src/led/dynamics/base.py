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
    """

    stride = 1

    @abstractmethod
    def listen(self, latents, memory=None):
        """Update the memory with true latents.

        Parameters
        ----------
        latents : ndarray, shape (sample, step, latent)
        memory : optional
            Of what came before; without it they are the first.

        Returns
        -------
        object
            The memory.
        """

    @abstractmethod
    def advance(self, memory, steps):
        """Forecast from a memory, with the member's own output as input.

        Returns
        -------
        latents : ndarray, shape (sample, steps, latent)
        memory : object
            After these steps.
        """

    def forecast(self, latents, frames):
        """Listen to the warm-up, then advance.

        The frames between the steps are interpolated by a cubic spline.

        Parameters
        ----------
        latents : ndarray, shape (sample, time, latent)
            The warm-up. Its last frame is a step.
        frames : int
            To forecast.

        Returns
        -------
        ndarray, shape (sample, frames, latent)
        """
        heard = latents[:, (latents.shape[1] - 1) % self.stride :: self.stride]
        ahead, _ = self.advance(self.listen(heard), -(-frames // self.stride))
        series = np.concatenate([heard, ahead], axis=1)
        last = (heard.shape[1] - 1) * self.stride
        return between(series, self.stride, last + np.arange(1, frames + 1))


class Dynamics(ABC):
    """Latents -> next latents: builds networks, and defines how they are trained and run.

    Attributes
    ----------
    reach : int or None
        Frames, those of the warm-up included, over which training makes them forecast; None if that
        is a whole series.
    """

    reach = None

    @abstractmethod
    def build(self, scaling):
        """Return the Keras model.

        Parameters
        ----------
        scaling : led.data.scaling.Scaling
            Of the latents of the training split.
        """

    @abstractmethod
    def objective(self, train, validation, known, seed=0):
        """Return what the training of a new model fits: a `led.training.loop.Objective`.

        Parameters
        ----------
        train, validation : ndarray, shape (sample, time, latent)
        known : int
            Frames that a forecast will be given.
        seed : int
            Of the choice and the order of the training data.
        """

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
