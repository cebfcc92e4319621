"""Designs: how the samples of a split spread over what a system draws them from."""

import numpy as np

from led.jobs import seeds

DIMENSIONS = 32  # numbers of a sample that a design chooses: a fixed number, as all depend on it
EDGE = 2.0**-32  # of the unit interval, whose ends are infinite for a normal distribution


class DesignGenerator(np.random.Generator):
    """A generator whose first numbers are those of a point in the unit cube.

    `random`, `uniform`, `normal`, `standard_normal` and `integers` take the coordinates of the
    point one after the other, each through the inverse of its distribution. Numbers after the last
    coordinate, and those of all other methods, are random.

    Parameters
    ----------
    stream : numpy.random.SeedSequence
    point : ndarray, shape (dimension,)
        Between 0 and 1.
    """

    def __init__(self, stream, point):
        super().__init__(np.random.PCG64(stream))
        self._left = np.clip(point, EDGE, 1 - EDGE)

    def _next(self, size, *parameters):
        """Return the next coordinates, in the shape of `size` or of the parameters."""
        shape = np.broadcast_shapes(*map(np.shape, parameters)) if size is None else size
        count = int(np.prod(shape))
        taken, self._left = self._left[:count], self._left[count:]
        found = np.concatenate([taken, super().random(count - len(taken))]).reshape(shape)
        return found if found.ndim else float(found)

    def random(self, size=None):
        """See `numpy.random.Generator.random`."""
        return self._next(size)

    def uniform(self, low=0.0, high=1.0, size=None):
        """See `numpy.random.Generator.uniform`."""
        _check(np.less_equal(low, high), f"uniform: found {low} to {high}")
        return low + np.subtract(high, low) * self._next(size, low, high)

    def normal(self, loc=0.0, scale=1.0, size=None):
        """See `numpy.random.Generator.normal`."""
        from scipy.special import ndtri

        _check(np.greater_equal(scale, 0), f"normal: found the scale {scale}")
        return loc + scale * ndtri(np.clip(self._next(size, loc, scale), EDGE, 1 - EDGE))

    def standard_normal(self, size=None):
        """See `numpy.random.Generator.standard_normal`."""
        return self.normal(size=size)

    @property
    def untouched(self):
        """Whether no coordinate was taken."""
        return len(self._left) == DIMENSIONS

    def integers(self, low, high=None, size=None, dtype=int, endpoint=False):
        """See `numpy.random.Generator.integers`."""
        low, high = (0, low) if high is None else (low, high)
        span = np.subtract(high, low) + endpoint
        _check(span > 0, f"integers: found {low} to {high}")
        found = low + np.floor(span * np.asarray(self._next(size, low, high))).astype(dtype)
        return found if found.ndim else found[()]


def _check(right, found):
    if not np.all(right):
        raise ValueError(f"{found}, expected the lower one first and a scale of at least 0")


def generators(design, number, seed, split, samples):
    """Yield the generator that each sample is drawn from.

    Parameters
    ----------
    design : str
        ``"random"``; ``"sobol"``, the scrambled sequence of Sobol' with the directions of Joe and
        Kuo (SIAM J. Sci. Comput. 30, 2008); or ``"latin_hypercube"`` (McKay, Beckman and Conover,
        Technometrics 21, 1979).
    number : int or None
        Samples of the split, for ``"latin_hypercube"``: each coordinate has one sample in each of
        so many intervals. All samples change with it. Other designs do not depend on it.
    seed, split : int
        Seed of the dataset, and number of the split.
    samples : sequence of int
    """
    points = _points(design, number, seeds.derive(seed, "design", split), samples)
    for sample, point in zip(samples, points, strict=True):
        stream = np.random.SeedSequence(seed, spawn_key=(split, int(sample)))
        yield np.random.default_rng(stream) if point is None else DesignGenerator(stream, point)


def _points(design, number, seed, samples):
    if design == "random":
        return [None] * len(samples)
    from scipy.stats import qmc

    if design == "latin_hypercube":
        return qmc.LatinHypercube(DIMENSIONS, rng=seed).random(number)[np.asarray(samples)]
    points = []
    for sample in map(int, samples):
        sequence = qmc.Sobol(DIMENSIONS, rng=seed)
        points.append((sequence.fast_forward(sample) if sample else sequence).random()[0])
    return points
