"""Windows and the frame that follows: what windowed dynamics are trained on."""

import numpy as np

from led.training.loop import Batches


class Windows(Batches):
    """Batches of (window, the latents that follow it).

    Parameters
    ----------
    latents : ndarray, shape (sample, time, latent)
    window, count, batch_size : int
        Frames of a window, windows of a sample and windows of a batch.
    inputs : ndarray, shape (sample, time, input), optional
        They follow the latents in each frame of a window.
    seed : int, optional
        Draws and shuffles the windows anew in each epoch; without it they are equally spaced.
    """

    def __init__(self, latents, *, window, count, batch_size, inputs=None, seed=None):
        self.latents = latents
        self.inputs = inputs
        self.window = window
        self.count = min(count, latents.shape[1] - window)
        self.batch_size = batch_size
        super().__init__(seed)

    def __len__(self):
        return -(-len(self.chosen) // self.batch_size)

    def __getitem__(self, batch):
        chosen = self.chosen[batch * self.batch_size : (batch + 1) * self.batch_size]
        frames = chosen[:, 1:] + np.arange(self.window + 1)
        windows = self.latents[chosen[:, :1], frames]
        given, following = windows[:, :-1], windows[:, -1]
        if self.inputs is not None:
            given = np.concatenate([given, self.inputs[chosen[:, :1], frames[:, :-1]]], axis=-1)
        return given, following

    def draw(self, rng):
        samples, times = self.latents.shape[:2]
        starts = times - self.window
        if rng is None:
            frames = [np.linspace(0, starts - 1, self.count).round().astype(int)] * samples
        else:
            frames = [rng.permutation(starts)[: self.count] for _ in range(samples)]
        self.chosen = np.stack(
            [np.repeat(np.arange(samples), self.count), np.concatenate(frames)], axis=1
        )
        if rng is not None:
            rng.shuffle(self.chosen)
