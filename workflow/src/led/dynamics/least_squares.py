"""Linear dynamics by least squares, whose coefficients may follow the inputs."""

from dataclasses import dataclass

import keras
import numpy as np
from keras import layers, ops

from led.data.scaling import Scaling
from led.dynamics.base import Dynamics
from led.dynamics.windowed import WindowedMember
from led.jobs.options import Count
from led.training.loop import Objective


@dataclass(frozen=True, kw_only=True)
class LeastSquares(Dynamics):
    """The next latents are a linear function of the last ones: nothing is learned by descent.

    With inputs the coefficients are linear in the last ones of these. Dynamic mode decomposition
    with delays, after Le Clainche and Vega, SIAM J. Appl. Dyn. Syst. 16, 882 (2017); bilinear in
    inputs as in Goldschmidt, Kaiser, DuBois, Brunton, Kutz, New J. Phys. 23, 033035 (2021).

    Parameters
    ----------
    window : int
        Frames that the next one follows from; at most the warm-up.
    """

    window: Count = 1

    def build(self, scaling, input_scaling=None):
        size = len(scaling.mean)
        driven = len(input_scaling.mean) if input_scaling else 0
        window = keras.Input((self.window, size + driven))
        standard = scaling.joined(input_scaling).layer()(window)
        x = layers.Flatten()(standard[..., :size])
        if driven:
            inputs = standard[:, -1, size:]
            products = ops.reshape(x[:, :, None] * inputs[:, None], (-1, x.shape[-1] * driven))
            x = ops.concatenate([x, inputs, products], axis=-1)
        x = layers.Dense(size, name="following")(x)
        return keras.Model(window, scaling.layer(invert=True)(x), name="rnn")

    def objective(self, train, validation, known, seed=0, inputs=None):
        scaling, input_scaling = Scaling.of(train), Scaling.of(inputs[0]) if inputs else None
        series = (train - scaling.mean) / scaling.deviation
        model = self.build(scaling, input_scaling)
        count = series.shape[1] - self.window
        seen = [series[:, lag : lag + count] for lag in range(self.window)]
        seen = np.concatenate(seen, axis=-1).reshape(-1, self.window * series.shape[-1])
        columns = [seen]
        if inputs:
            driving = (inputs[0] - input_scaling.mean) / input_scaling.deviation
            driving = driving[:, self.window - 1 : -1].reshape(len(seen), -1)
            products = seen[:, :, None] * driving[:, None]
            columns += [driving, products.reshape(len(seen), -1)]
        columns.append(np.ones((len(seen), 1)))
        targets = series[:, self.window :].reshape(len(seen), -1)
        solution, *_ = np.linalg.lstsq(np.concatenate(columns, axis=-1), targets)
        model.get_layer("following").set_weights([solution[:-1], solution[-1]])
        return Objective(model)

    def member(self, model):
        return WindowedMember(model)
