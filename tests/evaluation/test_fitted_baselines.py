"""Baselines that are fitted: exact where theory says so, blind to the future, bounded."""

import numpy as np
import pytest
import xarray as xr

from led.data.scaling import Scaling
from led.evaluation import errors
from led.evaluation.baselines import base
from led.evaluation.baselines.base import INSTALL
from led.evaluation.baselines.dmd import Dmd
from led.evaluation.baselines.sindy import Sindy

WHY = f"an optional package: {INSTALL}"


def dmd(**options):
    pytest.importorskip("pydmd", reason=WHY)
    return Dmd(**options)


def sindy(**options):
    pytest.importorskip("pysindy", reason=WHY)
    return Sindy(**options)


def predict(*split, **options):
    return base.predict(*split, **options)["prediction"]


def split(values, step):
    time = step * np.arange(values.shape[1])
    names = ["x", "y", "z"][: values.ndim - 3]
    coordinates = {"time": time, "component": [f"c{n}" for n in range(values.shape[-1])]}
    return xr.DataArray(values, dims=("sample", "time", *names, "component"), coords=coordinates)


def damped(samples, seed, step=0.1, length=120):
    """Damped oscillations about a point that is not zero."""
    rng = np.random.default_rng(seed)
    size, phase = rng.uniform(0.5, 2, (samples, 1)), rng.uniform(0, 6, (samples, 1))
    wave = size * np.exp((-0.05 + 1.3j) * step * np.arange(length) + 1j * phase)
    return split(np.stack([wave.real + 3, 5 * wave.imag], axis=-1), step)


def waves(samples, seed, step=0.1, length=120):
    """Two waves that travel at their own speeds, in opposite directions."""
    rng = np.random.default_rng(seed)
    phase, other = rng.uniform(0, 6, (2, samples, 1, 1))
    x, time = 2 * np.pi * np.arange(16) / 16, step * np.arange(length)[:, None]
    values = np.sin(x - 0.7 * time + phase) + 0.5 * np.cos(2 * x + 1.9 * time + other)
    return split(values[..., None], step)


def oscillators(samples, seed, step=0.1, length=200, mu=1.5):
    """Van der Pol's equations, integrated here by itself."""
    state = np.random.default_rng(seed).uniform(-2.5, 2.5, (samples, 2))

    def rhs(z):
        x, y = z[:, 0], z[:, 1]
        return np.stack([mu * (x - x**3 / 3 - y), x / mu], axis=1)

    frames, h = [state], step / 20
    for _ in range(length - 1):
        for _ in range(20):
            a = rhs(state)
            b = rhs(state + h / 2 * a)
            c = rhs(state + h / 2 * b)
            state = state + h / 6 * (a + 2 * b + 2 * c + rhs(state + h * c))
        frames.append(state)
    return split(np.stack(frames, axis=1), step)


def worst(forecast, test):
    truth = test.sel(time=forecast["time"])
    return float(errors.errors(forecast, truth, Scaling.of(test).deviation)["rel_l2"].max())


@pytest.mark.parametrize("make", [damped, waves])
def test_a_linear_system_is_forecast_exactly(make):
    train, test = make(6, seed=0), make(3, seed=1)
    forecast = predict(dmd(rank=8, delays=6), train, test, warmup=2.0, horizon=9.0)
    assert forecast.sizes["time"] == 90
    assert worst(forecast, test) < 1e-6


def test_all_are_fitted_on_the_symmetric_copies():
    """Waves that run the other way."""
    options = {"warmup": 2.0, "horizon": 9.0}
    maps = (np.asarray, lambda states: np.flip(states, axis=-2))
    train, test = waves(6, seed=0), waves(3, seed=1)
    mirrored = test.copy(data=maps[1](test.values))
    assert worst(predict(dmd(rank=8, delays=6), train, mirrored, **options), mirrored) > 0.1
    found = predict(dmd(rank=8, delays=6), train, mirrored, **options, maps=maps)
    assert worst(found, mirrored) < 1e-6


def test_a_stride_is_interpolated():
    train, test = damped(6, seed=0), damped(3, seed=1)
    forecast = predict(dmd(delays=5, stride=4), train, test, warmup=2.0)
    assert forecast.sizes["time"] == 100
    assert worst(forecast, test) < 1e-3


def test_memory_does_not_grow_with_samples_and_nothing_is_lost():
    """What is left of the windows of many samples has the products of all of them."""
    train = damped(40, seed=0)
    values = train.values.reshape(40, 120, 2)
    short = Dmd(delays=5)._windows(train, lambda states: states)
    assert len(short) < 40 * 115 / 10
    view = np.lib.stride_tricks.sliding_window_view(values, 6, axis=1)
    windows = view.transpose(0, 1, 3, 2).reshape(-1, 12)
    np.testing.assert_allclose(short.T @ short, windows.T @ windows, rtol=1e-9)


