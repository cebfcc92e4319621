"""Single snapshots: what an autoencoder is trained on."""

import numpy as np

from led.data.images import Copies
from led.training.loop import Batches


class Snapshots(Batches):
    """Batches of snapshots from all samples of a split, as (input, target).

    The target is the snapshot. So is the input, or the snapshot and what drives the sample then.

    Parameters
    ----------
    states : led.data.blocks.Blocks
        If they do not fit into memory, an epoch uses the blocks in random order and mixes the
        snapshots of a block.
    count : int
        Snapshots of each sample, at most as many as it has.
    batch_size : int
    seed : int, optional
        Shuffles the snapshots anew in each epoch; without it they come in their order.
    redraw : bool
        Draw other snapshots in each epoch instead of equally spaced ones; needs a seed.
    maps : sequence of callable
        Symmetries. Each snapshot is that of one symmetric copy, drawn anew in each epoch; needs a
        seed.
    inputs : ndarray, shape (sample, time, input), optional
    """

    def __init__(self, states, count, batch_size, seed=None, redraw=False, maps=(), inputs=None):
        self.states = Copies(states, maps)
        self.inputs = inputs
        self.count = min(count, self.states.frames)
        self.batch_size = batch_size
        self.redraw = redraw
        super().__init__(seed)

    def __len__(self):
        return -(-len(self.chosen) // self.batch_size)

    def __getitem__(self, batch):
        chosen = self.chosen[batch * self.batch_size : (batch + 1) * self.batch_size]
        snapshots = self.states.take(chosen[:, 0], chosen[:, 1:])[:, 0]
        if self.inputs is None:
            return snapshots, snapshots
        copies, frames = chosen.T
        return (snapshots, self.inputs[copies % self.states.samples, frames]), snapshots

    def draw(self, rng):
        samples, times = self.states.samples, self.states.frames
        if self.redraw:
            frames = [rng.permutation(times)[: self.count] for _ in range(samples)]
        else:
            frames = [np.linspace(0, times - 1, self.count).round().astype(int)] * samples
        copies = self.states.draw(rng, np.repeat(np.arange(samples), self.count))
        self.chosen = np.stack([copies, np.concatenate(frames)], axis=1)
        if rng is not None:
            rng.shuffle(self.chosen)
        self.states.arrange(rng)
        self.chosen = self.chosen[self.states.order(self.chosen[:, 0])]
