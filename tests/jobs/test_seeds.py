"""Seeds: as many streams as purposes, members and epochs."""

import itertools

import numpy as np

from led.jobs import seeds


def test_no_two_trainings_share_a_seed():
    """Sums of seeds do: seed 0, member 1 would be seed 1, member 0."""
    found = [
        seeds.derive(seed, purpose, *numbers)
        for seed in range(20)
        for purpose in seeds.PURPOSES
        for numbers in ([()] if purpose != "rnn" else [(member,) for member in range(20)])
    ]
    assert len(set(found)) == len(found) == 20 * (len(seeds.PURPOSES) + 19)


def test_no_two_epochs_share_a_stream():
    drawn = [
        tuple(seeds.generator(seed, epoch).integers(2**63, size=2))
        for seed, epoch in itertools.product(range(20), range(20))
    ]
    assert len(set(drawn)) == 400
    again = seeds.generator(3, 7).integers(2**63, size=2)
    assert tuple(again) == drawn[3 * 20 + 7]


def test_seeds_have_the_bits_that_keras_takes():
    found = np.array([seeds.derive(seed, "decoder") for seed in range(200)])
    assert (found >= 0).all()
    assert (found < 2**32).all()
    assert (found > 2**31).any()
