"""An autoencoder and dynamics of one's own, which the tests give to the workflow as a file."""

from dataclasses import dataclass

import keras
import numpy as np
from keras import layers

from led.autoencoders.base import Autoencoder
from led.data.scaling import Scaling
from led.dynamics.base import Dynamics, Member
from led.training.loop import Objective


@dataclass(frozen=True)
class Modes(Autoencoder):
    """Leading singular vectors of the training states.

    Parameters
    ----------
    count : int
        How many.
    """

    count: int

    def objective(self, train, validation, maps=(), memory=None, seed=0, inputs=None):
        scaling, size = Scaling.of(train), int(np.prod(train.shape[2:]))
        states = scaling.apply(train.values).reshape(-1, size)
        modes = np.linalg.svd(states, full_matrices=False)[2][: self.count].T
        model = self.build(train.shape[2:], scaling, str(train.dtype))
        model.get_layer("encoder").get_layer("project").set_weights([modes])
        model.get_layer("decoder").get_layer("expand").set_weights([modes.T])
        return Objective(model)

    def encoder(self, state):
        return layers.Dense(self.count, use_bias=False, name="project")(layers.Flatten()(state))

    def decoder(self, latent, shape):
        expand = layers.Dense(int(np.prod(shape)), use_bias=False, name="expand")
        return layers.Reshape(shape)(expand(latent))


class Steps(Member):
    """Applies a matrix again and again; its memory is the last latents."""

    def __init__(self, model):
        self.model = model

    def listen(self, latents, memory=None, inputs=None):
        return latents[:, -1]

    def advance(self, memory, steps, inputs=None):
        series = []
        for _ in range(steps):
            memory = self.model.predict_on_batch(memory)
            series.append(memory)
        return np.stack(series, axis=1), memory


@dataclass(frozen=True)
class Linear(Dynamics):
    """The next latents are a linear function of the last."""

    def build(self, scaling, input_scaling=None):
        size = len(scaling.mean)
        latents = keras.Input((size,))
        following = layers.Dense(size, use_bias=False, name="following")(latents)
        return keras.Model(latents, following)

    def objective(self, train, validation, known, seed=0, inputs=None):
        size = train.shape[-1]
        before, after = (part.reshape(-1, size) for part in (train[:, :-1], train[:, 1:]))
        model = self.build(Scaling.of(train))
        model.get_layer("following").set_weights([np.linalg.lstsq(before, after)[0]])
        return Objective(model)

    def member(self, model):
        return Steps(model)
