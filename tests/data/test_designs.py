"""Designs: more uniform than random draws, and the same sample whatever is drawn with it."""

import numpy as np
import pytest
from scipy.stats import qmc

from led.data import designs
from led.data.simulate import draw
from led.systems.fitzhugh_nagumo import FitzHughNagumo
from led.systems.van_der_pol import VanDerPol

OTHER = ["sobol", "latin_hypercube"]


def firing_points(samples, design, number=64, **options):
    options = {"seed": 3, "split": "train"} | options
    drawn = draw(FitzHughNagumo(), samples=samples, design=design, number=number, **options)
    return np.stack([drawn["firing_x"], drawn["firing_y"]], axis=1)


@pytest.mark.parametrize("design", OTHER)
@pytest.mark.parametrize("seed", range(3))
def test_a_design_is_more_uniform_than_random_draws(design, seed):
    of_random, of_design = (
        qmc.discrepancy(firing_points(range(64), name, seed=seed)) for name in ("random", design)
    )
    assert of_design < of_random / 4


def test_a_latin_hypercube_has_one_sample_in_each_interval():
    for coordinate in firing_points(range(64), "latin_hypercube").T:
        assert sorted(np.floor(64 * coordinate)) == list(range(64))


def test_64_points_of_sobol_have_one_in_each_square():
    """A (0, m, 2)-net in base 2: also scrambled, as Owen (1998) has it."""
    points = firing_points(range(64), "sobol")
    cells = np.floor(8 * points)
    assert len({tuple(cell) for cell in cells}) == 64


@pytest.mark.parametrize("design", ["random", *OTHER])
def test_a_sample_does_not_depend_on_its_batch(design):
    together = firing_points(range(64), design)
    batches = [firing_points(range(start, start + 16), design) for start in range(0, 64, 16)]
    np.testing.assert_array_equal(np.concatenate(batches), together)
    np.testing.assert_array_equal(firing_points([40, 7], design), together[[40, 7]])


def test_samples_of_a_latin_hypercube_alone_depend_on_their_number():
    for design, same in {"random": True, "sobol": True, "latin_hypercube": False}.items():
        few, many = (firing_points(range(10), design, number=n) for n in (10, 64))
        assert np.array_equal(few, many) == same


@pytest.mark.parametrize("design", OTHER)
def test_seeds_and_splits_have_designs_of_their_own(design):
    drawn = [
        firing_points([1], design, seed=seed, split=split)[0, 0]
        for seed in (0, 1)
        for split in ("train", "validation", "test")
    ]
    assert len(set(drawn)) == 6


def test_random_draws_are_those_of_the_stream_of_the_sample():
    found = draw(VanDerPol(), 5, "validation", [3])
    stream = np.random.default_rng(np.random.SeedSequence(5, spawn_key=(1, 3)))
    assert [*found.values()] == [[value] for value in VanDerPol().draw(stream).values()]


POINT = np.array([0.25, 0.5, 0.975, 0.0, 0.999])


def generator(point=POINT):
    return designs.DesignGenerator(np.random.SeedSequence(0), point)


def test_a_generator_takes_the_coordinates_through_its_distributions():
    rng = generator()
    assert rng.uniform(-2, 2) == -1
    assert rng.integers(4) == 2
    assert rng.normal(1.0, 2.0) == pytest.approx(1 + 2 * 1.959964)
    assert np.isfinite(rng.standard_normal())
    assert rng.integers(3, 5, endpoint=True) == 5
    np.testing.assert_array_equal(generator().uniform([0, 10], [1, 20]), [0.25, 15])
    np.testing.assert_array_equal(generator().random(2), [0.25, 0.5])
    assert isinstance(generator().random(), float)


def test_numbers_after_the_last_coordinate_are_random():
    """Those of a field, too; two samples of one point differ."""
    first = generator().normal(size=(300, 10)).ravel()
    assert first[0] == pytest.approx(-0.67449, abs=1e-5)
    assert first[5:].std() == pytest.approx(1, abs=0.05)
    assert len(set(first)) == 3000
    second = designs.DesignGenerator(np.random.SeedSequence(1), POINT).normal(size=3000)
    np.testing.assert_array_equal(first[:5], second[:5])
    assert not (first[5:] == second[5:]).any()


def test_other_methods_are_those_of_a_generator():
    assert sorted(generator().permutation(5)) == [0, 1, 2, 3, 4]


def test_a_design_that_chooses_nothing_is_refused():
    """Not one without draws, nor a random one."""

    class Waiting(VanDerPol):
        def draw(self, rng):
            return {"x0": rng.exponential(), "y0": rng.beta(2.0, 3.0)}

    class Choosing(VanDerPol):
        def draw(self, rng):
            return {"x0": rng.choice([1.0, 2.0, 3.0]), "y0": rng.integers(4, dtype=np.int32)}

    message = "^Waiting.draw: found no number that the design 'sobol' chooses, expected a call of"
    with pytest.raises(ValueError, match=message):
        draw(Waiting(), 5, "train", [3, 4], "sobol")
    assert draw(Waiting(), 5, "train", [3, 4])["x0"].shape == (2,)
    found = draw(Choosing(), 5, "train", range(8), "sobol")
    assert set(found["x0"]) <= {1.0, 2.0, 3.0}
    assert sorted(found["y0"]) == [0, 0, 1, 1, 2, 2, 3, 3]


@pytest.mark.parametrize(
    "draws",
    [lambda rng: rng.uniform(2, 1), lambda rng: rng.normal(0, -1), lambda rng: rng.integers(5, 2)],
)
def test_a_range_from_above_is_refused_as_numpy_does(draws):
    for rng in (np.random.default_rng(0), generator()):
        with pytest.raises(ValueError, match=r"low|scale"):
            draws(rng)
