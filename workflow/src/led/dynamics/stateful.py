"""The recurrent network of LED: it keeps its state, and is trained on its own output."""

from dataclasses import dataclass
from typing import Literal

import keras
import numpy as np
from keras import layers, ops

from led.data.networks import Standardize
from led.data.scaling import Scaling
from led.dynamics.base import Dynamics, Member
from led.jobs.options import Count, Counts, Share, SomeCounts
from led.training.loop import Objective
from led.training.objectives.trajectories import Shrink, Trajectories
from led.training.settings import Training

INPUTS = "standardize_inputs"  # the name of that layer
SMALLEST = 1e-6  # variance of a standardised latent
CELLS = {"lstm": layers.LSTMCell, "gru": layers.GRUCell}


@dataclass(frozen=True, kw_only=True)
class Stateful(Dynamics):
    """LSTM or GRU with a residual output, trained in closed loop.

    One step of the network is `stride` frames. While the warm-up lasts it listens to the true
    latents, then it is fed with its own output. In training the part with true latents is the
    whole trajectory at first and shrinks to the warm-up. So the network is trained on its
    own errors. After the LED of Vlachas et al., Nature Machine Intelligence 4 (2022).

    A trajectory is a whole series, or a random window of one. Windows are for forecasts that are
    longer than the training series, from anywhere. They bound the closed loop of the training,
    which lasts for the window without its warm-up. A chaotic system forgets its state after a few
    Lyapunov times: a longer closed loop teaches the mean.

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
    window : int, optional
        Frames of the random windows that training uses; longer than the warm-up. Without it
        training uses whole series.
    windows_per_sample : int
        How many windows of each sample an epoch uses, drawn anew in each.
    scale : {"each", "largest"}
        Latents are divided by their own standard deviations, or all by the largest of these. Those
        of `pca` have one unit: with ``largest`` a small mode counts as much as it adds to a state.
    variance : bool
        Forecast the variance of each latent, too: how far the forecast may be off at each lead
        time. It is learned by the Gaussian negative log-likelihood, in place of the loss of the
        training, and not fed back. See `likelihood`.
    training : led.training.settings.Training
        A batch holds trajectories.
    """

    cell: Literal["lstm", "gru"] = "lstm"
    units: SomeCounts = (128,)
    dense_units: Counts = ()
    stride: Count = 1
    shrink_until: Share = 0.5
    window: Count | None = None
    windows_per_sample: Count = 10
    scale: Literal["each", "largest"] = "each"
    variance: bool = False
    training: Training = Training(
        epochs=300, batch_size=10, learning_rate=0.003, loss="mae", clipnorm=1.0
    )

    @property
    def reach(self):
        return self.window

    def build(self, scaling, input_scaling=None):
        size = len(scaling.mean)
        given = [keras.Input((None, size), name="latents")]
        standard = [scaling.layer()(given[0])]
        if input_scaling:
            given.append(keras.Input((None, len(input_scaling.mean)), name="inputs"))
            standard.append(input_scaling.layer(name=INPUTS)(given[1]))
        known = keras.Input((None, 1), name="known")  # 1: of the warm-up; 0: of the forecast
        cell = ClosedLoopCell(size, self.cell, self.units, self.dense_units, self.variance)
        series = layers.Concatenate()([*standard, known])
        following = layers.RNN(cell, return_sequences=True)(series)
        unscale = scaling.layer(invert=True)
        if self.variance:
            parts = [unscale(following[..., :size]), following[..., size:]]
            following = layers.Concatenate()(parts)
        else:
            following = unscale(following)
        return keras.Model([*given, known], following, name="rnn")

    def objective(self, train, validation, known, seed=0, inputs=None):
        scaling = Scaling.of(train)
        if self.scale == "largest":
            scaling = scaling.together()
        input_scaling = Scaling.of(inputs[0]) if inputs else None
        driving, validation_driving = inputs or (None, None)
        training = self.training
        options = {"stride": self.stride, "batch_size": training.batch_size}
        options |= {"window": self.window, "count": self.windows_per_sample}
        batches = Trajectories(train, known=known, seed=seed, inputs=driving, **options)
        start = (known - 1) % self.stride  # so that the last frame of the warm-up is a step
        if inputs:
            validation_driving = validation_driving[:, start:]
        shrink = Shrink(batches, known, max(1, round(self.shrink_until * training.epochs)))
        return Objective(
            self.build(scaling, input_scaling),
            training,
            batches=batches,
            validation=Trajectories(
                validation[:, start:],
                known=known - start,
                inputs=validation_driving,
                forecast_only=True,
                **options,
            ),
            unit=scaling.deviation,
            callbacks=(shrink,),
            loss=Likelihood(scaling.deviation) if self.variance else None,
        )

    def member(self, model):
        return StatefulMember(model, self.stride)

    def latents_of(self, model):
        return super().latents_of(model) // (2 if self.variance else 1)


class Likelihood(keras.losses.Loss):
    """Negative logarithm of the likelihood of targets, whose mean and variance the output has.

    Parameters
    ----------
    unit : ndarray, shape (latent,)
        In which the targets and the mean are measured; the variance is in its square already.
    """

    def __init__(self, unit):
        super().__init__()
        self.unit = unit.astype("float32")

    def call(self, target, output):
        size = target.shape[-1]
        error = (target - output[..., :size]) / self.unit
        return likelihood(error, output[..., size:])


