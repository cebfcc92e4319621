"""No compression: the latents are the standardised state."""

import math
from dataclasses import dataclass

from keras import layers

from led.autoencoders.base import Autoencoder
from led.data.scaling import Scaling
from led.training.loop import Objective


@dataclass(frozen=True)
class Identity(Autoencoder):
    """For systems that are small already, such as a single oscillator."""

    def objective(self, train, validation, maps=(), memory=None, seed=0, inputs=None):
        return Objective(self.build(train.shape[2:], Scaling.of(train), str(train.dtype)))

    def encoder(self, state):
        return layers.Reshape((math.prod(state.shape[1:]),))(state)

    def decoder(self, latent, shape):
        return layers.Reshape(shape)(latent)
