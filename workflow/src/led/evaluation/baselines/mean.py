"""The mean over the training samples."""

from dataclasses import dataclass

import numpy as np

from led.evaluation.baselines.alignment import at_places, frames_between, places
from led.evaluation.baselines.base import Baseline, copies


@dataclass
class Mean(Baseline):
    """The training mean for each time and cell.

    Times are counted from the first frame of a sample. After the last one of the training samples
    the mean over all of their times is repeated.
    """

    def fit(self, train, maps=()):
        total = sum(copies(train, maps))
        self.train, self.average = train, total / (len(train) * max(1, len(maps)))
        return self

    def forecast(self, window, times):
        where = places(window, len(times), frames_between(self.train, window, times))
        last = len(self.average) - 1
        average = at_places(self.average, where.clip(max=last))
        average[where > last] = self.average.mean(axis=0)
        return np.repeat(average.astype(window.dtype)[None], len(window), axis=0)
