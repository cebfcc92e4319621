"""Latent trajectories or windows of them, in closed loop: what stateful dynamics are trained on."""

import keras
import numpy as np

from led.training.loop import Batches


class Trajectories(Batches):
    """Batches of latent trajectories: ((latents, known), the latents one step later[, weight]).

    With inputs these are between the latents and the known part: (latents, inputs, known).

    Parameters
    ----------
    latents : ndarray, shape (sample, time, latent)
    stride : int
        Frames a step.
    known : int
        Frames with true latents, of the series or of the window: a trajectory listens at its steps
        among them.
    batch_size : int
    window : int, optional
        Frames of a trajectory; the whole series without it, and where these are shorter.
    count : int
        Windows of each sample.
    seed : int, optional
        Shuffles the trajectories anew in each epoch. Each starts at one of the first `stride`
        frames, or is a window whose middle is any frame, moved into the series where it leaves it:
        so the ends, and the start of each forecast is one, are not rarer than the rest. Without it
        they start at the first frame, or are equally spaced windows.
    inputs : ndarray, shape (sample, time, input), optional
    forecast_only : bool
        Weigh only what follows the known steps.
    """

    def __init__(
        self,
        latents,
        *,
        stride,
        known,
        batch_size,
        window=None,
        count=1,
        seed=None,
        inputs=None,
        forecast_only=False,
    ):
        self.latents = latents
        self.inputs = inputs
        self.stride = stride
        self.known = known
        self.batch_size = batch_size
        self.forecast_only = forecast_only
        window = window if window and window <= latents.shape[1] else None
        self.window = window
        self.length = window or latents.shape[1]
        self.count = count if window else 1
        shift = 0 if seed is None or window else stride - 1
        self.latest = latents.shape[1] - window if window else shift
        self.steps = 1 + (self.length - 1 - shift) // stride
        super().__init__(seed)

    def __len__(self):
        return -(-len(self.order) // self.batch_size)

    def __getitem__(self, batch):
        chosen = slice(batch * self.batch_size, (batch + 1) * self.batch_size)
        frames = self.starts[chosen, None] + self.stride * np.arange(self.steps)
        samples = self.order[chosen, None]
        series = self.latents[samples, frames]
        since = frames - frames[:, :1] if self.window else frames
        known = (since[:, :-1, None] < self.known).astype(np.float32)
        given = [series[:, :-1], known]
        if self.inputs is not None:
            given.insert(1, self.inputs[samples, frames[:, :-1]])
        if not self.forecast_only:
            return tuple(given), series[:, 1:]
        ahead = (since[:, 1:] >= self.known).astype(np.float32)
        return tuple(given), series[:, 1:], ahead / ahead.mean()

    def draw(self, rng):
        self.order = np.repeat(np.arange(len(self.latents)), self.count)
        if rng is None:
            starts = np.linspace(0, self.latest, self.count).round().astype(int)
            self.starts = np.tile(starts, len(self.latents))
        else:
            self.order = rng.permutation(self.order)
            beyond = self.window // 2 if self.window else 0
            starts = rng.integers(-beyond, self.latest + beyond + 1, size=len(self.order))
            self.starts = starts.clip(0, self.latest)


class Shrink(keras.callbacks.Callback):
    """Shrink the known part of `batches` from its whole length to `known` frames, linearly."""

    def __init__(self, batches, known, epochs):
        super().__init__()
        self.batches, self.known, self.epochs = batches, known, epochs

    def on_epoch_begin(self, epoch, logs=None):
        progress = min(1.0, epoch / self.epochs)
        longest = self.batches.length - 1
        self.batches.known = round(longest + progress * (self.known - longest))
