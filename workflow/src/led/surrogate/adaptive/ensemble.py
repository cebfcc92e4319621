"""All members of a surrogate as one, some samples at a time."""

import keras
import numpy as np

from led.data.networks import last_scaling


class Ensemble:
    """Listens and advances with all members, and measures how sure they are.

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
        self.variance = float(np.mean(last_scaling(members[0].model).own ** 2))

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
        latents : ndarray, shape (sample, steps, latent)
            The mean of all members.
        spread : ndarray, shape (sample, steps)
            The variance between the members and, of members that predict variances, the mean of
            these: together mean(sigma^2 + mu^2) - mean(mu)^2. It is summed over the latents, as a
            share of that sum of the training latents.
        memories : list
        """
        given = {} if inputs is None else {"inputs": inputs}
        pairs = [*zip(self.members, memories, strict=True)]
        advanced = [member.advance(memory, steps, **given) for member, memory in pairs]
        latents, after = zip(*advanced, strict=True)
        latents = np.stack(latents)
        total = latents.var(axis=0)
        if self.members[0].predicts_variance:
            doubt = [member.variances(memory, steps, **given) for member, memory in pairs]
            total += np.mean(doubt, axis=0)
        return latents.mean(axis=0), total.mean(axis=-1) / self.variance, list(after)


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
