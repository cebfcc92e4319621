"""What is measured before any training, against sets and systems with known values."""

import numpy as np
import pytest
import xarray as xr
from scipy.integrate import solve_ivp

from led.inspection import components, dimension, divergence, neighbours, periods, shifts
from led.inspection.spectrum import Spectrum, modes_for, unexplained
from led.systems import symmetries


def split(values, **coordinates):
    dims = ("sample", "time", *"xyz"[: values.ndim - 3], "component")
    names = [f"c{number}" for number in range(values.shape[-1])]
    grid = {d: np.arange(n) for d, n in zip(dims, values.shape, strict=True) if d in "xyz"}
    times = {"time": np.arange(values.shape[1]) * 0.5, "component": names}
    return xr.DataArray(values, {**times, **grid, **coordinates}, dims)


def henon():
    state, frames = np.random.default_rng(0).uniform(-0.1, 0.1, (20, 2)), []
    for _ in range(400):
        x, y = state.T
        state = np.stack([1 - 1.4 * x**2 + y, 0.3 * x], axis=-1)
        frames.append(state)
    return np.stack(frames[100:], axis=1)


def trajectories(rates, starts, times):
    found = [solve_ivp(rates, (0, times[-1]), s, "LSODA", times, rtol=1e-8).y.T for s in starts]
    return np.stack(found)


def lorenz():
    def rates(time, state):
        x, y, z = state
        return 10 * (y - x), x * (28 - z) - y, x * y - 8 / 3 * z

    starts = np.random.default_rng(1).normal([0, 0, 25], 8, (20, 3))
    return trajectories(rates, starts, 20 + 0.02 * np.arange(500))


def van_der_pol():
    def rates(time, state):
        return state[1], (1 - state[0] ** 2) * state[1] - state[0]

    starts = np.random.default_rng(2).uniform(-2, 2, (12, 2))
    return trajectories(rates, starts, 60 + 0.1 * np.arange(300))


# exponents and correlation dimensions: Sprott, Chaos and Time-Series Analysis (2003), appendix A
CHAOS = {"henon": (henon, 1.0, 0.419, 1.22), "lorenz": (lorenz, 0.02, 0.906, 2.05)}


@pytest.mark.parametrize("name", CHAOS)
def test_chaos_has_its_known_exponent_and_dimension(name):
    make, interval, exponent, expected = CHAOS[name]
    series = make()
    apart = neighbours.decorrelation(series)
    grown = divergence.measure(series, apart)
    assert grown.exponent / interval == pytest.approx(exponent, rel=0.12)
    assert abs(grown.exponent / interval - exponent) < 2 * grown.error / interval + 0.02
    found, spread = dimension.two_nearest(series, apart)
    assert found == pytest.approx(expected, abs=0.2)
    assert spread < 0.4


def test_a_periodic_orbit_has_no_exponent_and_its_known_period():
    series = van_der_pol()
    apart = neighbours.decorrelation(series)
    grown = divergence.measure(series, apart)
    assert grown.exponent is None
    assert "do not part" in grown.why
    assert dimension.two_nearest(series, apart)[0] == pytest.approx(1, abs=0.3)
    (period, share), *_ = periods.dominant(*periods.power(series))
    assert period * 0.1 == pytest.approx(6.6633, rel=2e-3)  # of mu = 1
    assert share > 0.8


def test_noise_and_contraction_have_neither_exponent_nor_period():
    noise = np.random.default_rng(0).normal(size=(20, 200, 3))
    assert divergence.measure(noise, 1).exponent is None
    assert periods.dominant(*periods.power(noise)) == []
    starts = np.random.default_rng(1).normal(size=(40, 1, 3))
    decay = starts * np.exp(-0.03 * np.arange(100))[:, None]
    assert divergence.measure(decay, 10).exponent is None


@pytest.mark.parametrize("size", [1, 2, 4])
def test_the_dimension_of_a_cube_in_more_numbers(size):
    rng = np.random.default_rng(size)
    turned, _ = np.linalg.qr(rng.normal(size=(8, 8)))
    series = rng.uniform(size=(4, 500, size)) @ turned[:size]
    assert dimension.two_nearest(series, 0)[0] == pytest.approx(size, rel=0.1)


def test_too_few_states_have_no_dimension():
    assert np.isnan(dimension.two_nearest(np.zeros((1, 30, 2)), 2)[0])


