"""The training sample that is most alike."""

from dataclasses import dataclass

import numpy as np

from led.data.scaling import Scaling
from led.evaluation.baselines.base import Baseline, at_times, frames_between


@dataclass
class Nearest(Baseline):
    """The training sample whose warm-up is most alike.

    Distances are measured in standard deviations of the components over the training samples, so
    that none counts more for its unit.
    """

    def fit(self, train, maps=()):
        self.train, self.maps = train, maps or (np.asarray,)
        self.scaling = Scaling.of(train)
        return self

    def forecast(self, window, times):
        thinned = self._standardised(window[:, :: frames_between(self.train, window)].values)
        distances = np.empty((len(window), len(self.train), len(self.maps)))
        for sample in range(len(self.train)):
            other = self.train[sample, : thinned.shape[1]].values
            for number, map_ in enumerate(self.maps):
                copy = self._standardised(map_(other))
                distances[:, sample, number] = [np.linalg.norm(states - copy) for states in thinned]
        nearest = distances.reshape(len(window), -1).argmin(1)
        return np.stack([self._replay(*divmod(n, len(self.maps)), times) for n in nearest])

    def _standardised(self, states):
        return ((states - self.scaling.mean) / self.scaling.deviation).astype(np.float32)

    def _replay(self, sample, number, times):
        return self.maps[number](at_times(self.train[sample], times))
