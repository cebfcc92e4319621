"""Training of a new decoder on what the recurrent networks forecast, which stay as they are."""

from dataclasses import dataclass

import numpy as np

from led.data import blocks
from led.jobs.options import Count
from led.training.loop import Batches, Training, fit


def forecasts(rnn, members, latents, warmup):
    """Continue the latents of a split from their warm-up, as in a forecast.

    Parameters
    ----------
    rnn : led.dynamics.base.LatentForecaster
    members : sequence of keras.Model
        The mean of their forecasts is taken.
    latents : ndarray, shape (sample, time, latent)
    warmup : int
        Frames.

    Returns
    -------
    ndarray, shape (sample, time - warmup, latent)
    """
    rolls = [rnn.rollout(member, latents.shape[1] - warmup) for member in members]
    ahead = []
    for start in range(0, len(latents), SAMPLES_A_CALL):
        known = latents[start : start + SAMPLES_A_CALL, :warmup]
        ahead.append(np.mean([roll(known) for roll in rolls], axis=0, dtype=np.float32))
    return np.concatenate(ahead)


SAMPLES_A_CALL = 1000


@dataclass(frozen=True, kw_only=True)
class Decoding:
    """How a decoder learns to draw what the networks forecast.

    A step takes far less time than one of the joint training, which runs the networks each time.

    Parameters
    ----------
    frames_per_sample : int
        How many frames of each sample an epoch decodes.
    training : led.training.loop.Training
        A batch holds frames.
    """

    frames_per_sample: Count = 5
    training: Training = Training(
        epochs=40, batch_size=64, learning_rate=0.01, final_learning_rate=2e-6, loss="mae"
    )

    def fit(self, decoder, train, validation, scaling, seed, checkpoint=None, maps=(), memory=None):
        """Fit a decoder.

        Parameters
        ----------
        decoder : keras.Model
        train, validation : tuple of (ndarray, xarray.DataArray)
            What `forecasts` returns, (sample, frame, latent), and the true states of these frames,
            (sample, frame, *grid, component). Latents that are augmented by `maps` are those of
            all samples under the first map, then under the second, and so on.
        scaling : led.autoencoders.base.Scaling
            Of the states.
        seed, checkpoint, maps, memory
            As in `led.autoencoders.base.Autoencoder.fit`.

        Returns
        -------
        list of dict
            The history of the training, as `led.training.loop.fit` returns it.
        """
        training = self.training
        options = {"count": self.frames_per_sample, "batch_size": training.batch_size}
        states, validation_states = blocks.shared(memory, train[1], validation[1])
        return fit(
            decoder,
            Forecasts(train[0], states, seed=seed, maps=maps, **options),
            Forecasts(validation[0], validation_states, **options),
            training,
            scaling.deviation,
            checkpoint=checkpoint,
        )


class Forecasts(Batches):
    """Batches of (forecast latents, true states).

    Parameters
    ----------
    latents : ndarray, shape (sample, frame, latent)
        Of all samples under the first map, then under the second, and so on.
    states : led.data.blocks.Blocks
        If they do not fit into memory, an epoch goes through the blocks in random order.
    count : int
        Frames of each sample, at most as many as it has.
    batch_size : int
    seed : int, optional
        Draws and shuffles the frames anew in each epoch; without it they are equally spaced.
    maps : sequence of callable
        See `Decoding.fit`.
    """

    def __init__(self, latents, states, *, count, batch_size, seed=None, maps=()):
        self.latents = latents
        self.states = states
        self.count = min(count, latents.shape[1])
        self.batch_size = batch_size
        self.maps = maps or (np.asarray,)
        super().__init__(seed)

    def __len__(self):
        return -(-len(self.samples) // self.batch_size)

    def __getitem__(self, batch):
        chosen = slice(batch * self.batch_size, (batch + 1) * self.batch_size)
        samples, frames = self.samples[chosen], self.frames[chosen]
        states = self.states.take(samples % len(self.states), frames[:, None])[:, 0]
        for number, map_ in enumerate(self.maps):
            image = samples // len(self.states) == number
            states[image] = map_(states[image])
        return self.latents[samples, frames], states

    def draw(self, rng):
        samples, frames = self.latents.shape[:2]
        self.samples = np.repeat(np.arange(samples), self.count)
        if rng is None:
            places = np.linspace(0, frames - 1, self.count).round().astype(int)
            self.frames = np.tile(places, samples)
        else:
            order = rng.permutation(samples * self.count)
            self.samples = self.samples[order]
            self.frames = rng.integers(frames, size=samples * self.count)
        self.states.arrange(rng)
        order = self.states.order(self.samples % len(self.states))
        self.samples, self.frames = self.samples[order], self.frames[order]
