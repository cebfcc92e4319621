"""The quick test of what float32 holds: it accepts nothing that the whole measurement refuses."""

import numpy as np

from led.data import precision


def refused(values):
    rounding = precision.Rounding("ab")
    try:
        rounding.add(values[None])
        return bool(rounding.lossy())
    except ValueError:
        return True


def test_ranges_alone_accept_nothing_that_float32_loses():
    """Numbers of any size, with means of any size, and a few far from all others."""
    rng, accepted = np.random.default_rng(0), 0
    for _ in range(2000):
        count = int(rng.integers(2, 200))
        values = 10 ** rng.uniform(-45, 40) * rng.normal(size=(count, 2))
        values += rng.integers(2) * 10 ** rng.uniform(-10, 10)
        values[0] *= 10 ** rng.uniform(0, 4)
        if precision._surely_held(values):
            accepted += 1
            assert not refused(values)
    assert accepted > 500
    assert precision._surely_held(np.stack([np.sin(np.arange(99)), 5 + np.cos(np.arange(99))], 1))
    assert not precision._surely_held(np.ones((9, 2)))
