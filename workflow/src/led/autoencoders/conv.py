"""Convolutional autoencoders; on a grid of two dimensions, that of the reference report."""

import math
from dataclasses import dataclass, replace

from keras import layers

from led.autoencoders.neural import NeuralAutoencoder
from led.autoencoders.padding import Padded
from led.config.autoencoders import conv_layers, dense_widths
from led.jobs.options import Activation, Fraction, Padding, SomeCounts

OF_BOUNDARY = {"periodic": "periodic", "no_flux": "reflect"}  # others are padded with zeros


@dataclass(frozen=True, kw_only=True)
class Conv(NeuralAutoencoder):
    """Convolutions with pooling, then dense layers; the decoder mirrors it.

    On grids of one to three dimensions. Behind the convolutions follow a dense layer as wide as the
    first of `dense_units` (rounded down to a multiple of the points of the coarsest grid), then
    `dense_units`, then the latents. Transposed convolutions without padding decode grids of odd
    size. An encoder that sees a coarse grid only has a decoder with one more upsampling layer at
    its end. With the options of the experiment `fhn_reference`, layers and numbers of parameters
    are those of the report's tables.

    Parameters
    ----------
    filters, kernels : sequence of int
        Of the convolutions, one entry each; every one halves the grid. Null for kernels of 3, and
        for as many layers, of up to 64 filters, as leave two points along the shortest side.
    dense_units : sequence of int
        Widths of the dense layers; null for two, the first as wide as the coarsest grid and at
        least 64, the second 128.
    padding : str or sequence of str
        What is beyond the grid, for all dimensions or for each: periodic, reflect (the grid in a
        mirror) or zero. With boundary it is that of the system, and zero where a file names none.
    activation : str
        Of each hidden layer.
    dropout : float
        Behind each of the dense layers.
    batch_normalization : bool
        Behind each convolution and each dense layer.
    """

    filters: SomeCounts | None = None
    kernels: SomeCounts | None = None
    dense_units: SomeCounts | None = None
    padding: Padding = "boundary"
    activation: Activation = "relu"
    dropout: Fraction = 0.0
    batch_normalization: bool = False

    def suited(self, states):
        if self.padding != "boundary":
            return self
        grid = states.dims[2:-1]
        boundaries = (
            states[name].attrs.get("boundary") if name in states.coords else None for name in grid
        )
        return replace(self, padding=tuple(OF_BOUNDARY.get(name, "zero") for name in boundaries))

    def encoder(self, state):
        grid = state.shape[1:-1]
        padded, dense = self._padded(grid), self._dense_units(grid)
        bridge = self._bridge(grid)
        x = state
        for filters, kernel in conv_layers(self.filters, self.kernels, grid):
            x = self._normalized(padded.convolution(x, filters, kernel, self.activation))
            x = padded.layer("MaxPooling{}D")(2)(x)
        x = self._dense(layers.Flatten()(x), bridge)
        for units in dense:
            x = self._dense(x, units, self.dropout)
        return layers.Dense(self.latent_dim)(x)

    def decoder(self, latent, shape):
        *grid, components = shape
        coarse = [-(-n // self.encoder_stride) for n in grid]
        padded, sizes = self._padded(coarse), self._sizes(coarse)
        x = latent
        for units in reversed(self._dense_units(coarse)):
            x = self._dense(x, units, self.dropout)
        x = self._dense(x, self._bridge(coarse))
        x = layers.Reshape((*sizes[-1], -1))(x)
        steps = zip(conv_layers(self.filters, self.kernels, coarse), sizes[:-1], strict=True)
        for (filters, kernel), size in reversed(list(steps)):
            x = self._normalized(padded.upsampling(x, filters, kernel, size, self.activation))
        if self.encoder_stride == 1:
            return padded.transposed(x, components, 2)
        x = padded.transposed(x, components, 1)
        stride = self.encoder_stride
        x = padded.layer("Conv{}DTranspose")(components, stride, stride)(x)
        return padded.cropped(x, grid)

    def _padded(self, grid):
        """Return the layers for this grid."""
        padding = self.padding
        if isinstance(padding, str):
            padding = [padding] * len(grid)
        return Padded(tuple("zero" if kind == "boundary" else kind for kind in padding))

    def _dense_units(self, grid):
        return dense_widths(self.dense_units, math.prod(self._sizes(grid)[-1]))

    def _sizes(self, grid):
        """Return the sizes of the grid, from the finest to the coarsest."""
        count = len(conv_layers(self.filters, self.kernels, grid))
        sizes = [tuple(n // 2**level for n in grid) for level in range(count + 1)]
        if min(sizes[-1]) < 1:
            raise ValueError(
                f"autoencoder.filters: found {count} layers, each halves the grid "
                f"of {tuple(grid)}; expected fewer"
            )
        return sizes

    def _bridge(self, grid):
        """Return the width of the dense layer next to the convolutions."""
        points, first = math.prod(self._sizes(grid)[-1]), self._dense_units(grid)[0]
        if first < points:
            raise ValueError(
                f"autoencoder.dense_units: found {first} first, expected at least "
                f"the {points} points of the coarsest grid"
            )
        return first // points * points

    def _dense(self, x, units, dropout=0.0):
        x = self._normalized(layers.Dense(units, self.activation)(x))
        return layers.Dropout(dropout)(x) if dropout else x

    def _normalized(self, x):
        return layers.BatchNormalization()(x) if self.batch_normalization else x