def test_periods_of_which_a_sample_holds_less_than_two_are_left_out():
    wave = np.sin(2 * np.pi * np.arange(100) / 80)[None, :, None]
    assert periods.dominant(*periods.power(wave)) == []


def test_neighbours_are_not_the_frames_before_and_after():
    series = np.cumsum(np.ones((1, 50, 1)), axis=1)
    places = neighbours.drawn(series, 50, seed=0)
    distances, found = neighbours.nearest(series, places, places, 4, 1)
    assert (distances == 5).all()
    assert (np.abs(found[:, 0, 1] - places[:, 1]) == 5).all()


@pytest.mark.parametrize("shape", [(12, 9, 5, 2), (3, 4, 40, 2)])  # more frames, more numbers
def test_the_spectrum_is_that_of_a_singular_value_decomposition(shape):
    rng = np.random.default_rng(0)
    train = split(rng.normal(size=shape) * [1.0, 1e3] + [0.0, 7e3])
    validation = split(rng.normal(size=shape) * [1.0, 1e3] + [0.0, 7e3])
    spectrum = Spectrum.of(train)
    left = unexplained(*spectrum.latents(validation))

    deviation = train.values.std(axis=(0, 1, 2))
    flat, other = (
        (part.values / deviation).reshape(shape[0] * shape[1], -1) for part in (train, validation)
    )
    _, _, modes = np.linalg.svd(flat - flat.mean(0), full_matrices=False)
    away = other - flat.mean(0)
    for count in (0, 1, 3, 7):
        rest = away - away @ modes[:count].T @ modes[:count]
        assert left[count] == pytest.approx((rest**2).sum() / (away**2).sum(), rel=1e-9)
    assert modes_for(left, 1.0) == 0


def test_modes_of_the_training_are_measured_on_other_samples():
    rng = np.random.default_rng(0)
    train, validation = (split(rng.normal(size=(4, 5, 200, 1))) for _ in range(2))
    spectrum = Spectrum.of(train)
    assert unexplained(*spectrum.latents(train))[-1] < 1e-10
    assert unexplained(*spectrum.latents(validation))[-1] > 0.8  # 19 of 200 dimensions


def test_waves_on_a_ring_gain_from_shifts_and_others_do_not():
    rng = np.random.default_rng(0)
    x = np.arange(32) * 2 * np.pi / 32

    def bumps(count, places):
        away = x - rng.choice(places, (count, 6, 1))
        return np.exp(4 * np.cos(away))[..., None]

    ring, fixed = np.linspace(0, 2 * np.pi, 1000), np.array([1.0, 1.2, 2.5])
    for places, gains in ((ring, True), (fixed, False)):
        train, validation = split(bumps(4, places)), split(bumps(20, places))
        assert shifts.periodic(train) == ["x"]
        maps = symmetries.of([{"shift": "x"}], *symmetries.layout(train))
        found = shifts.gain(Spectrum.of(train), Spectrum.of(train, maps), validation)
        assert (found < shifts.GAIN) == gains


def test_points_are_alike_where_their_statistics_are():
    rng = np.random.default_rng(0)
    noise = rng.normal(size=(40, 20, 16, 12, 1))
    fixed = noise + np.sin(np.arange(16) * np.pi / 8)[:, None, None]
    louder = noise * (1.5 + np.cos(np.arange(12) * np.pi / 6))[:, None]
    for values, expected in ((noise, ["x", "y"]), (fixed, ["y"]), (louder, ["x"])):
        assert shifts.alike(split(values), ["x", "y"]) == expected


def test_a_line_between_two_walls_is_not_periodic():
    line = np.linspace(0, 1, 20)[None, None, :, None] * np.ones((3, 4, 1, 1))
    assert shifts.periodic(split(line)) == []


def test_what_is_odd_of_a_component_is_said():
    rng = np.random.default_rng(0)
    values = rng.normal(size=(5, 40, 10, 3)) * [1.0, 1.0, 0.0] + [0.0, 300.0, 4.0]
    values[2, 3, 4, 0] = 50.0
    values[:, :, :5, 1] = 300.0
    values[1, 7] = values[1, 6]
    state = split(values)
    first, second, third = components.describe(state)
    assert first.far == 1
    assert (first.highest, first.lowest) == (50.0, values[..., 0].min())
    assert second.still == 0.5
    assert any("large offset" in remark for remark in second.remarks)
    assert third.remarks == ["is constant: the networks learn nothing from it"]
    assert components.repeated(state) == [(1, 7)]
