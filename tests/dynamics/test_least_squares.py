"""Linear dynamics against exact solutions of linear equations."""

import keras
import numpy as np
import pytest

from led.dynamics.base import Dynamics
from led.jobs import registry
from led.training.loop import fit


def turning(rates, frames=60, seed=0):
    """A complex number that turns at a rate of its own in each sample, in other units: 1e-3, 50."""
    rng = np.random.default_rng(seed)
    start = rng.normal(size=(len(rates), 1)) + 1j * rng.normal(size=(len(rates), 1))
    z = start * np.exp(1j * np.asarray(rates)[:, None] * np.arange(frames))
    return np.stack([1e-3 * z.real, 3 + 50 * z.imag], axis=-1).astype(np.float32)


def fitted(latents, known, inputs=None, **options):
    dynamics = registry.create(Dynamics, name="least_squares", **options)
    driving = None if inputs is None else (inputs, inputs)
    objective = dynamics.objective(latents, latents, known, inputs=driving)
    assert fit(objective) == []
    return dynamics, objective.model


@pytest.mark.parametrize("window", [1, 3])
def test_a_linear_system_is_continued_exactly(window, tmp_path):
    """For samples that training has not seen, and after loading."""
    dynamics, model = fitted(turning([0.3] * 5), known=4, window=window)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras", safe_mode=True)
    truth = turning([0.3] * 3, seed=1)
    forecast = dynamics.member(loaded).forecast(truth[:, :4], 56)
    np.testing.assert_allclose((forecast - truth[:, 4:]) / [1e-3, 50], 0, atol=2e-4)


def test_four_frames_determine_two_frequencies():
    """The sum of two cosines follows from its last four values, and from no fewer."""
    latents = (turning([0.3] * 6) + turning([0.7] * 6, seed=2))[..., :1]
    truth = (turning([0.3] * 2, seed=3) + turning([0.7] * 2, seed=4))[..., :1]
    errors = {}
    for window in (3, 4):
        dynamics, model = fitted(latents, known=8, window=window)
        forecast = dynamics.member(model).forecast(truth[:, :8], 40)
        errors[window] = np.abs(forecast - truth[:, 8:48]).max() / 1e-3
    assert errors[4] < 2e-2 < 0.2 < errors[3]


def test_coefficients_follow_the_inputs():
    """x' = (0.9 + 0.05 m) x + 0.2 m is bilinear in the state x and the input m."""

    def samples(driving, start):
        series = [start]
        for m in driving.T[:-1]:
            series.append((0.9 + 0.05 * m) * series[-1] + 0.2 * m)
        return np.stack(series, axis=1)[..., None].astype(np.float32)

    rng = np.random.default_rng(0)
    driving = rng.uniform(-1, 1, size=(8, 50)).astype(np.float32)
    states = samples(driving, rng.normal(size=8))
    dynamics, model = fitted(states[:6], 3, driving[:6, :, None], window=2)
    given = {"inputs": driving[6:, :, None]}
    forecast = dynamics.member(model).forecast(states[6:, :3], 47, **given)
    np.testing.assert_allclose(forecast, states[6:, 3:], atol=1e-4)
