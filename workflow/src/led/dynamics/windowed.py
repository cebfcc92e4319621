"""The recurrent network of the reference report: a sliding window, one step ahead."""

from dataclasses import dataclass

import keras
import numpy as np
from keras import layers, ops

from led.data.scaling import Scaling
from led.dynamics.base import Dynamics, Member
from led.jobs.options import Activation, Count, Counts, Fraction, SomeCounts
from led.training.loop import Objective
from led.training.objectives.windows import Windows
from led.training.settings import Training


@dataclass(frozen=True, kw_only=True)
class Windowed(Dynamics):
    """Stacked LSTM over a window of frames, then dense layers, that give the next frame.

    It is trained one step ahead on true windows. Batch normalisation follows each recurrent layer
    but the last and each hidden dense layer. With it the numbers of parameters are those of the
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
    training : led.training.settings.Training
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

    def build(self, scaling, input_scaling=None):
        size = len(scaling.mean)
        driven = len(input_scaling.mean) if input_scaling else 0
        window = keras.Input((self.window, size + driven))
        x = scaling.joined(input_scaling).layer()(window)
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

    def objective(self, train, validation, known, seed=0, inputs=None):
        scaling = Scaling.of(train)
        driving, validation_driving = inputs or (None, None)
        training = self.training
        options = {"window": self.window, "count": self.windows_per_sample}
        options["batch_size"] = training.batch_size
        return Objective(
            self.build(scaling, Scaling.of(driving) if inputs else None),
            training,
            batches=Windows(train, seed=seed, inputs=driving, **options),
            validation=Windows(validation, inputs=validation_driving, **options),
            unit=scaling.deviation,
        )

    def member(self, model):
        return WindowedMember(model)


class WindowedMember(Member):
    """A trained network of `Windowed`. Its memory is the last window, inputs included."""

    def __init__(self, model):
        self.model = model
        self._rolling = {}  # compiled, by the number of steps

    def heard(self, known):
        return slice(max(0, known - self.model.input_shape[1]), known, 1)

    def listen(self, latents, memory=None, inputs=None):
        if inputs is not None:
            latents = np.concatenate([latents, inputs], axis=-1)
        series = latents if memory is None else np.concatenate([memory, latents], axis=1)
        window = self.model.input_shape[1]
        if series.shape[1] < window:
            raise ValueError(
                f"rnn.window: found {window} frames, expected at most {series.shape[1]}, what is "
                "known"
            )
        return series[:, -window:]

    def advance(self, memory, steps, inputs=None):
        if steps not in self._rolling:
            self._rolling[steps] = Rolling(self.model, steps)
        if inputs is None:
            inputs = np.zeros((len(memory), steps, 0), np.float32)
        series = self._rolling[steps].predict_on_batch([memory, inputs])
        latents = series[:, memory.shape[1] :, : self.model.output_shape[-1]]
        return latents, series[:, -memory.shape[1] :]


class Rolling(keras.Model):
    """All steps ahead as one compiled call: the window moves over its own output."""

    def __init__(self, model, horizon):
        super().__init__()
        self.model, self.horizon = model, horizon

    def call(self, given):
        window, inputs = given
        _, frames, size = window.shape
        samples = ops.shape(window)[0]  # which may not be known when this is compiled

        def step(frame, series):
            window = ops.slice(series, (0, frame, 0), (samples, frames, size))
            following = self.model(window, training=False)
            return ops.slice_update(series, (0, frame + frames, 0), following[:, None])

        unknown = [(0, 0), (0, 0), (size - inputs.shape[-1], 0)]  # to be filled in by the steps
        series = ops.concatenate([window, ops.pad(inputs, unknown)], axis=1)
        return ops.fori_loop(0, self.horizon, step, series)
