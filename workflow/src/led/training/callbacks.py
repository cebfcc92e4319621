"""What happens at the end of each epoch of a training; each can be saved and restored.

``state()`` returns notes that JSON can hold and a list of arrays; ``restore(notes, arrays)`` takes
them back.
"""

import math
import time
import warnings

import keras

from led.jobs.runtime import ResultWarning


class Best(keras.callbacks.Callback):
    """Keeps the weights of the lowest validation loss, and stops when it no longer falls.

    It also stops when the training loss is not finite: no epoch can repair such weights.
    """

    def __init__(self, patience):
        super().__init__()
        self.patience = patience
        self.loss, self.epoch, self.weights = math.inf, 0, None

    def on_epoch_end(self, epoch, logs=None):
        if not math.isfinite(logs["loss"]):
            kept = f"the weights of epoch {self.epoch}" if self.epoch else "no weights"
            warnings.warn(
                f"epoch {epoch + 1}: the training loss is {logs['loss']}; the training stops here "
                f"and keeps {kept}. A lower learning_rate or a clipnorm may help",
                ResultWarning,
                stacklevel=2,
            )
            self.model.stop_training = True
        elif logs["val_loss"] < self.loss:
            self.loss, self.epoch = logs["val_loss"], epoch + 1
            self.weights = self.model.get_weights()
        elif epoch + 1 - self.epoch >= self.patience:
            self.model.stop_training = True

    def state(self):
        return {"loss": self.loss, "epoch": self.epoch}, self.weights or []

    def restore(self, notes, arrays):
        self.loss, self.epoch, self.weights = notes["loss"], notes["epoch"], arrays or None


class Progress(keras.callbacks.Callback):
    """Keeps the history and prints a line an epoch, with the time that is left."""

    def __init__(self, epochs):
        super().__init__()
        self.epochs = epochs
        self.history = []

    def on_epoch_begin(self, epoch, logs=None):
        self._start = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        if not math.isfinite(logs["loss"]):
            return
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

    def state(self):
        return self.history, []

    def restore(self, notes, arrays):
        self.history = notes


class Plateau(keras.callbacks.ReduceLROnPlateau):
    """Halves the learning rate when the validation loss has not fallen for some epochs.

    Any lower loss counts as fallen: Keras' own default ignores steps below 1e-4, which is most of a
    small loss.
    """

    def __init__(self, epochs, lowest):
        super().__init__(factor=0.5, patience=epochs, min_delta=0.0, min_lr=lowest)

    def on_train_begin(self, logs=None):
        """Keep what was restored."""

    def state(self):
        return {"best": self.best, "wait": self.wait}, []

    def restore(self, notes, arrays):
        self.best, self.wait = notes["best"], notes["wait"]
