"""The convolutional autoencoder of the reference report."""

import math
from dataclasses import dataclass

from keras import layers

from led.autoencoders.neural import NeuralAutoencoder
from led.jobs.options import Activation, Fraction, SomeCounts


@dataclass(frozen=True, kw_only=True)
class Conv(NeuralAutoencoder):
    """Convolutions with pooling, then dense layers; the decoder mirrors it.

    The layers, and so the numbers of parameters, are those of the report's tables. Behind the
    convolutions follow a dense layer as wide as the first of `dense_units` (rounded down to a
    multiple of the points of the coarsest grid), then `dense_units`, then the latents. Transposed
    convolutions without padding decode grids of odd size. An encoder that sees a coarse grid only
    has a decoder with one more upsampling layer at its end.

    Parameters
    ----------
    filters, kernels : sequence of int
        Of the convolutions, one entry each; every one halves the grid.
    dense_units : sequence of int
        Widths of the dense layers.
    activation : str
        Of each hidden layer.
    dropout : float
        Behind each of the dense layers.
    batch_normalization : bool
        Behind each convolution and each dense layer.
    """

    filters: SomeCounts = (8, 16, 32)
    kernels: SomeCounts = (3, 3, 3)
    dense_units: SomeCounts = (64, 128)
    activation: Activation = "relu"
    dropout: Fraction = 0.0
    batch_normalization: bool = False

    def encoder(self, state):
        bridge = self._bridge(state.shape[1:-1])
        x = state
        for filters, kernel in zip(self.filters, self.kernels, strict=True):
            x = layers.Conv2D(filters, kernel, padding="same", activation=self.activation)(x)
            x = layers.MaxPooling2D(2)(self._normalized(x))
        x = self._dense(layers.Flatten()(x), bridge)
        for units in self.dense_units:
            x = self._dense(x, units, self.dropout)
        return layers.Dense(self.latent_dim)(x)

    def decoder(self, latent, shape):
        *grid, components = shape
        coarse = [-(-n // self.encoder_stride) for n in grid]
        sizes = self._sizes(coarse)
        x = latent
        for units in reversed(self.dense_units):
            x = self._dense(x, units, self.dropout)
        x = self._dense(x, self._bridge(coarse))
        x = layers.Reshape((*sizes[-1], -1))(x)
        steps = list(zip(self.filters, self.kernels, sizes[:-1], strict=True))
        for filters, kernel, size in reversed(steps):
            x = self._normalized(self._upsampled(x, filters, kernel, size))
        if self.encoder_stride == 1:
            return layers.Conv2DTranspose(components, 2, padding="same")(x)
        x = layers.Conv2DTranspose(components, 1)(x)
        x = layers.Conv2DTranspose(components, self.encoder_stride, self.encoder_stride)(x)
        return _cropped(x, grid)

    def _upsampled(self, x, filters, kernel, size):
        """Return `x` on the next finer grid, of the size `size`."""
        odd = any(n % 2 for n in size)
        x = layers.Conv2DTranspose(
            filters,
            kernel,
            strides=2,
            padding="valid" if odd else "same",
            activation=self.activation,
        )(x)
        if any(drawn < n for drawn, n in zip(x.shape[1:-1], size, strict=True)):
            raise ValueError(
                f"autoencoder.kernels: found {kernel}, expected at least 3 for a grid of {size}"
            )
        return _cropped(x, size)

    def _sizes(self, grid):
        """Return the sizes of the grid, from the finest to the coarsest."""
        sizes = [tuple(n // 2**level for n in grid) for level in range(len(self.filters) + 1)]
        if min(sizes[-1]) < 1:
            raise ValueError(
                f"autoencoder.filters: found {len(self.filters)} layers, each halves the grid "
                f"of {tuple(grid)}; expected fewer"
            )
        return sizes

    def _bridge(self, grid):
        """Return the width of the dense layer next to the convolutions."""
        points = math.prod(self._sizes(grid)[-1])
        if self.dense_units[0] < points:
            raise ValueError(
                f"autoencoder.dense_units: found {self.dense_units[0]} first, expected at least "
                f"the {points} points of the coarsest grid"
            )
        return self.dense_units[0] // points * points

    def _dense(self, x, units, dropout=0.0):
        x = self._normalized(layers.Dense(units, self.activation)(x))
        return layers.Dropout(dropout)(x) if dropout else x

    def _normalized(self, x):
        return layers.BatchNormalization()(x) if self.batch_normalization else x


def _cropped(x, size):
    """Return `x` without what is beyond the size of the grid."""
    surplus = [(0, found - n) for found, n in zip(x.shape[1:-1], size, strict=True)]
    return layers.Cropping2D(surplus)(x) if any(map(sum, surplus)) else x
