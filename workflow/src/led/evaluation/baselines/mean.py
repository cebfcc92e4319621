"""The mean over the training samples."""

from dataclasses import dataclass

import numpy as np

from led.evaluation.baselines.base import Baseline, at_times, copies


@dataclass
class Mean(Baseline):
    """The training mean for each time and cell."""

    def fit(self, train, maps=()):
        total = sum(copies(train, maps))
        self.average = train[0].copy(data=total / (len(train) * max(1, len(maps))))
        return self

    def forecast(self, window, times):
        average = at_times(self.average, times)
        return np.repeat(average[None], len(window), axis=0).astype(window.dtype)
