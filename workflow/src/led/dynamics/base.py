"""What a forecaster has to offer: a Keras model that continues latent trajectories."""

from abc import ABC, abstractmethod


class LatentForecaster(ABC):
    """Past latents -> future latents."""

    @abstractmethod
    def build(self, scaling):
        """Return the Keras model.

        Parameters
        ----------
        scaling : led.autoencoders.base.Scaling
            Of the latents of the training split.
        """

    @abstractmethod
    def fit(self, model, train, validation, warmup, scaling, seed, checkpoint=None):
        """Fit the `model` that `build` returned.

        Parameters
        ----------
        model : keras.Model
        train, validation : ndarray, shape (sample, time, latent)
        warmup : int
            Frames that a forecast will be given.
        scaling : led.autoencoders.base.Scaling
        seed : int
            Of the choice and the order of the training data.
        checkpoint : led.training.checkpoint.Checkpoint, optional
            Where a training that was cut short goes on from.

        Returns
        -------
        list of dict
            The history of the training, as `led.training.loop.fit` returns it.
        """

    @abstractmethod
    def rollout(self, model, horizon):
        """Return a function that continues all samples at once, with nothing but the warm-up known.

        Parameters
        ----------
        model : keras.Model
        horizon : int
            Frames to forecast.

        Returns
        -------
        callable
            Warm-up, shape (sample, time, latent), to forecast, shape (sample, horizon, latent).
            Its first call compiles it.
        """
