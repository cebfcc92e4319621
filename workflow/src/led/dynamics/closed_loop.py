"""A recurrent cell in closed loop: from where nothing is known it is fed with its own output."""

import keras
from keras import layers, ops

SMALLEST = 1e-6  # variance of a standardised latent
PRIOR_UNITS = 32
CELLS = {"lstm": layers.LSTMCell, "gru": layers.GRUCell}


@keras.saving.register_keras_serializable(package="led")
class ClosedLoopCell(layers.Layer):
    """Recurrent cell that returns the next latent, from the known latent or its own output.

    Its input is the latent, then what drives it, and, as the last number, 1 where the latent is
    known, else 0. With `variance` its output has the variance of each latent behind the latents.

    With `prior` a network of random weights, which are never trained, adds so many times its own
    output to each change of the latents. The others learn to take it off where there are data.
    Osband, Aslanides, Cassirer, "Randomized prior functions for deep reinforcement learning"
    (2018).
    """

    def __init__(self, size, cell, units, dense_units, variance=False, prior=0.0, **kwargs):
        super().__init__(**kwargs)
        self.options = {
            "size": size,
            "cell": cell,
            "units": list(units),
            "dense_units": list(dense_units),
            "variance": variance,
            "prior": prior,
        }
        self.size = size
        self.recurrent = layers.StackedRNNCells([CELLS[cell](n) for n in units])
        self.dense = [layers.Dense(n, "tanh") for n in dense_units]
        self.change = layers.Dense(size, kernel_initializer="zeros")
        self.variance = (
            layers.Dense(size, "softplus", kernel_initializer="zeros") if variance else None
        )
        self.prior = []
        if prior:
            hidden = {
                "kernel_initializer": "he_normal",
                "bias_initializer": keras.initializers.RandomNormal(stddev=1.0),
            }
            self.prior = [
                layers.Dense(PRIOR_UNITS, "tanh", trainable=False, **hidden),
                layers.Dense(size, trainable=False, kernel_initializer="lecun_normal"),
            ]
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
        width = self.size
        for layer in self.prior:
            layer.build((batch, width))
            width = layer.units
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
        following = latent + self.change(output) + self._random(latent)
        if not self.variance:
            return following, [*self._flat(inner), following]
        variance = self.variance(output) + SMALLEST
        together = ops.concatenate([following, variance], axis=-1)
        return together, [*self._flat(inner), variance, following]

    def _random(self, latent):
        """Return what the network of random weights adds."""
        if not self.prior:
            return 0.0
        for layer in self.prior:
            latent = layer(latent)
        return self.options["prior"] * latent

    def get_config(self):
        return super().get_config() | self.options
