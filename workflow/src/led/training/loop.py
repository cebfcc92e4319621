"""How networks are trained: one loop for all of them, from an objective to its files."""

from dataclasses import dataclass

import keras
import numpy as np
import pandas as pd

from led.jobs import files, seeds
from led.training.callbacks import Best, Plateau, Progress
from led.training.checkpoint import Checkpoint, Resumption
from led.training.settings import Training

COLUMNS = ["epoch", "loss", "val_loss", "learning_rate", "seconds"]


class Batches(keras.utils.PyDataset):
    """Base of training data: what an epoch holds, and in which order, is drawn for that epoch.

    It follows from the seed and the number of the epoch alone, so that a training can go on from
    any epoch.

    Parameters
    ----------
    seed : int, optional
        Without it nothing is drawn: all epochs are alike.
    """

    def __init__(self, seed=None):
        super().__init__()
        self.seed = seed
        self.begin(0)

    def begin(self, epoch):
        """Draw what the epoch of this number holds."""
        self.draw(None if self.seed is None else seeds.generator(self.seed, epoch))

    def draw(self, rng):
        """Choose with the generator `rng`, or without one."""
        raise NotImplementedError


@dataclass(frozen=True, eq=False)
class Objective:
    """What a training fits.

    Parameters
    ----------
    model : keras.Model
        Not compiled.
    training : Training, optional
        Without it the model is complete: nothing is learned by descent.
    batches, validation : Batches
        Give (input, target) or (input, target, weight).
    unit : ndarray
        Standard deviation of each number along the last axis of a target. The loss is measured in
        these, so that each counts alike in any unit.
    callbacks : sequence of keras.callbacks.Callback
        Their state is not in the checkpoint: it has to follow from the number of the epoch.
    loss : keras.losses.Loss, optional
        Of targets and outputs, in place of that of `training`.
    """

    model: keras.Model
    training: Training | None = None
    batches: Batches | None = None
    validation: Batches | None = None
    unit: np.ndarray | None = None
    callbacks: tuple = ()
    loss: keras.losses.Loss | None = None


@dataclass(frozen=True)
class Job:
    """The files of a training, and what it depends on.

    Parameters
    ----------
    model, history : str
        The files that it writes.
    settings, code, inputs
        See `led.jobs.provenance.identity`.
    checkpoint_seconds : float
        Time between two writings of the checkpoint.
    """

    model: str
    history: str
    settings: dict
    code: dict
    inputs: tuple
    checkpoint_seconds: float

    @classmethod
    def of(cls, snakemake):
        """Return the job of a script that trains."""
        return cls(
            snakemake.output.model,
            snakemake.output.history,
            snakemake.params.compared,
            snakemake.params.code,
            tuple(snakemake.input),
            snakemake.resources.checkpoint_seconds,
        )


class InUnits(keras.losses.Loss):
    """A loss in units of the targets, where these are numbers: see `led.data.missing`.

    Parameters
    ----------
    measure : callable
        Of target and output, both in units.
    unit : ndarray, shape (component,)
    dtype : str
        In which both are divided.
    """

    def __init__(self, measure, unit, dtype="float32"):
        super().__init__(dtype=dtype)
        self.measure, self.unit = measure, unit.astype(dtype)

    def call(self, target, output):
        known = keras.ops.logical_not(keras.ops.isnan(target))
        target, output = (
            keras.ops.where(known, values / self.unit, keras.ops.zeros_like(values))
            for values in (target, output)
        )
        return self.measure(target, output) / keras.ops.mean(keras.ops.cast(known, output.dtype))


def train(objective, job):
    """Train, write the model and its history as CSV, and delete the checkpoint.

    The CSV has only the header where nothing is learned by descent.

    Raises
    ------
    RuntimeError
        As `fit`.
    """
    objective.model.summary(expand_nested=True)
    checkpoint = Checkpoint.of(
        job.model, job.settings, job.code, job.inputs, job.checkpoint_seconds
    )
    history = fit(objective, checkpoint)
    with files.moved_into_place(job.model) as temporary:
        objective.model.save(temporary)
    files.write_table(pd.DataFrame(history, columns=COLUMNS), job.history)
    checkpoint.remove()


def fit(objective, checkpoint=None):
    """Train the model of an objective, and keep the weights of its lowest validation loss.

    Parameters
    ----------
    objective : Objective
    checkpoint : led.training.checkpoint.Checkpoint, optional
        Holds the state of the training, from which an interrupted one continues. The weights at
        the end are the same as without the interruption, to the last bit.

    Returns
    -------
    list of dict
        One entry an epoch: ``epoch, loss, val_loss, learning_rate, seconds``. A training whose
        loss is no longer finite ends with the epoch before. Empty where nothing is learned by
        descent.

    Raises
    ------
    RuntimeError
        If no epoch has a finite training and validation loss.
    """
    training, batches = objective.training, objective.batches
    if training is None:
        return []
    model = objective.model
    trainer = keras.Model(model.inputs, model.outputs)  # leaves `model` itself uncompiled
    trainer.compile(
        optimizer=training.optimiser(len(batches)),
        loss=objective.loss
        or InUnits(training.measure(), objective.unit, dtype=model.outputs[0].dtype),
        # XLA has no gain for networks of this size on a CPU
        jit_compile=False,
    )
    begin = keras.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, logs: batches.begin(epoch))
    best = Best(training.patience or training.epochs)
    progress = Progress(training.epochs)
    stateful = [best, progress]
    if training.schedule == "plateau":
        stateful.append(Plateau(training.waiting, training.final_learning_rate))
    resumption = Resumption(checkpoint, stateful)
    trainer.fit(
        batches,
        validation_data=objective.validation,
        initial_epoch=resumption.restore(trainer, training.epochs),
        epochs=training.epochs,
        callbacks=[begin, *objective.callbacks, *stateful, resumption],
        shuffle=False,  # of its own: the batches are drawn in random order
        verbose=0,
    )
    if best.weights is None:
        raise RuntimeError(
            "training: found no finite training and validation loss in any epoch; a lower "
            "learning_rate or a clipnorm may help"
        )
    trainer.set_weights(best.weights)
    print(f"kept the weights of epoch {best.epoch}, val_loss {best.loss:.3e}", flush=True)
    return progress.history
