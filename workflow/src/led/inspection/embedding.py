"""Delay coordinates: a state from one or two numbers and their past, after Takens (1981)."""

import numpy as np

DELAYS = {1: 7, 2: 4}  # copies of so many numbers that a state is made of


def delays(frames, apart, numbers):
    """Return how many copies make a state of one or two numbers, and the frames between them."""
    if numbers not in DELAYS:
        return 1, 1
    copies = DELAYS[numbers]
    return copies, max(1, min(apart // 2, frames // (4 * copies)))


def embedded(series, copies, lag):
    """Return delay coordinates, shape (sample, time - (copies - 1) lag, copies number)."""
    frames = series.shape[1] - (copies - 1) * lag
    parts = [series[:, copy * lag : copy * lag + frames] for copy in range(copies)]
    return np.concatenate(parts, axis=-1)
