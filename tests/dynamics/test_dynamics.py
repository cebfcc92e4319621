"""Recurrent networks: published sizes, and closed loops against plain loops."""

import keras
import numpy as np
import pytest

from led.autoencoders.base import Scaling
from led.dynamics.base import LatentForecaster
from led.dynamics.stateful import Trajectories
from led.dynamics.windowed import Windows
from led.jobs import registry

TRAINING = {"epochs": 3, "batch_size": 2, "learning_rate": 0.01, "loss": "mae"}
STATEFUL = {
    "name": "stateful",
    "cell": "lstm",
    "units": [6],
    "dense_units": [5],
    "stride": 1,
    "shrink_until": 0.5,
    "training": TRAINING,
}
WINDOWED = {
    "name": "windowed",
    "window": 6,
    "units": [4, 3],
    "dense_units": [5],
    "bidirectional": True,
    "activation": "relu",
    "dropout": 0.1,
    "batch_normalization": True,
    "windows_per_sample": 8,
    "training": TRAINING,
}
SCALING = Scaling(np.array([0.5, -0.2]), np.array([2.0, 0.7]))


@pytest.fixture(scope="module")
def latents():
    sample, time = np.ogrid[0:5, 0:40]
    phase = 0.2 * time + sample
    return np.stack([0.5 + 2 * np.sin(phase), 0.7 * np.cos(phase) - 0.2], -1).astype(np.float32)


def trained(options, latents, seed=0, warmup=10):
    keras.utils.set_random_seed(seed)
    forecaster = registry.create(LatentForecaster, **options)
    model = forecaster.build(SCALING)
    history = forecaster.fit(model, latents[:4], latents[4:], warmup, SCALING, seed)
    return forecaster, model, history


@pytest.fixture(scope="module")
def networks(latents):
    """One of each kind, trained; only for looking at."""
    return {options["name"]: trained(options, latents) for options in (STATEFUL, WINDOWED)}


@pytest.mark.parametrize(
    ("latent_dim", "options", "total", "trainable"),
    [
        (10, {"window": 200, "units": [32, 64], "dense_units": [64, 32]}, 88_362, 88_042),
        (
            2,
            {"window": 70, "units": [64, 128, 256], "dense_units": [256, 128, 64]},
            1_524_034,
            None,
        ),
    ],
)
def test_windowed_has_the_published_number_of_parameters(latent_dim, options, total, trainable):
    windowed = registry.create(LatentForecaster, **WINDOWED | options)
    model = windowed.build(Scaling(np.zeros(latent_dim), np.ones(latent_dim)))
    assert model.count_params() == total
    if trainable is not None:
        assert sum(np.prod(weight.shape) for weight in model.trainable_weights) == trainable


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_closed_loop_is_a_plain_loop_over_the_cell(latents, cell):
    """The compiled rollout against a loop in NumPy terms, step by step."""
    forecaster, model, _ = trained(STATEFUL | {"cell": cell, "units": [6, 4]}, latents)
    warmup = latents[:2, :10]
    forecast = forecaster.rollout(model, horizon=12)(warmup)

    network = next(layer for layer in model.layers if isinstance(layer, keras.layers.RNN)).cell
    states = network.recurrent.get_initial_state(2)
    standard = (warmup - SCALING.mean) / SCALING.deviation
    expected = []
    for step in range(9 + 12):
        latent = standard[:, step] if step < 10 else expected[-1]
        output, states = network.recurrent(latent.astype(np.float32), states)
        expected.append(latent + np.asarray(network.change(network.dense[0](output))))
    expected = np.stack(expected[9:], axis=1) * SCALING.deviation + SCALING.mean
    np.testing.assert_allclose(forecast, expected, rtol=1e-4, atol=1e-5)


def test_windowed_rollout_is_a_plain_loop_over_the_window(latents, networks):
    forecaster, model, _ = networks["windowed"]
    forecast = forecaster.rollout(model, horizon=5)(latents[:3, :10])
    window = latents[:3, 4:10]
    for step in range(5):
        following = model.predict(window, verbose=0)
        np.testing.assert_allclose(forecast[:, step], following, atol=1e-5)
        window = np.concatenate([window[:, 1:], following[:, None]], axis=1)


