"""The loss of networks that predict variances: the Gaussian negative log-likelihood."""

import keras
from keras import ops


class Likelihood(keras.losses.Loss):
    """Negative logarithm of the likelihood of targets, whose mean and variance the output has.

    Parameters
    ----------
    unit : ndarray, shape (latent,)
        In which the targets and the mean are measured; the variance is in its square already.
    """

    def __init__(self, unit):
        super().__init__()
        self.unit = unit.astype("float32")

    def call(self, target, output):
        size = target.shape[-1]
        error = (target - output[..., :size]) / self.unit
        return likelihood(error, output[..., size:])


def likelihood(error, variance):
    """Return the mean over the last axis of (log variance + error^2 / variance) / 2.

    After Nix and Weigend, "Estimating the mean and variance of the target probability distribution"
    (1994); a constant is left out.
    """
    return ops.mean(ops.log(variance) + error**2 / variance, axis=-1) / 2
