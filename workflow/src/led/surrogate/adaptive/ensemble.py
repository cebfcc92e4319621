"""All members of a surrogate as one, some samples at a time."""

import keras
import numpy as np

from led.data.networks import Standardize


class Ensemble:
    """Listens and advances with all members, and measures how far they are apart.

    Parameters
    ----------
    members : sequence of led.dynamics.base.Member

    Attributes
    ----------
    stride : int
        Frames a step.
    variance : float
        Of the latents that the members were trained on, the mean over the latents.
    """

    def __init__(self, members):
        self.members = members
        self.stride = members[0].stride
        self.variance = _variance(members[0])

    def listen(self, latents, inputs=None):
        """Return the memories of all members after some frames.

        Parameters
        ----------
        latents : ndarray, shape (sample, frame, latent)
            The last frame is a step.
        inputs : ndarray, shape (sample, frame, input), optional
        """
        steps = slice((latents.shape[1] - 1) % self.stride, None, self.stride)
        given = {} if inputs is None else {"inputs": inputs[:, steps]}
        return [member.listen(latents[:, steps], **given) for member in self.members]

    def advance(self, memories, steps, inputs=None):
        """Forecast with each member alone.

        Parameters
        ----------
        memories : list
            One of each member.
        steps : int
        inputs : ndarray, shape (sample, steps, input), optional

        Returns
        -------
        latents : ndarray, shape (member, sample, steps, latent)
        memories : list
        """
        given = {} if inputs is None else {"inputs": inputs}
        pairs = zip(self.members, memories, strict=True)
        advanced = [member.advance(memory, steps, **given) for member, memory in pairs]
        latents, memories = zip(*advanced, strict=True)
        return np.stack(latents), list(memories)

    def spread(self, latents):
        """Return the variance between the members, as a share of that of the training latents.

        Both are sums over the latents.

        Parameters
        ----------
        latents : ndarray, shape (member, ..., latent)

        Returns
        -------
        ndarray, shape (...)
        """
        return latents.var(axis=0).mean(axis=-1) / self.variance


def _variance(member):
    """See `Ensemble.variance`."""
    layers = [layer for layer in member.model.layers if isinstance(layer, Standardize)]
    return float(np.mean(next(layer.deviation for layer in layers if layer.invert) ** 2))


def chosen(memories, rows):
    """Return the memories of some samples."""
    return keras.tree.map_structure(lambda values: np.asarray(values)[rows], memories)


def replaced(memories, rows, new):
    """Return the memories with those of some samples replaced."""

    def put(values, others):
        values = np.array(values)
        values[rows] = others
        return values

    return keras.tree.map_structure(put, memories, new)
