"""Principal components: the best linear autoencoder."""

import math
from dataclasses import dataclass

import numpy as np
from keras import layers

from led.autoencoders.base import Autoencoder
from led.autoencoders.trained import BLOCK_BYTES
from led.data.blocks import shared
from led.data.scaling import Scaling
from led.jobs.options import Count
from led.training.loop import Objective

SMALL = 1000  # numbers of a state up to which the covariance is a matrix in memory
OVERSAMPLING = 10  # columns at least; as many as modes if these are more
PASSES = 6  # leave 0.03 % of the variance unexplained where singular values fall as n^(-1/4)


@dataclass(frozen=True)
class Pca(Autoencoder):
    """Projection on the leading eigenvectors of the covariance (proper orthogonal decomposition).

    The covariance of the standardised states is summed sample by sample over the training split.
    Of more than 1,000 numbers a state it is never formed: a randomised method with power iterations
    finds its leading eigenvectors. After Halko, Martinsson, Tropp, SIAM Review 53, 217 (2011),
    algorithm 4.4. It reads the split eight times, and the seed decides its start.

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
        maps = maps or (np.asarray,)
        if math.prod(train.shape[2:]) <= SMALL:
            mean, covariance = _moments(train, scaling, maps)
            _, vectors = np.linalg.eigh(covariance)
            modes = vectors[:, ::-1][:, : self.latent_dim]
        else:
            snapshots = Flattened(shared(memory, train)[0], scaling, maps)
            mean, modes = _leading(snapshots, self.latent_dim, seed)
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
            snapshots = scaling.apply(values).reshape(-1, size)
            total += snapshots.sum(0)
            products += snapshots.T @ snapshots
            count += len(snapshots)
    mean = total / count
    return mean, products / count - np.outer(mean, mean)


class Flattened:
    """The flattened, standardised snapshots of all copies, some at a time: float64 each time."""

    def __init__(self, states, scaling, maps):
        self.states, self.scaling, self.maps = states, scaling, maps
        self.size = math.prod(states.state.shape[2:])

    def __iter__(self):
        frames = self.states.state.shape[1]
        count = max(1, int(BLOCK_BYTES / (8 * self.size)))
        for sample in range(len(self.states)):
            for start in range(0, frames, count):
                times = np.arange(start, min(start + count, frames))[None]
                block = self.states.take(np.array([sample]), times)[0].astype(np.float64)
                for map_ in self.maps:
                    yield self.scaling.apply(map_(block)).reshape(-1, self.size)


def _leading(snapshots, count, seed):
    """Return the mean of the snapshots, and leading eigenvectors of their covariance."""
    total, number = np.zeros(snapshots.size), 0
    for block in snapshots:
        total += block.sum(0)
        number += len(block)
    mean = total / number

    def products(basis):  # of the covariance and the basis
        summed = np.zeros(basis.shape)
        for block in snapshots:
            block -= mean
            summed += block.T @ (block @ basis)
        return summed / number

    width = min(snapshots.size, count + max(OVERSAMPLING, count))
    basis = np.random.default_rng(seed).normal(size=(snapshots.size, width))
    for _ in range(PASSES):
        basis, _ = np.linalg.qr(products(basis))
    _, vectors = np.linalg.eigh(basis.T @ products(basis))
    return mean, basis @ vectors[:, ::-1][:, :count]
