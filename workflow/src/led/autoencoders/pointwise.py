"""The autoencoder for sharp fronts: smooth maps of the latents, and a shared network a cell."""

import math
from dataclasses import dataclass

from keras import layers

from led.autoencoders.neural import NeuralAutoencoder
from led.jobs.options import Activation, Count, Counts


@dataclass(frozen=True, kw_only=True)
class Pointwise(NeuralAutoencoder):
    """Dense encoder; the decoder makes a few maps and ends in one small network for all cells.

    The dense part of the decoder makes smooth maps, such as the phase of each cell. The network
    that all cells share turns them into the state of the cell, and makes the sharp front.

    Parameters
    ----------
    encoder_units, decoder_units : sequence of int
        Widths of the dense layers, in the order of the data flow.
    maps : int
        Numbers that the dense part gives each cell.
    head_units : sequence of int
        Widths of the network that the cells share.
    activation, head_activation : str
        Of the dense layers, and of the network that the cells share.
    """

    encoder_units: Counts = (256, 128)
    decoder_units: Counts = (128, 256)
    maps: Count = 4
    head_units: Counts = (16, 16)
    activation: Activation = "swish"
    head_activation: Activation = "tanh"

    def encoder(self, state):
        x = layers.Flatten()(state)
        for units in self.encoder_units:
            x = layers.Dense(units, self.activation)(x)
        return layers.Dense(self.latent_dim)(x)

    def decoder(self, latent, shape):
        *grid, components = shape
        x = latent
        for units in self.decoder_units:
            x = layers.Dense(units, self.activation)(x)
        x = layers.Dense(math.prod(grid) * self.maps)(x)
        x = layers.Reshape((*grid, self.maps))(x)
        for units in self.head_units:
            x = layers.Dense(units, self.head_activation)(x)
        return layers.Dense(components)(x)
