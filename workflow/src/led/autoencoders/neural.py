"""Autoencoders that learn from snapshots by gradient descent."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from led.autoencoders.base import Autoencoder
from led.data import blocks
from led.jobs.options import Count
from led.training.loop import Batches, Training, fit


@dataclass(frozen=True, kw_only=True)
class NeuralAutoencoder(Autoencoder):
    """Base of the autoencoders that are trained on single snapshots.

    Parameters
    ----------
    latent_dim : int
        Numbers that a state is compressed to.
    encoder_stride : int
        The encoder sees every n-th point of each side of the grid; the decoder draws all of them.
    training : led.training.loop.Training
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

    def fit(self, model, train, validation, scaling, seed, checkpoint=None, maps=(), memory=None):
        training = self.training
        options = {"count": self.snapshots_per_sample, "batch_size": training.batch_size}
        train, validation = blocks.shared(memory, train, validation)
        return fit(
            model,
            Snapshots(
                train,
                seed=seed,
                redraw=self.snapshot_selection == "random",
                maps=maps,
                **options,
            ),
            Snapshots(validation, **options),
            training,
            scaling.deviation,
            checkpoint=checkpoint,
        )


class Snapshots(Batches):
    """Batches of snapshots from all samples of a split, as (input, target).

    Parameters
    ----------
    states : led.data.blocks.Blocks
        If they do not fit into memory, an epoch goes through the blocks in random order and mixes
        the snapshots of a block.
    count : int
        Snapshots of each sample, at most as many as it has.
    batch_size : int
    seed : int, optional
        Shuffles the snapshots anew in each epoch; without it they come in their order.
    redraw : bool
        Draw other snapshots in each epoch instead of equally spaced ones; wants a seed.
    maps : sequence of callable
        Symmetries, of which each snapshot undergoes one, drawn anew in each epoch; wants a seed.
    """

    def __init__(self, states, count, batch_size, seed=None, redraw=False, maps=()):
        self.states = states
        self.count = min(count, states.state.shape[1])
        self.batch_size = batch_size
        self.redraw = redraw
        self.maps = maps
        super().__init__(seed)

    def __len__(self):
        return -(-len(self.chosen) // self.batch_size)

    def __getitem__(self, batch):
        chosen = self.chosen[batch * self.batch_size : (batch + 1) * self.batch_size]
        snapshots = self.states.take(chosen[:, 0], chosen[:, 1:2])[:, 0]
        for number, map_ in enumerate(self.maps):
            image = chosen[:, 2] == number
            snapshots[image] = map_(snapshots[image])
        return snapshots, snapshots

    def draw(self, rng):
        samples, times = self.states.state.shape[:2]
        if self.redraw:
            frames = [rng.permutation(times)[: self.count] for _ in range(samples)]
        else:
            frames = [np.linspace(0, times - 1, self.count).round().astype(int)] * samples
        chosen = [np.repeat(np.arange(samples), self.count), np.concatenate(frames)]
        if self.maps:
            chosen.append(rng.integers(len(self.maps), size=samples * self.count))
        self.chosen = np.stack(chosen, axis=1)
        if rng is not None:
            rng.shuffle(self.chosen)
        self.states.arrange(rng)
        self.chosen = self.chosen[self.states.order(self.chosen[:, 0])]
