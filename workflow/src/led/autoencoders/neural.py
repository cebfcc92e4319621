"""Autoencoders that learn from snapshots by gradient descent."""

from dataclasses import dataclass
from typing import Literal

from led.autoencoders.base import Autoencoder
from led.data import blocks
from led.data.scaling import Scaling
from led.jobs.options import Count
from led.training.loop import Objective
from led.training.objectives.snapshots import Snapshots
from led.training.settings import Training


@dataclass(frozen=True, kw_only=True)
class NeuralAutoencoder(Autoencoder):
    """Base of the autoencoders that are trained on single snapshots.

    Parameters
    ----------
    latent_dim : int
        Numbers that a state is compressed to.
    encoder_stride : int
        The encoder sees every n-th point of each side of the grid; the decoder returns all of them.
    training : led.training.settings.Training
        A batch holds snapshots.
    snapshots_per_sample : int
        How many snapshots of each sample an epoch uses.
    snapshot_selection : {"random", "stride"}
        New ones in each epoch, or the same ones, equally spaced.
    """

    latent_dim: Count
    encoder_stride: Count = 1
    training: Training = Training(
        epochs=60, batch_size=64, learning_rate=0.002, final_learning_rate=2e-6
    )
    snapshots_per_sample: Count = 200
    snapshot_selection: Literal["random", "stride"] = "random"

    def objective(self, train, validation, maps=(), memory=None, seed=0, inputs=None):
        scaling, input_scaling = Scaling.of(train), Scaling.of(inputs[0]) if inputs else None
        model = self.suited(train).build(train.shape[2:], scaling, str(train.dtype), input_scaling)
        driving, validation_driving = inputs or (None, None)
        training = self.training
        options = {"count": self.snapshots_per_sample, "batch_size": training.batch_size}
        train, validation = blocks.shared(memory, train, validation)
        redraw = self.snapshot_selection == "random"
        return Objective(
            model,
            training,
            batches=Snapshots(
                train, seed=seed, redraw=redraw, maps=maps, inputs=driving, **options
            ),
            validation=Snapshots(validation, inputs=validation_driving, **options),
            unit=scaling.deviation,
        )
