"""Random fields and fronts on a grid, for what a system draws and where it starts.

A random field is a sum of Fourier modes whose number does not depend on the grid. So the same
stream draws the same field on any grid, coarse or fine.
"""

import numpy as np

CORRELATED = 6.0  # correlation lengths: exp(-6^2 / 2) is 1.5e-8
RESOLVED = 5.0  # wave numbers times the correlation length: exp(-5^2 / 2) is 3.7e-6


def noise(rng, points, lengths, cutoff, periodic=True):
    """Draw band-limited noise: all waves up to a wave number have the same power.

    Parameters
    ----------
    rng : numpy.random.Generator
    points : sequence of ndarray
        Coordinates along each of one to three dimensions, such as ``system.grid.values()``.
    lengths : sequence of float
        Length of the domain along each of them.
    cutoff : float
        Largest number of waves along a length, in any direction; at least 1.
    periodic : bool
        Whether the field continues through the ends of the domain. Without it, the field is a
        part of one with the same spectrum on a domain of twice the lengths.

    Returns
    -------
    ndarray, of the shape of the grid
        Normally distributed at each point, with mean 0 and variance 1. A periodic one has no
        mean over the domain.

    Raises
    ------
    ValueError
        If no wave is as long as the cutoff asks for.
    """
    if cutoff < 1:
        raise ValueError(f"cutoff: found {cutoff:g}, expected at least one wave along a length")
    factor = 1 if periodic else 2
    periods = [factor * length for length in lengths]
    waves = [int(factor * cutoff)] * len(periods)

    def power(numbers):
        squares = sum((k / factor) ** 2 for k in numbers)
        return (squares > 0) & (squares <= cutoff**2)

    return _series(rng, points, periods, waves, power)


def gaussian_process(rng, points, lengths, scale, periodic=False):
    """Draw a Gaussian process with the covariance exp(-r^2 / (2 scale^2)) at a distance r.

    Parameters
    ----------
    rng, points, lengths
        See `noise`.
    scale : float
        Correlation length, in the unit of the points.
    periodic : bool
        Whether the field continues through the ends of the domain; the covariance is then summed
        over all images, and scaled to a variance of 1.

    Returns
    -------
    ndarray, of the shape of the grid
        Normally distributed at each point, with mean 0 and variance 1.
    """
    # without images, which are farther away than the field is correlated
    periods = [length if periodic else length + CORRELATED * scale for length in lengths]
    waves = [int(np.ceil(RESOLVED * period / (2 * np.pi * scale))) for period in periods]

    def power(numbers):
        angular = (2 * np.pi * k / period for k, period in zip(numbers, periods, strict=True))
        return np.exp(-sum(k**2 for k in angular) * scale**2 / 2)

    return _series(rng, points, periods, waves, power)


def front(points, through, normal, width):
    """Return tanh(s / width), with s the distance from a plane, positive along its normal.

    Parameters
    ----------
    points
        See `noise`.
    through, normal : sequence of float or ndarray
        A point of the plane and its normal, which need not have the length 1: one entry a
        dimension, a number or one for each sample.
    width : float or ndarray
        In the unit of the points.

    Returns
    -------
    ndarray, shape (sample, *grid)
        Without the first axis if all are numbers.
    """

    def on_grid(value):
        return np.expand_dims(value, tuple(range(-len(points), 0)))

    mesh = np.meshgrid(*points, indexing="ij", sparse=True)
    along = sum(
        on_grid(n) * (x - on_grid(start)) for x, start, n in zip(mesh, through, normal, strict=True)
    )
    return np.tanh(along / on_grid(np.sqrt(sum(np.square(n) for n in normal)) * width))


def _series(rng, points, periods, waves, power):
    """Return the sum of Fourier modes with normal amplitudes, scaled to a variance of 1.

    `waves` are the largest numbers of waves along each period, and `power` takes their numbers.
    """
    numbers = [np.arange(-most, most + 1) for most in waves]
    weights = power(np.meshgrid(*numbers, indexing="ij", sparse=True))
    real, imaginary = rng.standard_normal((2, *weights.shape))
    field = (real + 1j * imaginary) * np.sqrt(weights / weights.sum())
    for x, period, k in zip(points, periods, numbers, strict=True):
        modes = np.exp(2j * np.pi * np.outer(x, k) / period)
        field = np.tensordot(field, modes, axes=(0, 1))  # the axis of points becomes the last
    return field.real
