"""The recurrent network of LED: it keeps its state, and is trained on its own output."""

from dataclasses import dataclass
from typing import Literal

import keras
import numpy as np
from keras import layers, ops

from led.data.networks import Standardize, last_scaling
from led.data.scaling import Scaling
from led.dynamics.base import Dynamics, Member
from led.dynamics.closed_loop import ClosedLoopCell
from led.jobs.options import Count, Counts, NonNegative, Share, SomeCounts
from led.training.loop import InUnits, Objective
from led.training.objectives.likelihood import Likelihood
from led.training.objectives.trajectories import Shrink, Trajectories
from led.training.settings import Training

INPUTS = "standardize_inputs"  # the name of that layer


@dataclass(frozen=True, kw_only=True)
class Stateful(Dynamics):
    """LSTM or GRU with a residual output, trained in closed loop.

    One step of the network is `stride` frames. While the warm-up lasts it listens to the true
    latents, then it is fed with its own output. In training the part with true latents is the
    whole trajectory at first and shrinks to the warm-up. So the network is trained on its
    own errors. After the LED of Vlachas et al., Nature Machine Intelligence 4 (2022).

    A trajectory is a window around any frame of a series: a warm-up and the closed loop behind
    it. So a network learns to forecast from anywhere, and for longer than the series last. A
    chaotic system forgets its state after a few Lyapunov times: a longer closed loop teaches the
    mean.

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
    closed_loop : int, optional
        Steps in which training feeds the network with its own output. None for whole series, from
        their first frame on; so does a closed loop that is as long.
    window : int, optional
        Frames of a warm-up and the closed loop, in place of `closed_loop`; longer than the warm-up.
    windows_per_sample : int, optional
        How many windows of each sample an epoch uses, drawn anew in each. Without it as many as
        cover a series.
    scale : {"each", "largest"}
        Latents are divided by their own standard deviations, or all by the largest of these. Those
        of `pca` have one unit: with ``largest`` a small mode counts as much as it adds to a state.
    variance : bool
        Forecast the variance of each latent, too: how far the forecast may be off at each lead
        time. It is learned by the Gaussian negative log-likelihood, in place of the loss of the
        training, and not fed back. See `led.training.objectives.likelihood`.
    prior : float
        How much a network of random weights, which are never trained, adds to each change of a
        standardised latent; 0 for none, 0.1 for a tenth of a standard deviation a step. Each member
        of an ensemble has another one. They learn to take it off where there are data, so far from
        data they part.
    training : led.training.settings.Training
        A batch holds trajectories.
    """

    cell: Literal["lstm", "gru"] = "lstm"
    units: SomeCounts = (128,)
    dense_units: Counts = ()
    stride: Count = 1
    shrink_until: Share = 0.5
    closed_loop: Count | None = 50
    window: Count | None = None
    windows_per_sample: Count | None = None
    scale: Literal["each", "largest"] = "each"
    variance: bool = False
    prior: NonNegative = 0.0
    training: Training = Training(
        epochs=300, batch_size=10, learning_rate=0.003, loss="mae", clipnorm=1.0
    )

    def reach(self, known, frames):
        window, _ = self.windows(known, frames)
        return window and window - known

    def windows(self, known, frames):
        """Return the frames of the windows, None for whole series, and how many a series has.

        Parameters
        ----------
        known, frames : int
            Of the warm-up and of a series.
        """
        window = self.window
        if not window and self.closed_loop:
            window = known + self.closed_loop * self.stride
            longest = frames - (known - 1) % self.stride  # validation starts at a step
            window = window if window < longest else None
        return window, self.windows_per_sample or max(1, round(frames / (window or frames)))

    def build(self, scaling, input_scaling=None):
        size = len(scaling.mean)
        given = [keras.Input((None, size), name="latents")]
        standard = [scaling.layer()(given[0])]
        if input_scaling:
            given.append(keras.Input((None, len(input_scaling.mean)), name="inputs"))
            standard.append(input_scaling.layer(name=INPUTS)(given[1]))
        known = keras.Input((None, 1), name="known")  # 1: of the warm-up; 0: of the forecast
        options = self.units, self.dense_units, self.variance, self.prior
        cell = ClosedLoopCell(size, self.cell, *options)
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
        window, count = self.windows(known, train.shape[1])
        options |= {"window": window, "count": count}
        batches = Trajectories(train, known=known, seed=seed, inputs=driving, **options)
        start = (known - 1) % self.stride  # so that the last frame of the warm-up is a step
        if inputs:
            validation_driving = validation_driving[:, start:]
        shrink = Shrink(batches, known, max(1, round(self.shrink_until * training.epochs)))
        model = self.build(scaling, input_scaling)
        return Objective(
            model,
            training,
            batches=batches,
            validation=Trajectories(
                validation[:, start:],
                known=known - start,
                inputs=validation_driving,
                forecast_only=True,
                **options,
            ),
            callbacks=(shrink,),
            loss=self.loss(model),
        )

    def loss(self, model):
        unit = last_scaling(model).deviation
        return Likelihood(unit) if self.variance else InUnits(self.training.measure(), unit)

    def member(self, model):
        return StatefulMember(model, self.stride)

    def latents_of(self, model):
        return super().latents_of(model) // (2 if self.variance else 1)


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
