"""How long a training takes on this machine, and how much memory: estimates."""

import os
import time

import numpy as np
from threadpoolctl import threadpool_limits

START = 25.0  # seconds for the imports of the jobs of an experiment
STEP = 1.2e-3  # seconds that TensorFlow needs for a step of a recurrent network, there and back
PASSES = 3  # a step back costs as much as two there
TARGET = 120.0  # seconds that a training should take


def speed():
    """Return the floating point operations a second of a small product of matrices, measured.

    Of CPU time: what else the machine does now is left out.
    """
    one, other = np.ones((64, 256), np.float32), np.ones((256, 512), np.float32)
    best = np.inf
    with threadpool_limits(1):
        for _ in range(5):
            start = time.process_time()
            for _ in range(20):
                one @ other
            best = min(best, time.process_time() - start)
    return 20 * 2 * one.shape[0] * other.size / best


def epoch(trajectories, steps, batch, latents, units, dense, rate):
    """Return the seconds of an epoch of a recurrent network.

    Parameters
    ----------
    trajectories, steps, batch : int
        Of an epoch, steps of each, and trajectories of a batch.
    latents, units, dense : int
        Widths: of the state, of the LSTM and of the layer behind it.
    rate : float
        What `speed` returns.
    """
    weights = 4 * units * (units + latents) + units * dense + (dense or units) * latents
    batches = -(-trajectories // batch)
    return batches * steps * (STEP + 2 * PASSES * batch * weights / rate)


def memory():
    """Return the megabytes of memory of this machine."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**20