@pytest.mark.parametrize("options", [STATEFUL, WINDOWED])
def test_training_can_be_repeated_and_loaded(latents, networks, options, tmp_path):
    forecaster, model, history = networks[options["name"]]
    again = trained(options, latents)[1]
    for first, second in zip(model.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(first, second)
    assert len(history) == 3
    model.save(tmp_path / "rnn.keras")
    loaded = keras.saving.load_model(tmp_path / "rnn.keras", safe_mode=True)
    warmup = latents[:, :10]
    np.testing.assert_array_equal(
        forecaster.rollout(loaded, 7)(warmup), forecaster.rollout(model, 7)(warmup)
    )


def test_stateful_learns_a_rotation(latents):
    training = TRAINING | {"epochs": 50, "learning_rate": 0.02}
    forecaster, model, history = trained(STATEFUL | {"units": [16], "training": training}, latents)
    forecast = forecaster.rollout(model, horizon=30)(latents[4:, :10])
    error = np.linalg.norm(forecast - latents[4:, 10:]) / np.linalg.norm(latents[4:, 10:])
    assert error < 0.15
    assert min(entry["val_loss"] for entry in history) < 0.1


def test_validation_loss_is_the_error_of_the_rollout(latents, networks):
    """What selects the best weights is the closed-loop error after the warm-up."""
    forecaster, model, history = networks["stateful"]
    forecast = forecaster.rollout(model, horizon=30)(latents[4:, :10])
    error = np.abs((forecast - latents[4:, 10:]) / SCALING.deviation).mean()
    assert error == pytest.approx(min(entry["val_loss"] for entry in history), rel=1e-3)


def test_stride_interpolates_between_its_steps(latents):
    """At its own steps a strided forecast is that of a network on every fourth frame."""
    strided, model, _ = trained(STATEFUL | {"stride": 4}, latents)
    fine = strided.rollout(model, horizon=20)(latents[:2, :10])
    coarse = registry.create(LatentForecaster, **STATEFUL).rollout(model, horizon=5)(
        latents[:2, 1:10:4]
    )
    assert fine.shape == (2, 20, 2)
    np.testing.assert_allclose(fine[:, 3::4], coarse, atol=1e-5)
    ragged = strided.rollout(model, horizon=18)(latents[:2, :10])
    np.testing.assert_array_equal(ragged, fine[:, :18])


def test_trajectories_hold_strides_and_flags(latents):
    plain = Trajectories(latents, stride=3, known=4, batch_size=2)
    (series, known), target = plain[0]
    np.testing.assert_array_equal(series, latents[:2, 0:39:3])
    np.testing.assert_array_equal(target, latents[:2, 3:40:3])
    assert known[0, :, 0].tolist() == [1] * 4 + [0] * 9
    assert len(plain) == 3

    weighted = Trajectories(latents, stride=3, known=4, batch_size=2, forecast_only=True)
    weight = weighted[0][2]
    assert (weight[:, :3] == 0).all()
    assert (weight[:, 3:] > 0).all()
    assert weight.mean() == pytest.approx(1)

    shuffled = Trajectories(latents, stride=3, known=4, batch_size=5, seed=0)
    starts = set()
    for epoch in range(20):
        starts.update(shuffled.starts.tolist())
        (series, _), target = shuffled[0]
        np.testing.assert_array_equal(series[:, 1:], target[:, :-1])
        shuffled.begin(epoch)
    assert starts == {0, 1, 2}


def test_the_known_part_shrinks_to_the_warmup(latents):
    from led.dynamics.stateful import Shrink

    batches = Trajectories(latents, stride=1, known=10, batch_size=2)
    shrink = Shrink(batches, steps=10, epochs=4)
    known = []
    for epoch in range(7):
        shrink.on_epoch_begin(epoch)
        known.append(batches.known)
    assert known == [39, 32, 24, 17, 10, 10, 10]


def test_windows_are_followed_by_the_next_frame(latents):
    windows = Windows(latents, window=6, count=4, batch_size=100)
    window, following = windows[0]
    assert window.shape == (20, 6, 2)
    np.testing.assert_array_equal(window[0], latents[0, :6])
    np.testing.assert_array_equal(following[0], latents[0, 6])
    np.testing.assert_array_equal(following[3], latents[0, 39])
    drawn = Windows(latents, window=6, count=4, batch_size=100, seed=1)
    before = drawn.chosen.copy()
    drawn.begin(1)
    assert (before != drawn.chosen).any()
    assert np.bincount(drawn.chosen[:, 0]).tolist() == [4] * 5
