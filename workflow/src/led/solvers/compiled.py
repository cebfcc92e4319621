"""The loop over the samples, for methods that integrate each of them in machine code.

Numba compiles a method within seconds, once for each system and kind of processor. It keeps the
result in the ``__pycache__`` of this folder, or in the user's cache folder.
"""

import numpy as np

from led.jobs.runtime import progress
from led.solvers.base import check_finite


def integrate(march, problem, state, dt, steps, output_every, start):
    """Do what `led.solvers.base.Solver.integrate` does, for one sample after the other.

    A sample stays in the cache of the processor from its first step to its last.

    Parameters
    ----------
    march : callable
        Takes the number of a sample, its state, shape ``(component, point)``, its problem, and its
        frames, shape ``(frame, point, component)``, which it fills but for the first.
    problem, state, dt, steps, output_every, start
        As there.
    """
    components, samples, *grid = state.shape
    kept = np.empty((samples, 1 + steps // output_every, *grid, components))
    kept[:, 0] = np.moveaxis(state, 0, -1)
    for sample in progress(range(samples), "sample"):
        frames = kept[sample].reshape(len(kept[sample]), -1, components)
        alone = problem.subset([sample])
        march(sample, state[:, sample].reshape(components, -1), alone, frames)
        for frame in np.flatnonzero(~np.isfinite(frames).all(axis=(1, 2))):
            check_finite(alone, frames[frame].T[:, None], start + frame * output_every * dt)
    return kept
