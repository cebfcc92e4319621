"""Symmetric copies of the samples of a split.

A split with copies has all samples under the first map, then all under the second, and so on. No
other module depends on this order.
"""

import numpy as np


class Copies:
    """The states of a split and of its symmetric copies.

    Parameters
    ----------
    states : led.data.blocks.Blocks
    maps : sequence of callable
        Symmetries, the identity first: see `led.systems.symmetries.group`. Without them there are
        the samples alone.
    """

    def __init__(self, states, maps=()):
        self.states = states
        self.maps = maps or (np.asarray,)

    def __len__(self):
        return len(self.maps) * self.samples

    @property
    def samples(self):
        """Number of samples, without their copies."""
        return len(self.states)

    @property
    def frames(self):
        """Number of frames of a sample."""
        return self.states.state.shape[1]

    def draw(self, rng, samples):
        """Draw one of the copies of each of some samples: ndarray of int, as `samples`."""
        if len(self.maps) == 1:
            return samples
        return rng.integers(len(self.maps), size=len(samples)) * self.samples + samples

    def arrange(self, rng):
        """Divide the samples into blocks: see `led.data.blocks.Blocks.arrange`."""
        self.states.arrange(rng)

    def order(self, copies):
        """Return the order in which copies use a block after the other: see `Blocks.order`."""
        return self.states.order(copies % self.samples)

    def take(self, copies, times):
        """Return states, of the type of `Blocks.take`.

        Parameters
        ----------
        copies : ndarray of int, shape (n,)
        times : ndarray of int, shape (n, frame)

        Returns
        -------
        ndarray, shape (n, frame, *grid, component)
        """
        numbers, samples = np.divmod(copies, self.samples)
        states = self.states.take(samples, times)
        for number, map_ in enumerate(self.maps):
            chosen = numbers == number
            states[chosen] = map_(states[chosen])
        return states


def numbered(maps, start, samples):
    """Yield, for a block of samples, the number of its first copy under each map, and the map.

    Parameters
    ----------
    maps : sequence of callable
    start : int
        Number of the first sample of the block.
    samples : int
        Of the whole split.
    """
    for number, map_ in enumerate(maps or (np.asarray,)):
        yield number * samples + start, map_
