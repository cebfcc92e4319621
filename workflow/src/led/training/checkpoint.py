"""The state of a training in a file, so that one that was cut short goes on where it was."""

import json
import math
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np

from led.jobs import files, provenance


@dataclass(frozen=True)
class Checkpoint:
    """A file with the state of one training.

    Parameters
    ----------
    path : Path
        With the suffix ``.npz``.
    identity : str
        Of the training: its settings, its code and its data. The state of another one is not
        used.
    every : float
        Seconds between two writings.
    """

    path: Path
    identity: str
    every: float

    @classmethod
    def of(cls, model, settings, code, inputs, every):
        """Return the checkpoint of the training that writes the file `model`.

        Parameters
        ----------
        model : str
        settings, code, inputs
            What the training depends on, as in `led.jobs.provenance.identity`.
        every : float
            Seconds.
        """
        path = Path(model).with_suffix(".checkpoint.npz")
        return cls(path, provenance.identity(settings, code, inputs), every)

    def read(self):
        """Return (notes, arrays) as they were written, or None where there are none.

        A file that is damaged or belongs to another training is skipped and named in the log.
        """
        if not self.path.exists():
            return None
        try:
            with np.load(self.path, allow_pickle=False) as file:
                arrays = dict(file)
            notes = json.loads(str(arrays.pop("notes")))
        except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile) as error:
            print(
                f"{self.path}: damaged checkpoint, the training starts anew ({error})", flush=True
            )
            return None
        if notes.pop("identity") != self.identity:
            print(
                f"{self.path}: checkpoint of other settings, code or data, the training starts anew"
            )
            return None
        return notes, arrays

    def write(self, notes, arrays):
        """Write `notes`, a dictionary for JSON, and `arrays`, a dictionary of NumPy arrays."""
        notes = json.dumps(notes | {"identity": self.identity})
        with files.moved_into_place(self.path) as temporary, open(temporary, "wb") as file:
            np.savez(file, notes=notes, **arrays)

    def remove(self):
        """Remove the file: the training is finished."""
        self.path.unlink(missing_ok=True)


class Resumption(keras.callbacks.Callback):
    """Writes the state of a training from time to time, and restores it.

    Parameters
    ----------
    checkpoint : led.training.checkpoint.Checkpoint, optional
        Without it nothing is written or restored.
    parts : list of callback
        Whose state belongs to it: see `led.training.callbacks`.
    """

    def __init__(self, checkpoint, parts):
        super().__init__()
        self.checkpoint, self.parts = checkpoint, parts
        self._written = time.monotonic()

    def restore(self, trainer, epochs):
        """Return the epoch to go on with, counted from 0; `epochs` if nothing is left to do."""
        found = self.checkpoint and self.checkpoint.read()
        if not found:
            return 0
        notes, arrays = found
        trainer.optimizer.build(trainer.trainable_variables)
        for number, variable in enumerate(self._variables(trainer)):
            variable.assign(arrays[f"variable_{number}"])
        for part, state, count in zip(self.parts, notes["parts"], notes["counts"], strict=True):
            name = type(part).__name__
            part.restore(state, [arrays[f"{name}_{number}"] for number in range(count)])
        print(f"going on after epoch {notes['epoch']}, from {self.checkpoint.path}", flush=True)
        return epochs if notes["ended"] else notes["epoch"]

    def on_epoch_end(self, epoch, logs=None):
        due = self.checkpoint and time.monotonic() - self._written >= self.checkpoint.every
        if not due or not math.isfinite(logs["loss"]):
            return
        variables = enumerate(self._variables(self.model))
        arrays = {
            f"variable_{number}": keras.ops.convert_to_numpy(variable)
            for number, variable in variables
        }
        states = [part.state() for part in self.parts]
        for part, (_, kept) in zip(self.parts, states, strict=True):
            arrays |= {f"{type(part).__name__}_{n}": array for n, array in enumerate(kept)}
        notes = {
            "epoch": epoch + 1,
            "ended": self.model.stop_training,
            "parts": [state for state, _ in states],
            "counts": [len(kept) for _, kept in states],
        }
        self.checkpoint.write(notes, arrays)
        self._written = time.monotonic()

    @staticmethod
    def _variables(trainer):
        """Return weights, random states and the state of the optimiser."""
        return [*trainer.variables, *trainer.optimizer.variables]
