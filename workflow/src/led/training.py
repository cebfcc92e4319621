"""How networks are trained: one loop for all of them, its history and its progress."""

import math
import time
from dataclasses import dataclass

import keras
import pandas as pd

from led import files

COLUMNS = ["epoch", "loss", "val_loss", "learning_rate", "seconds"]


@dataclass(frozen=True)
class Training:
    """Settings of a training.

    Parameters
    ----------
    epochs, batch_size : int
    learning_rate : float
        At the start.
    schedule : {"cosine", "plateau", "constant"}
        Cosine decay over all epochs; halved when the validation loss has not fallen for half the
        patience; or as it is.
    final_learning_rate : float
        Where the cosine ends, and below which ``plateau`` does not go.
    loss : str
        A Keras loss, e.g. ``"mse"`` or ``"mae"``.
    optimizer : str
        A Keras optimiser, e.g. ``"adam"``.
    clipnorm : float, optional
        Gradients are scaled down to this norm.
    patience : int, optional
        Epochs without a lower validation loss after which training stops.
    """

    epochs: int
    batch_size: int
    learning_rate: float
    schedule: str = "cosine"
    final_learning_rate: float = 0.0
    loss: str = "mse"
    optimizer: str = "adam"
    clipnorm: float | None = None
    patience: int | None = None

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


def fit(model, batches, validation, training, deviation, callbacks=()):
    """Train `model`, leave it with the weights of its lowest validation loss.

    Parameters
    ----------
    model : keras.Model
        Not compiled.
    batches, validation : keras.utils.PyDataset
        Give (input, target) or (input, target, weight).
    training : Training
    deviation : ndarray
        Standard deviation of each number along the last axis of a target. The loss is measured in
        these, so that each counts alike, whatever its unit.
    callbacks : sequence of keras.callbacks.Callback

    Returns
    -------
    list of dict
        One entry an epoch: ``epoch, loss, val_loss, learning_rate, seconds``.

    Raises
    ------
    RuntimeError
        If no epoch has a finite validation loss.
    """
    measure, unit = keras.losses.get(training.loss), deviation.astype("float32")
    trainer = keras.Model(model.inputs, model.outputs)  # leaves `model` itself uncompiled
    trainer.compile(
        optimizer=training.optimiser(len(batches)),
        loss=lambda target, output: measure(target / unit, output / unit),
        # XLA has no gain for networks of this size on a CPU
        jit_compile=False,
    )
    progress = Progress(training.epochs)
    stopping = keras.callbacks.EarlyStopping(
        patience=training.patience or training.epochs, restore_best_weights=True
    )
    callbacks = [progress, stopping, *callbacks]
    if training.schedule == "plateau":
        callbacks.append(
            keras.callbacks.ReduceLROnPlateau(
                factor=0.5,
                patience=max(1, (training.patience or training.epochs) // 2),
                min_lr=training.final_learning_rate,
            )
        )
    trainer.fit(
        batches,
        validation_data=validation,
        epochs=training.epochs,
        callbacks=callbacks,
        verbose=0,
    )
    if not any(math.isfinite(entry["val_loss"]) for entry in progress.history):
        raise RuntimeError(
            "training: found no finite validation loss in any epoch; a lower learning_rate or a "
            "clipnorm may help"
        )
    return progress.history


class Progress(keras.callbacks.Callback):
    """Keeps the history and prints a line an epoch, with the time that is left."""

    def __init__(self, epochs):
        super().__init__()
        self.epochs = epochs
        self.history = []

    def on_epoch_begin(self, epoch, logs=None):
        self._start = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        entry = {
            "epoch": epoch + 1,
            "loss": logs["loss"],
            "val_loss": logs["val_loss"],
            "learning_rate": float(self.model.optimizer.learning_rate),
            "seconds": time.perf_counter() - self._start,
        }
        self.history.append(entry)
        spent = sum(past["seconds"] for past in self.history)
        left = spent / len(self.history) * (self.epochs - len(self.history))
        print(
            f"epoch {entry['epoch']}/{self.epochs}  loss {entry['loss']:.3e}  "
            f"val_loss {entry['val_loss']:.3e}  learning rate {entry['learning_rate']:.1e}  "
            f"{entry['seconds']:.1f} s  {left:.0f} s left",
            flush=True,
        )


def write_history(history, path):
    """Write what `fit` returned as CSV; only the header where nothing was trained."""
    files.write_table(pd.DataFrame(history, columns=COLUMNS), path)
