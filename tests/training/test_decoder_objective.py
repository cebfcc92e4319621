"""Training of the decoder: on the frames that the networks forecast, and for the better."""

import keras
import numpy as np
import pytest
import xarray as xr

from led.autoencoders.base import Autoencoder
from led.autoencoders.trained import encode
from led.data.blocks import Blocks
from led.dynamics.base import Dynamics
from led.jobs import registry
from led.training.checkpoint import Checkpoint
from led.training.loop import fit
from led.training.objectives import decoder as objectives
from led.training.settings import Training
from tests.surrogate.test_surrogate import Drift

TRAINING = {"epochs": 4, "batch_size": 4, "learning_rate": 0.005}
RNN = {"name": "stateful", "cell": "gru", "units": [8], "dense_units": [], "stride": 2}
KNOWN = 10


@pytest.fixture(scope="module")
def states():
    """Waves that travel around a ring of five points."""
    phase = np.random.default_rng(0).uniform(0, 6, (6, 1, 1))
    wave = np.sin(phase + 0.3 * np.arange(40)[:, None] + 2 * np.pi / 5 * np.arange(5))
    return xr.DataArray(
        wave[..., None].astype(np.float32), dims=("sample", "time", "x", "component")
    )


@pytest.fixture
def networks(states):
    keras.utils.set_random_seed(0)
    pca = registry.create(Autoencoder, name="pca", latent_dim=2)
    autoencoder = pca.objective(states, states).model
    latents = encode(autoencoder, states.values)
    dynamics = registry.create(Dynamics, **RNN, shrink_until=0.5, training=TRAINING)
    objectives = [dynamics.objective(latents, latents, KNOWN, seed) for seed in range(2)]
    for objective in objectives:
        fit(objective)
    return autoencoder, dynamics, [objective.model for objective in objectives], latents


def test_the_warmup_is_continued_as_in_a_forecast(monkeypatch):
    monkeypatch.setattr(objectives, "SAMPLES_A_CALL", 2)
    latents = np.random.default_rng(0).normal(size=(5, 9, 3)).astype(np.float32)
    found, again = objectives.forecasts([Drift(1.0), Drift(3.0)], [latents, latents[:3]], known=4)
    expected = latents[:, 3:4] + 2 * np.arange(1, 6)[:, None]
    np.testing.assert_allclose(found, expected, atol=1e-5)
    np.testing.assert_array_equal(again, found[:3])
    assert found.dtype == np.float32


def test_a_forecast_begins_anew_after_the_frames_that_it_is_trained_for():
    """Of 11 frames 4, 4 and 3; so the decoder sees them all, also those far behind the warm-up."""
    latents = np.random.default_rng(0).normal(size=(2, 15, 3)).astype(np.float32)
    inputs = np.arange(30.0).reshape(2, 15, 1)

    class Driven(Drift):
        def forecast(self, latents, frames, inputs):
            assert inputs.shape[1] == latents.shape[1] + frames
            return super().forecast(latents, frames) + inputs[:, latents.shape[1] :]

    (found,) = objectives.forecasts([Driven(2.0)], [latents], 4, [inputs], reach=4)
    begun = latents[:, [3] * 4 + [7] * 4 + [11] * 3]
    ahead = 2.0 * np.array([1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3])[:, None]
    np.testing.assert_allclose(found, begun + ahead + inputs[:, 4:], atol=1e-5)


@pytest.mark.parametrize("limit", [np.inf, 8 * 40 * 5 * 4])
def test_batches_pair_latents_and_states_of_one_frame(states, limit):
    """Latents that are the states themselves, so that both can be compared; with a symmetry."""
    maps = (np.asarray, np.negative)
    latents = np.concatenate([map_(states.values[..., 0]) for map_ in maps])
    options = {"count": 7, "batch_size": 10, "maps": maps}
    batches = objectives.Forecasts(latents, Blocks(states, limit), seed=1, **options)
    assert len(batches) == 9  # 84 frames
    epochs = []
    for epoch in (0, 1, 0):
        batches.begin(epoch)
        pairs = [batches[number] for number in range(len(batches))]
        for given, truth in pairs:
            np.testing.assert_array_equal(given, truth[..., 0])
        assert sorted(batches.copies) == sorted(list(range(12)) * 7)
        epochs.append(np.concatenate([given for given, _ in pairs]))
    np.testing.assert_array_equal(epochs[0], epochs[2])
    assert (epochs[0] != epochs[1]).any()


def test_validation_decodes_equally_spaced_frames(states):
    batches = objectives.Forecasts(states.values[..., 0], Blocks(states), count=3, batch_size=18)
    np.testing.assert_array_equal(batches[0][1], states.values[:, [0, 20, 39]].reshape(18, 5, 1))


def test_training_lowers_the_error_of_the_states(states, networks, tmp_path):
    autoencoder, dynamics, members, latents = networks
    (ahead,) = objectives.forecasts([*map(dynamics.member, members)], [latents], KNOWN)
    assert ahead.shape == (6, 30, 2)
    longer = Training(**TRAINING | {"epochs": 30})
    training = objectives.Decoding(frames_per_sample=10, training=longer)
    data = (ahead, states)
    pca = registry.create(Autoencoder, name="pca", latent_dim=2)
    objective = training.objective(pca, data, data)

    def error(decoder):
        drawn = decoder.predict(ahead.reshape(-1, 2), verbose=0).reshape(6, 30, 5, 1)
        return np.abs(drawn - states.values[:, KNOWN:]).mean()

    before = error(autoencoder.get_layer("decoder"))
    place = Checkpoint(tmp_path / "decoder.checkpoint.npz", "mine", every=0)
    weights = [member.get_weights() for member in members]
    fit(objective, place)
    assert error(objective.model) < 0.9 * before
    for member, known in zip(members, weights, strict=True):
        for found, expected in zip(member.get_weights(), known, strict=True):
            np.testing.assert_array_equal(found, expected)
