"""Settings of a training: its length, learning rate and loss."""

from dataclasses import dataclass
from typing import Literal

import keras
from keras import ops

from led.jobs.options import Count, NonNegative, Positive


@dataclass(frozen=True)
class Training:
    """Settings of a training.

    Parameters
    ----------
    epochs : int
        How often the training data are gone through, as far as an epoch holds them.
    batch_size : int
        What it counts depends on what is trained.
    learning_rate : float
        At the start.
    schedule : {"cosine", "plateau", "constant"}
        Cosine decay over all epochs; halved when the validation loss has not fallen for half the
        patience, or for a tenth of the epochs without one; or as it is.
    final_learning_rate : float
        Where the cosine ends, and below which ``plateau`` does not go.
    loss : str
        A Keras loss, e.g. ``"mse"`` or ``"mae"``, or ``"mae_mse"``: see `mae_mse`. It is measured
        in standard deviations.
    optimizer : str
        A Keras optimiser, e.g. ``"adam"``.
    clipnorm : float, optional
        Gradients are scaled down to this norm.
    patience : int, optional
        Epochs without a lower validation loss after which training stops.
    """

    epochs: Count
    batch_size: Count
    learning_rate: Positive
    schedule: Literal["cosine", "plateau", "constant"] = "cosine"
    final_learning_rate: NonNegative = 0.0
    loss: Literal["mse", "mae", "mae_mse", "huber", "log_cosh"] = "mse"
    optimizer: Literal["adam", "adamw", "nadam", "rmsprop", "sgd"] = "adam"
    clipnorm: Positive | None = None
    patience: Count | None = None

    @property
    def waiting(self):
        """Epochs without a lower validation loss after which ``plateau`` halves the rate."""
        return max(1, (self.patience or self.epochs // 5) // 2)

    def optimiser(self, steps_per_epoch):
        """Return the Keras optimiser with its schedule."""
        rate = self.learning_rate
        if self.schedule == "cosine":
            rate = keras.optimizers.schedules.CosineDecay(
                rate, self.epochs * steps_per_epoch, alpha=self.final_learning_rate / rate
            )
        optimiser = keras.optimizers.get(self.optimizer)
        config = optimiser.get_config() | {"learning_rate": rate, "clipnorm": self.clipnorm}
        return type(optimiser).from_config(config)

    def measure(self):
        """Return the loss, a function of target and output."""
        return mae_mse if self.loss == "mae_mse" else keras.losses.get(self.loss)


def mae_mse(target, output):
    """Return the mean of abs(e) + 3 e^2 over the last axis, with e = output - target.

    The absolute error weighs the many small errors, the squared one the few large ones, at fronts.
    """
    error = ops.abs(output - target)
    return ops.mean(error + 3 * error**2, axis=-1)
