"""Standardisation: the same numbers in any unit, as a layer, and after loading."""

import keras
import numpy as np
import pytest

from led.data.scaling import Scaling


@pytest.fixture
def states():
    """Two components about 3 deviations from zero."""
    return np.random.default_rng(0).normal([3.0, -2.0], [1.0, 0.7], (4, 50, 6, 2))


def standardised(states, dtype="float32"):
    states = states.astype(dtype)
    inputs = keras.Input(states.shape[2:], dtype=dtype)
    scaling = Scaling.of(states)
    model = keras.Model(inputs, scaling.layer(dtype=dtype)(inputs))
    inverse = scaling.layer(invert=True, dtype=dtype)
    found = np.asarray(model(states.reshape(-1, *states.shape[2:])))
    again = np.asarray(inverse(found)).reshape(states.shape)
    assert (np.abs(again - states) < 2e-6 * scaling.deviation).all()
    return found.reshape(states.shape)


@pytest.mark.parametrize("unit", [1e-15, 1e-9, 1e-3, 1.0, 1e6, 1e15, 1e20])
def test_any_unit_gives_the_same_numbers(states, unit):
    """Keras' own layer takes a deviation of 1e-9 for 1e-7, and squares 1e20 to infinity."""
    expected = (states - states.mean((0, 1, 2))) / states.std((0, 1, 2))
    np.testing.assert_allclose(standardised(states * unit), expected, atol=2e-6)


def test_a_small_signal_on_a_large_offset_is_measured_and_kept():
    """101325 +- 0.001: float32 has steps of 0.008 there."""
    signal = np.random.default_rng(0).normal(size=(3, 200, 1))
    states = 101325 + 0.001 * signal
    scaling = Scaling.of(states)
    assert scaling.deviation[0] == pytest.approx(0.001 * signal.std(), rel=1e-6)
    found = standardised(states, "float64")
    np.testing.assert_allclose(found, (signal - signal.mean()) / signal.std(), atol=1e-6)


def test_a_constant_component_stays_finite():
    scaling = Scaling.of(np.full((2, 5, 1), 101325.1))
    assert scaling.deviation.tolist() == [1.0]
    assert scaling.mean[0] == pytest.approx(101325.1, rel=1e-12)


def test_the_layer_is_loaded_as_it_was_saved(states, tmp_path):
    inputs = keras.Input(states.shape[2:])
    model = keras.Model(inputs, Scaling.of(states).layer()(inputs))
    model.save(tmp_path / "network.keras")
    loaded = keras.saving.load_model(tmp_path / "network.keras", safe_mode=True)
    values = states[0].astype(np.float32)
    np.testing.assert_array_equal(loaded(values), model(values))