def test_what_would_grow_stays_bounded():
    growing = split(np.exp(0.05 * np.arange(120))[None, :, None] * [[[1.0]]], 0.1)
    forecast = predict(dmd(delays=2), growing, growing, warmup=6.0)
    assert abs(forecast).max() < 1.5 * abs(growing[:, :60]).max()


def test_the_equations_of_van_der_pol_are_found_and_forecast():
    train, test = oscillators(30, seed=0, step=0.05), oscillators(3, seed=1, step=0.05)
    powers, coefficients = sindy().identify(train.values, 0.05)
    found = {
        tuple(map(int, power)): column for power, column in zip(powers, coefficients.T, strict=True)
    }
    expected = {(1, 0): [1.5, 1 / 1.5], (0, 1): [-1.5, 0], (3, 0): [-0.5, 0]}
    for power, column in found.items():
        np.testing.assert_allclose(column, expected.get(power, [0, 0]), rtol=0.01)
    assert worst(predict(sindy(), train, test, warmup=3.0), test) < 0.01


def test_equations_are_identified_on_the_symmetric_copies(monkeypatch):
    given = []

    def identify(self, samples, interval):
        given.extend(samples)
        return np.array([[1, 0]]), np.zeros((2, 1))

    monkeypatch.setattr(Sindy, "identify", identify)
    train = damped(2, seed=0)
    predict(Sindy(), train, train, warmup=2.0, maps=(np.asarray, np.negative))
    first, second = train.values
    np.testing.assert_array_equal(given, [first, -first, second, -second])


def test_an_explosion_stays_finite(monkeypatch):
    """x' = x^2 is infinite at t = 1 from x = 1."""
    samples = split(np.linspace(0.5, 1, 20)[None, :, None], 0.1)
    monkeypatch.setattr(Sindy, "identify", lambda *_: (np.array([[2]]), np.array([[1.0]])))
    forecast = predict(Sindy(), samples, split(np.ones((1, 80, 1)), 0.1), warmup=1.0)
    assert np.isfinite(forecast).all()
    assert float(forecast.max()) == pytest.approx(0.75 + 10 * 0.25)


@pytest.mark.parametrize(("make", "baseline"), [(waves, dmd), (damped, sindy), (damped, dmd)])
@pytest.mark.parametrize("finer", [1, 3])
def test_none_sees_the_future(make, baseline, finer):
    train = make(6, seed=0)
    test = make(3, seed=1, step=0.1 / finer, length=120 * finer)
    changed = test.copy(deep=True)
    changed[:, 20 * finer :] = 1e3
    first, second = (predict(baseline(), train, each, warmup=2.0) for each in (test, changed))
    assert first.values.tobytes() == second.values.tobytes()


@pytest.mark.parametrize("finer", [3, 4])
def test_training_frames_may_lie_farther_apart(finer):
    """The known end of the warm-up falls between two of them."""
    train, test = damped(6, seed=0), damped(3, seed=1, step=0.1 / finer, length=110 * finer)
    forecast = predict(dmd(delays=4), train, test, warmup=2.0, horizon=8.0)
    np.testing.assert_allclose(forecast["time"].values[[0, -1]], [2.0, 10 - 0.1 / finer])
    assert worst(forecast, test) < 1e-4


def test_steps_that_do_not_fit_are_rejected():
    with pytest.raises(ValueError, match=r"found a step of 0\.07, expected 0\.1, that of the trai"):
        predict(Dmd(), damped(2, 0), damped(2, 1, step=0.07), warmup=2.0)


def test_delays_beyond_the_warmup_are_rejected():
    pytest.importorskip("pydmd", reason=WHY)
    with pytest.raises(ValueError, match="found dmd with 30 delays of 1 frames, expected windows"):
        predict(Dmd(delays=30), damped(2, 0), damped(2, 1), warmup=2.0)


def test_a_grid_is_rejected():
    with pytest.raises(ValueError, match=r"found sindy on a state of shape \(16, 1\), expected"):
        predict(Sindy(), waves(2, 0), waves(2, 1), warmup=2.0)


@pytest.mark.parametrize(("baseline", "name"), [(Dmd(), "pydmd"), (Sindy(), "pysindy")])
def test_a_missing_package_comes_with_the_line_that_installs_it(monkeypatch, baseline, name):
    def missing(package):
        raise ModuleNotFoundError(f"No module named {package!r}", name=package)

    monkeypatch.setattr(base, "importlib", type("", (), {"import_module": staticmethod(missing)}))
    with pytest.raises(ModuleNotFoundError, match=f"found no package {name}, .* {INSTALL}"):
        predict(baseline, damped(2, 0), damped(2, 1), warmup=2.0)
