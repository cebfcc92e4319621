"""The bounded memory of online training."""

import numpy as np

from led.jobs import seeds


class Buffer:
    """Holds short trajectories of states. A full one replaces one of them, drawn at random.

    So older trajectories become rarer, but none are forgotten at once: what was learned of a regime
    is still there when it comes back.

    Parameters
    ----------
    capacity : int
        Trajectories.
    window : int
        Frames of a trajectory.
    seed : int

    Attributes
    ----------
    states : ndarray, shape (trajectory, window, *grid, component)
        None before the first.
    added : int
        How many trajectories were ever added.
    """

    def __init__(self, capacity, window, seed):
        self.capacity, self.window, self.seed = capacity, window, seed
        self.states, self.added = None, 0

    def add(self, states):
        """Cut the states of a run, (time, *grid, component), into trajectories and keep these.

        Frames at its beginning that do not fill a trajectory are left out.
        """
        count = len(states) // self.window
        for window in states[len(states) - count * self.window :].reshape(
            count, self.window, *states.shape[1:]
        ):
            if self.states is None:
                self.states = np.empty((self.capacity, *window.shape), states.dtype)
            place = self.added
            if place >= self.capacity:
                place = self._generator("replace", self.added).integers(self.capacity)
            self.states[place] = window
            self.added += 1

    def draw(self, count, *numbers):
        """Draw trajectories, with a generator of these numbers."""
        there = min(self.added, self.capacity)
        return self.states[self._generator("draw", *numbers).integers(there, size=count)]

    def _generator(self, use, *numbers):
        key = ("replace", "draw").index(use)
        return np.random.default_rng(seeds.derive(self.seed, "online", key, *numbers))
