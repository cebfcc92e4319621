"""Windows and the frame that follows: what windowed dynamics are trained on."""

import numpy as np

from led.training.loop import Batches


class Windows(Batches):
    """Batches of (window, the frame that follows it).

    Parameters
    ----------
    latents : ndarray, shape (sample, time, latent)
    window, count, batch_size : int
        Frames of a window, windows of a sample and windows of a batch.
    seed : int, optional
        Draws and shuffles the windows anew in each epoch; without it they are equally spaced.
    """

    def __init__(self, latents, *, window, count, batch_size, seed=None):
        self.latents = latents
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
        return windows[:, :-1], windows[:, -1]

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
