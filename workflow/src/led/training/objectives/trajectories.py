"""Whole latent trajectories, in closed loop: what stateful dynamics are trained on."""

import keras
import numpy as np

from led.training.loop import Batches


class Trajectories(Batches):
    """Batches of latent trajectories: ((latents, known), the latents one step later[, weight]).

    Parameters
    ----------
    latents : ndarray, shape (sample, time, latent)
    stride : int
        Frames a step.
    known : int
        Frames with true latents: a trajectory listens at its steps among them.
    batch_size : int
    seed : int, optional
        Shuffles the samples anew in each epoch and starts each at one of the first `stride`
        frames; without it they start at the first.
    forecast_only : bool
        Weigh only what follows the known steps.
    """

    def __init__(self, latents, *, stride, known, batch_size, seed=None, forecast_only=False):
        self.latents = latents
        self.stride = stride
        self.known = known
        self.batch_size = batch_size
        self.forecast_only = forecast_only
        last_start = 0 if seed is None else stride - 1
        self.steps = 1 + (latents.shape[1] - 1 - last_start) // stride
        super().__init__(seed)

    def __len__(self):
        return -(-len(self.latents) // self.batch_size)

    def __getitem__(self, batch):
        chosen = slice(batch * self.batch_size, (batch + 1) * self.batch_size)
        frames = self.starts[chosen, None] + self.stride * np.arange(self.steps)
        series = self.latents[self.order[chosen, None], frames]
        known = (frames[:, :-1, None] < self.known).astype(np.float32)
        if not self.forecast_only:
            return (series[:, :-1], known), series[:, 1:]
        ahead = (frames[:, 1:] >= self.known).astype(np.float32)
        return (series[:, :-1], known), series[:, 1:], ahead / ahead.mean()

    def draw(self, rng):
        samples = len(self.latents)
        self.order, self.starts = np.arange(samples), np.zeros(samples, int)
        if rng is not None:
            self.order = rng.permutation(samples)
            self.starts = rng.integers(self.stride, size=samples)


class Shrink(keras.callbacks.Callback):
    """Shrink the known part of `batches` from the whole series to `known` frames, linearly."""

    def __init__(self, batches, known, epochs):
        super().__init__()
        self.batches, self.known, self.epochs = batches, known, epochs

    def on_epoch_begin(self, epoch, logs=None):
        progress = min(1.0, epoch / self.epochs)
        longest = self.batches.latents.shape[1] - 1
        self.batches.known = round(longest + progress * (self.known - longest))