def likelihood(error, variance):
    """Return the mean over the last axis of (log variance + error^2 / variance) / 2.

    After Nix and Weigend, "Estimating the mean and variance of the target probability distribution"
    (1994); a constant is left out.
    """
    return ops.mean(ops.log(variance) + error**2 / variance, axis=-1) / 2


class StatefulMember(Member):
    """A trained network of `Stateful`. Its memory are the states of its cells."""

    def __init__(self, model, stride):
        self.model, self.stride = model, stride
        rnn = next(layer for layer in model.layers if isinstance(layer, layers.RNN))
        scale, *driving, unscale = self._standardizing(model)
        size = rnn.cell.size
        states = [keras.Input((width,)) for width in rnn.cell.state_size]
        running = layers.RNN(rnn.cell, return_sequences=True, return_state=True)

        inputs = [keras.Input((None, len(layer.mean))) for layer in driving]
        driven = [layer(series) for layer, series in zip(driving, inputs, strict=True)]

        latents = keras.Input((None, size))
        known = ops.ones_like(latents[..., :1])
        series = ops.concatenate([scale(latents), *driven, known], axis=-1)
        _, *heard = running(series, initial_state=states)
        self._listen = keras.Model([latents, *inputs, *states], heard)

        silence = keras.Input((None, size))  # of zeros: nothing is known
        series = ops.concatenate([silence, *driven, silence[..., :1]], axis=-1)
        following, *ahead = running(series, initial_state=states)
        given = [silence, *inputs, *states]
        now = ops.concatenate([states[-1][:, None], following[:, :-1, :size]], axis=1)
        self._advance = keras.Model(given, [unscale(now), *ahead])
        if rnn.cell.variance:
            variances = ops.concatenate([states[-2][:, None], following[:, :-1, size:]], axis=1)
            variances = variances * unscale.deviation.astype("float32") ** 2
            self._variances = keras.Model(given, variances)
        self.predicts_variance = bool(rnn.cell.variance)
        self._widths = [*rnn.cell.state_size]
        self._driven = bool(driving)

    @staticmethod
    def _standardizing(model):
        """Return the layers that standardise the latents and, if any, the inputs, and undo it."""
        found = [layer for layer in model.layers if isinstance(layer, Standardize)]
        return sorted(found, key=lambda layer: (layer.invert, layer.name == INPUTS))

    def listen(self, latents, memory=None, inputs=None):
        if memory is None:
            memory = [np.zeros((len(latents), width), np.float32) for width in self._widths]
        return self._listen.predict_on_batch([latents, *self._given(inputs), *memory])

    def advance(self, memory, steps, inputs=None):
        latents, *memory = self._advance.predict_on_batch(self._ahead(memory, steps, inputs))
        return latents, memory

    def variances(self, memory, steps, inputs=None):
        return self._variances.predict_on_batch(self._ahead(memory, steps, inputs))

    def _ahead(self, memory, steps, inputs):
        silence = np.zeros((len(memory[0]), steps, self._widths[-1]), np.float32)
        return [silence, *self._given(inputs), *memory]

    def _given(self, inputs):
        return [inputs] if self._driven else []


@keras.saving.register_keras_serializable(package="led")
class ClosedLoopCell(layers.Layer):
    """Recurrent cell that returns the next latent, from the known latent or its own output.

    Its input is the latent, then what drives it, and, as the last number, 1 where the latent is
    known, else 0. With `variance` its output has the variance of each latent behind the latents.
    """

    def __init__(self, size, cell, units, dense_units, variance=False, **kwargs):
        super().__init__(**kwargs)
        self.options = {
            "size": size,
            "cell": cell,
            "units": list(units),
            "dense_units": list(dense_units),
            "variance": variance,
        }
        self.size = size
        self.recurrent = layers.StackedRNNCells([CELLS[cell](n) for n in units])
        self.dense = [layers.Dense(n, "tanh") for n in dense_units]
        self.change = layers.Dense(size, kernel_initializer="zeros")
        self.variance = (
            layers.Dense(size, "softplus", kernel_initializer="zeros") if variance else None
        )
        own = [size] * (1 + variance)
        self.state_size = [*self._flat(self.recurrent.state_size), *own]
        self.output_size = sum(own)

    @staticmethod
    def _flat(nested):
        return keras.tree.flatten(nested)

    def build(self, input_shape):
        batch = input_shape[0]
        self.recurrent.build((batch, input_shape[-1] - 1))
        width = self.options["units"][-1]
        for layer in self.dense:
            layer.build((batch, width))
            width = layer.units
        self.change.build((batch, width))
        if self.variance:
            self.variance.build((batch, width))
        self.built = True

    def get_initial_state(self, batch_size=None):
        inner = self._flat(self.recurrent.get_initial_state(batch_size))
        own = self.state_size[len(inner) :]
        return [*inner, *(ops.zeros((batch_size, size)) for size in own)]

    def call(self, inputs, states, training=False):
        inner, own = states[: -2 if self.variance else -1], states[-1]
        known = inputs[:, -1:]
        latent = known * inputs[:, : self.size] + (1 - known) * own
        driven = ops.concatenate([latent, inputs[:, self.size : -1]], axis=-1)
        inner = keras.tree.pack_sequence_as(self.recurrent.state_size, inner)
        output, inner = self.recurrent(driven, inner, training=training)
        for layer in self.dense:
            output = layer(output)
        following = latent + self.change(output)
        if not self.variance:
            return following, [*self._flat(inner), following]
        variance = self.variance(output) + SMALLEST
        together = ops.concatenate([following, variance], axis=-1)
        return together, [*self._flat(inner), variance, following]

    def get_config(self):
        return super().get_config() | self.options
