"""Whether samples end as they begin."""

import numpy as np

CHANGED = 2.0  # times the spread between the first and last quarter of a transient
MOVED = 0.5  # deviations that the mean does move meanwhile


def is_transient(latents):
    """Return whether the first and the last quarter of the samples differ in mean or spread."""
    quarter = max(1, latents.shape[1] // 4)
    first, last = latents[:, :quarter], latents[:, -quarter:]
    means = [part.mean(axis=(0, 1)) for part in (first, last)]
    spreads = [np.sqrt(part.var(axis=(0, 1)).sum()) for part in (first, last)]
    if len(latents) < 4:  # a single series is where it is
        return False
    moved = np.linalg.norm(means[1] - means[0]) / max(*spreads, np.finfo(float).tiny)
    return bool(moved > MOVED or max(spreads) > CHANGED * min(spreads))
