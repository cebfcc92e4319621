"""Principal components: the best linear autoencoder."""

import math
from dataclasses import dataclass

import numpy as np
from keras import layers

from led.autoencoders.base import Autoencoder
from led.data.scaling import Scaling
from led.jobs.options import Count
from led.training.loop import Objective


@dataclass(frozen=True)
class Pca(Autoencoder):
    """Projection on the leading eigenvectors of the covariance (proper orthogonal decomposition).

    The covariance of the standardised states is summed sample by sample over the training split.

    Parameters
    ----------
    latent_dim : int
        Number of components, at most the size of a state.
    """

    latent_dim: Count

    def encoder(self, state):
        size = math.prod(state.shape[1:])
        if self.latent_dim > size:
            raise ValueError(
                f"autoencoder.latent_dim: found {self.latent_dim}, expected at most {size}, "
                "the size of a state"
            )
        return layers.Dense(self.latent_dim, name="project")(layers.Flatten()(state))

    def decoder(self, latent, shape):
        size = math.prod(shape)
        return layers.Reshape(shape)(layers.Dense(size, name="expand")(latent))

    def objective(self, train, validation, maps=(), memory=None, seed=0, inputs=None):
        scaling = Scaling.of(train)
        model = self.build(train.shape[2:], scaling, str(train.dtype))
        mean, covariance = _moments(train, scaling, maps or (np.asarray,))
        _, vectors = np.linalg.eigh(covariance)
        modes = vectors[:, ::-1][:, : self.latent_dim]
        model.get_layer("encoder").get_layer("project").set_weights([modes, -mean @ modes])
        model.get_layer("decoder").get_layer("expand").set_weights([modes.T, mean])
        return Objective(model)


def _moments(state, scaling, maps):
    """Return mean and covariance of the flattened, standardised snapshots of all copies."""
    size = math.prod(state.shape[2:])
    total, products, count = np.zeros(size), np.zeros((size, size)), 0
    for sample in range(state.shape[0]):
        for map_ in maps:
            values = map_(np.asarray(state[sample], np.float64))
            snapshots = ((values - scaling.mean) / scaling.deviation).reshape(-1, size)
            total += snapshots.sum(0)
            products += snapshots.T @ snapshots
            count += len(snapshots)
    mean = total / count
    return mean, products / count - np.outer(mean, mean)
