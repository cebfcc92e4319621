"""The recurrent network of the reference report: a sliding window, one step ahead."""

from dataclasses import dataclass

import keras
import numpy as np
from keras import layers, ops

from led.dynamics.base import LatentForecaster
from led.jobs.options import Activation, Count, Counts, Fraction, SomeCounts
from led.training.loop import Batches, Training, fit


@dataclass(frozen=True, kw_only=True)
class Windowed(LatentForecaster):
    """Stacked LSTM over a window of frames, then dense layers, that give the next frame.

    It is trained one step ahead on true windows. Batch normalisation follows each recurrent layer
    but the last and each hidden dense layer; with it the numbers of parameters are those of the
    report's tables.

    Parameters
    ----------
    window : int
        Frames; at most the warm-up.
    units : sequence of int
        Widths of the recurrent layers.
    dense_units : sequence of int
        Widths of dense layers behind them.
    bidirectional : bool
        Whether the recurrent layers read the window backwards, too.
    activation : str
        Of the dense layers.
    dropout : float
        Behind each hidden layer.
    batch_normalization : bool
        Behind each recurrent layer but the last and each hidden dense layer.
    windows_per_sample : int
        How many windows of each sample an epoch uses, drawn anew in each.
    training : led.training.loop.Training
        A batch holds windows.
    """

    window: Count
    units: SomeCounts = (32, 64)
    dense_units: Counts = (64, 32)
    bidirectional: bool = True
    activation: Activation = "relu"
    dropout: Fraction = 0.0
    batch_normalization: bool = True
    windows_per_sample: Count = 200
    training: Training = Training(
        epochs=100,
        batch_size=32,
        learning_rate=0.001,
        final_learning_rate=1e-5,
        schedule="plateau",
        patience=10,
    )

    def build(self, scaling):
        size = len(scaling.mean)
        window = keras.Input((self.window, size))
        x = scaling.layer()(window)
        for depth, units in enumerate(self.units, start=1):
            last = depth == len(self.units)
            recurrent = layers.LSTM(units, return_sequences=not last)
            x = layers.Bidirectional(recurrent)(x) if self.bidirectional else recurrent(x)
            x = self._hidden(x, normalize=not last)
        for units in self.dense_units:
            x = self._hidden(layers.Dense(units, self.activation)(x), normalize=True)
        following = scaling.layer(invert=True)(layers.Dense(size)(x))
        return keras.Model(window, following, name="rnn")

    def _hidden(self, x, normalize):
        if self.batch_normalization and normalize:
            x = layers.BatchNormalization()(x)
        return layers.Dropout(self.dropout)(x) if self.dropout else x

    def fit(self, model, train, validation, warmup, scaling, seed, checkpoint=None):
        training = self.training
        options = {"window": self.window, "count": self.windows_per_sample}
        return fit(
            model,
            Windows(train, batch_size=training.batch_size, seed=seed, **options),
            Windows(validation, batch_size=training.batch_size, **options),
            training,
            scaling.deviation,
            checkpoint=checkpoint,
        )

    def rollout(self, model, horizon):
        rolling = Rolling(model, horizon)

        def forecast(warmup):
            return rolling.predict_on_batch(warmup[:, -self.window :])

        return forecast


class Rolling(keras.Model):
    """The whole forecast as one compiled call: the window moves over its own output."""

    def __init__(self, model, horizon):
        super().__init__()
        self.model, self.horizon = model, horizon

    def call(self, window):
        samples, frames, size = window.shape

        def step(frame, series):
            window = ops.slice(series, (0, frame, 0), (samples, frames, size))
            following = self.model(window, training=False)
            return ops.slice_update(series, (0, frame + frames, 0), following[:, None])

        series = ops.pad(window, [(0, 0), (0, self.horizon), (0, 0)])
        return ops.fori_loop(0, self.horizon, step, series)[:, frames:]


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
