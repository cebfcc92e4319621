"""The training sample that is most alike."""

from dataclasses import dataclass

import numpy as np

from led.data.scaling import Scaling
from led.evaluation.baselines.alignment import at_places, frames_between, places
from led.evaluation.baselines.base import Baseline


@dataclass
class Nearest(Baseline):
    """The training sample whose warm-up is most alike.

    Where it ends before the forecast, the search begins again: the sample follows whose warm-up is
    most like the last frames of the one that has ended. Distances are measured in standard
    deviations of the components over the training samples, so that none counts more for its unit.

    Parameters
    ----------
    inputs : sequence of str
        Coordinates of the samples that count as further components do.
    """

    inputs: tuple = ()

    def fit(self, train, maps=()):
        self.train, self.maps = train, maps or (np.asarray,)
        self.scaling = Scaling.of(train)
        self.drawn = self._drawn(train)
        return self

    def _drawn(self, states):
        """Return the inputs that samples have, (sample, input)."""
        return np.stack([np.ones(len(states)), *(states[name].values for name in self.inputs)], 1)

    def forecast(self, window, times):
        every = frames_between(self.train, window, times)
        thinned = window[:, ::every].values
        where = places(window, len(times), every)
        known, frames = thinned.shape[1], self.train.sizes["time"]
        chains = [[found] for found in self._search(thinned, self._drawn(window))]
        following = {}
        while frames - 1 < where[-1]:
            ended = sorted({chain[-1] for chain in chains} - following.keys())
            if ended:
                windows = np.stack([self._copy(found)[-known:] for found in ended])
                drawn = self.drawn[[sample for sample, _ in ended]]
                following.update(zip(ended, self._search(windows, drawn), strict=True))
            for chain in chains:
                chain.append(following[chain[-1]])
            frames += self.train.sizes["time"] - known
        return np.stack([self._replay(chain, known, where) for chain in chains])

    def _search(self, windows, drawn):
        """Return the training sample and the number of its copy that is nearest to each window."""
        if windows.shape[1] >= self.train.sizes["time"]:
            raise ValueError(
                f"warmup: found {windows.shape[1]} frames, expected less than "
                f"{self.train.sizes['time']}, those of a training sample"
            )
        windows = self._standardised(windows)
        distances = np.empty((len(windows), len(self.train), len(self.maps)))
        for sample in range(len(self.train)):
            other = self.train[sample, : windows.shape[1]].values
            for number, map_ in enumerate(self.maps):
                copy = self._standardised(map_(other))
                distances[:, sample, number] = [np.linalg.norm(states - copy) for states in windows]
        deviation = np.maximum(self.drawn.std(0), np.finfo(float).tiny)
        apart = (drawn[:, None] - self.drawn) / deviation
        weight = windows[0].size / windows.shape[-1]  # the numbers of a component
        distances = np.hypot(distances, np.sqrt(weight * (apart**2).sum(-1))[..., None])
        flat = distances.reshape(len(windows), -1).argmin(1)
        return [divmod(int(number), len(self.maps)) for number in flat]

    def _standardised(self, states):
        return self.scaling.apply(states).astype(np.float32)

    def _replay(self, chain, known, where):
        """Return a sample from its first frame on, and what follows the warm-ups of the others."""
        first, *others = chain
        pieces = [self._copy(first), *(self._copy(found)[known:] for found in others)]
        return at_places(np.concatenate(pieces), where)

    def _copy(self, found):
        sample, number = found
        return self.maps[number](self.train[sample].values)
