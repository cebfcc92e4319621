"""The training sample that is most alike."""

from dataclasses import dataclass

import numpy as np

from led.evaluation.baselines.base import Baseline, at_times, frames_between


@dataclass
class Nearest(Baseline):
    """The training sample whose warm-up is most alike."""

    def fit(self, train):
        self.train = train
        return self

    def forecast(self, window, times):
        thinned = window[:, :: frames_between(self.train, window)].values
        distance = np.empty((len(window), len(self.train)))
        for sample in range(len(self.train)):
            other = self.train[sample, : thinned.shape[1]].values
            distance[:, sample] = [np.linalg.norm(states - other) for states in thinned]
        return np.stack([at_times(self.train[nearest], times) for nearest in distance.argmin(1)])
