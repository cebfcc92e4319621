"""Convolutions on a grid whose boundary they know."""

from dataclasses import dataclass

from keras import layers

from led.data.networks import Pad


@dataclass(frozen=True)
class Padded:
    """Layers for a grid of some dimensions.

    Parameters
    ----------
    kinds : tuple of str
        As `Pad` takes them. Where all are ``zero``, the layers of Keras pad by themselves.
    """

    kinds: tuple

    def layer(self, name):
        """Return a class of layers, whose name has the number of dimensions in place of {}."""
        return getattr(layers, name.format(len(self.kinds)))

    @property
    def _by_keras(self):
        return set(self.kinds) == {"zero"}

    def _pad(self, x, before, after, kernel):
        if max(before, after) > min(x.shape[1:-1]):
            raise ValueError(
                f"autoencoder.kernels: found {kernel}, expected less for the padding of a grid of "
                f"{tuple(x.shape[1:-1])}"
            )
        return Pad(self.kinds, before, after)(x) if before or after else x

    def convolution(self, x, filters, kernel, activation):
        """Return a convolution on the same grid."""
        convolve = self.layer("Conv{}D")
        if self._by_keras:
            return convolve(filters, kernel, padding="same", activation=activation)(x)
        x = self._pad(x, (kernel - 1) // 2, kernel // 2, kernel)
        return convolve(filters, kernel, activation=activation)(x)

    def transposed(self, x, filters, kernel):
        """Return a transposed convolution on the same grid."""
        convolve = self.layer("Conv{}DTranspose")
        if self._by_keras:
            return convolve(filters, kernel, padding="same")(x)
        size, reach = x.shape[1:-1], kernel - 1
        x = convolve(filters, kernel)(self._pad(x, reach, reach, kernel))
        return self.cropped(x, size, reach + reach // 2)

    def upsampling(self, x, filters, kernel, size, activation):
        """Return a transposed convolution on the next finer grid, of the size `size`."""
        odd = any(n % 2 for n in size)
        options = {"strides": 2, "activation": activation}
        convolve = self.layer("Conv{}DTranspose")
        if kernel < 3 and odd:
            raise ValueError(
                f"autoencoder.kernels: found {kernel}, expected at least 3 for a grid of {size}"
            )
        if self._by_keras:
            padding = "valid" if odd else "same"
            return self.cropped(convolve(filters, kernel, padding=padding, **options)(x), size)
        reach = kernel // 2
        x = convolve(filters, kernel, **options)(self._pad(x, reach, reach, kernel))
        return self.cropped(x, size, 2 * reach + (0 if odd else max(0, kernel - 2) // 2))

    def cropped(self, x, size, first=0):
        """Return `x` from a point on, without what is beyond the size of the grid."""
        surplus = [(first, found - first - n) for found, n in zip(x.shape[1:-1], size, strict=True)]
        if not any(map(any, surplus)):
            return x
        return self.layer("Cropping{}D")(surplus if len(surplus) > 1 else surplus[0])(x)
