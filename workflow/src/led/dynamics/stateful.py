"""The recurrent network of LED: it keeps its state, and learns on its own output."""

from dataclasses import dataclass
from typing import Literal

import keras
import numpy as np
from keras import layers, ops

from led.data.interpolation import between
from led.dynamics.base import LatentForecaster
from led.jobs.options import Count, Counts, Share, SomeCounts
from led.training.loop import Batches, Training, fit

CELLS = {"lstm": layers.LSTMCell, "gru": layers.GRUCell}


@dataclass(frozen=True, kw_only=True)
class Stateful(LatentForecaster):
    """LSTM or GRU with a residual output, trained in closed loop.

    One step of the network is `stride` frames. While the warm-up lasts it listens to the true
    latents, then it is fed with its own output. In training the part with true latents is the
    whole series at first and shrinks to the warm-up, so that the network learns to live with its
    own errors. After the LED of Vlachas et al., Nature Machine Intelligence 4 (2022).

    Parameters
    ----------
    cell : {"lstm", "gru"}
        Kind of the recurrent layers.
    units : sequence of int
        Widths of the recurrent layers.
    dense_units : sequence of int
        Widths of dense layers (tanh) behind them.
    stride : int
        Frames a step.
    shrink_until : float
        Fraction of the epochs at which the true latents have shrunk to the warm-up.
    training : led.training.loop.Training
        A batch holds samples.
    """

    cell: Literal["lstm", "gru"] = "lstm"
    units: SomeCounts = (128,)
    dense_units: Counts = ()
    stride: Count = 1
    shrink_until: Share = 0.5
    training: Training = Training(
        epochs=300, batch_size=10, learning_rate=0.003, loss="mae", clipnorm=1.0
    )

    def build(self, scaling):
        size = len(scaling.mean)
        latents = keras.Input((None, size), name="latents")
        known = keras.Input((None, 1), name="known")  # 1: listen to the latent; 0: to yourself
        cell = ClosedLoopCell(size, self.cell, self.units, self.dense_units)
        series = layers.Concatenate()([scaling.layer()(latents), known])
        following = layers.RNN(cell, return_sequences=True)(series)
        return keras.Model([latents, known], scaling.layer(invert=True)(following), name="rnn")

    def fit(self, model, train, validation, warmup, scaling, seed, checkpoint=None):
        training = self.training
        listening = 1 + (warmup - 1) // self.stride
        options = {"stride": self.stride, "batch_size": training.batch_size}
        batches = Trajectories(train, known=listening, seed=seed, **options)
        start = (warmup - 1) % self.stride  # so that the last frame of the warm-up is a step
        rollouts = Trajectories(
            validation[:, start:], known=listening, forecast_only=True, **options
        )
        shrink = Shrink(batches, listening, max(1, round(self.shrink_until * training.epochs)))
        return fit(
            model,
            batches,
            rollouts,
            training,
            scaling.deviation,
            callbacks=[shrink],
            checkpoint=checkpoint,
        )

    def rollout(self, model, horizon):
        steps = -(-horizon // self.stride)

        def forecast(warmup):
            known = warmup[:, (warmup.shape[1] - 1) % self.stride :: self.stride]
            listening = known.shape[1]
            given = np.pad(known, [(0, 0), (0, steps - 1), (0, 0)])
            flags = np.zeros((*given.shape[:2], 1), np.float32)
            flags[:, :listening] = 1
            following = model.predict_on_batch([given, flags])
            following = following[:, listening - 1 :]
            series = np.concatenate([known, following], axis=1)
            last = (listening - 1) * self.stride
            return between(series, self.stride, last + np.arange(1, horizon + 1))

        return forecast


@keras.saving.register_keras_serializable(package="led")
class ClosedLoopCell(layers.Layer):
    """Recurrent cell that returns the next latent, and listens to it if told so.

    Its input is the latent and, as the last number, 1 where the latent is known, else 0.
    """

    def __init__(self, size, cell, units, dense_units, **kwargs):
        super().__init__(**kwargs)
        self.options = {
            "size": size,
            "cell": cell,
            "units": list(units),
            "dense_units": list(dense_units),
        }
        self.size = size
        self.recurrent = layers.StackedRNNCells([CELLS[cell](n) for n in units])
        self.dense = [layers.Dense(n, "tanh") for n in dense_units]
        self.change = layers.Dense(size, kernel_initializer="zeros")
        self.state_size = [*self._flat(self.recurrent.state_size), size]
        self.output_size = size

    @staticmethod
    def _flat(nested):
        return keras.tree.flatten(nested)

    def build(self, input_shape):
        batch = input_shape[0]
        self.recurrent.build((batch, self.size))
        width = self.options["units"][-1]
        for layer in self.dense:
            layer.build((batch, width))
            width = layer.units
        self.change.build((batch, width))
        self.built = True

    def get_initial_state(self, batch_size=None):
        inner = self._flat(self.recurrent.get_initial_state(batch_size))
        return [*inner, ops.zeros((batch_size, self.size))]

    def call(self, inputs, states, training=False):
        *inner, own = states
        known = inputs[:, -1:]
        latent = known * inputs[:, :-1] + (1 - known) * own
        inner = keras.tree.pack_sequence_as(self.recurrent.state_size, inner)
        output, inner = self.recurrent(latent, inner, training=training)
        for layer in self.dense:
            output = layer(output)
        following = latent + self.change(output)
        return following, [*self._flat(inner), following]

    def get_config(self):
        return super().get_config() | self.options


class Trajectories(Batches):
    """Batches of latent trajectories: ((latents, known), the latents one step later[, weight]).

    Parameters
    ----------
    latents : ndarray, shape (sample, time, latent)
    stride : int
        Frames a step.
    known : int
        Steps with true latents.
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
        known = np.zeros((len(series), self.steps - 1, 1), np.float32)
        known[:, : self.known] = 1
        if not self.forecast_only:
            return (series[:, :-1], known), series[:, 1:]
        weight = np.zeros((len(series), self.steps - 1), np.float32)
        weight[:, self.known - 1 :] = (self.steps - 1) / (self.steps - self.known)
        return (series[:, :-1], known), series[:, 1:], weight

    def draw(self, rng):
        samples = len(self.latents)
        self.order, self.starts = np.arange(samples), np.zeros(samples, int)
        if rng is not None:
            self.order = rng.permutation(samples)
            self.starts = rng.integers(self.stride, size=samples)


class Shrink(keras.callbacks.Callback):
    """Shrink the known part of `batches` from the whole series to `steps`, linearly."""

    def __init__(self, batches, steps, epochs):
        super().__init__()
        self.batches, self.steps, self.epochs = batches, steps, epochs

    def on_epoch_begin(self, epoch, logs=None):
        progress = min(1.0, epoch / self.epochs)
        longest = self.batches.steps - 1
        self.batches.known = round(longest + progress * (self.steps - longest))
