"""Autoencoders that learn from snapshots by gradient descent."""

from dataclasses import dataclass

from led.autoencoders.base import Autoencoder
from led.data import blocks
from led.data.scaling import Scaling
from led.training.loop import Objective, Training
from led.training.objectives.snapshots import Snapshots


@dataclass(frozen=True, kw_only=True)
class NeuralAutoencoder(Autoencoder):
    """Base of the autoencoders that are trained on single snapshots.

    Parameters
    ----------
    latent_dim : int
    encoder_stride : int
        See `Autoencoder`.
    training : dict
        See `led.training.loop.Training`.
    snapshots_per_sample : int
        How many snapshots of each sample an epoch uses.
    snapshot_selection : {"random", "stride"}
        New ones in each epoch, or the same ones, equally spaced.
    """

    latent_dim: int
    training: dict
    snapshots_per_sample: int
    snapshot_selection: str = "random"
    encoder_stride: int = 1

    def objective(self, train, validation, maps=(), memory=None, seed=0):
        scaling = Scaling.of(train)
        model = self.build(train.shape[2:], scaling)
        training = Training(**self.training)
        options = {"count": self.snapshots_per_sample, "batch_size": training.batch_size}
        train, validation = blocks.shared(memory, train, validation)
        redraw = self.snapshot_selection == "random"
        return Objective(
            model,
            training,
            batches=Snapshots(train, seed=seed, redraw=redraw, maps=maps, **options),
            validation=Snapshots(validation, **options),
            unit=scaling.deviation,
        )
