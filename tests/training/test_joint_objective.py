"""Joint training: the same forecast as of its parts, then a better one."""

import keras
import numpy as np
import pytest
import xarray as xr

from led.autoencoders.base import Autoencoder
from led.autoencoders.trained import decode, encode
from led.data.blocks import Blocks
from led.data.scaling import Scaling
from led.dynamics.base import Dynamics
from led.jobs import registry
from led.training.checkpoint import Checkpoint
from led.training.loop import fit
from led.training.objectives import joint
from led.training.settings import Training

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


def test_the_joint_model_forecasts_as_its_parts_do(states, networks, tmp_path):
    """The mean of the members, decoded, at the steps that are asked for; also from its file."""
    autoencoder, dynamics, members, latents = networks
    window = latents[:, 1:KNOWN:2]
    running = [dynamics.member(member) for member in members]
    forecasts = [member.forecast(latents[:, :KNOWN], 30) for member in running]
    expected = decode(autoencoder, np.mean(forecasts, axis=0))[:, 1::2][:, [0, 7, 14]]
    model = joint.build(autoencoder.get_layer("decoder"), members, frames=3)
    series = np.pad(window, [(0, 0), (0, 14), (0, 0)])
    flags = np.zeros((6, 19, 1), np.float32)
    flags[:, :5] = 1
    steps = np.tile(np.int32([4, 11, 18]), (6, 1))
    found = model.predict([series, flags, steps], verbose=0)
    np.testing.assert_allclose(found, expected, atol=1e-5)

    model.save(tmp_path / "joint.keras")
    decoder, again = joint.parts(keras.saving.load_model(tmp_path / "joint.keras"))
    assert len(again) == 2
    for first, second in zip(members, again, strict=True):
        following = (network.predict([series, flags], verbose=0) for network in (first, second))
        np.testing.assert_array_equal(*following)
    np.testing.assert_array_equal(
        decoder.predict(latents[0], verbose=0),
        autoencoder.get_layer("decoder").predict(latents[0], verbose=0),
    )


def test_inputs_reach_the_members_and_the_decoder(states):
    """The joint model is the forecast of its member, decoded with the inputs of the same frames."""
    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(1)
    latents, driving = (rng.normal(size=(6, 40, size)).astype(np.float32) for size in (3, 2))
    scalings = Scaling.of(states), Scaling.of(latents), Scaling.of(driving)
    pointwise = registry.create(Autoencoder, name="pointwise", latent_dim=3).suited(states)
    first, second, third = scalings
    decoder = pointwise.build_decoder(3, states.shape[2:], first, second, "float32", third)
    dynamics = registry.create(Dynamics, **RNN, training=TRAINING)
    network = dynamics.build(second, third)
    for weight in network.trainable_variables:  # those that are zero at first, too
        weight.assign(rng.normal(scale=0.3, size=weight.shape))
    batches = joint.States(
        latents,
        Blocks(states),
        frames=3,
        stride=2,
        known=KNOWN,
        batch_size=6,
        inputs=driving,
        decodes_inputs=True,
    )
    given, _ = batches[0]
    found = joint.build(decoder, [network], frames=3).predict(given, verbose=0)

    frames = batches.starts[0] + 2 * (given[3][0] + 1)
    member = dynamics.member(network)
    ahead = member.forecast(latents[:, : KNOWN - 1], 40 - KNOWN + 1, driving)
    expected = decode(decoder, ahead[:, frames - KNOWN + 1], decoder, driving[:, frames])
    np.testing.assert_allclose(found, expected, atol=1e-5)
    assert np.abs(np.diff(expected, axis=1)).min() > 0


def test_joint_training_lowers_the_error_of_the_states(states, networks, tmp_path):
    autoencoder, _, members, latents = networks
    training = joint.Joint(
        stride=2, frames_per_sample=5, training=Training(**TRAINING | {"epochs": 30})
    )
    place = Checkpoint(tmp_path / "joint.checkpoint.npz", "mine", every=0)
    data = (latents, states)
    parts = autoencoder.get_layer("decoder"), members
    history = fit(training.objective(*parts, data, data, KNOWN), place)
    losses = [entry["val_loss"] for entry in history]
    assert min(losses) < 0.7 * losses[0]
    assert place.read() is not None


def test_batches_hold_the_true_states_of_the_steps_they_name(states):
    """Latents that are the states themselves, so that both can be compared; with a symmetry."""
    maps = (np.asarray, np.negative)
    latents = np.concatenate([map_(states.values[..., 0]) for map_ in maps])
    batches = joint.States(
        latents, Blocks(states), frames=4, maps=maps, stride=3, known=4, batch_size=5, seed=1
    )
    assert len(batches) == 3
    seen = set()
    for epoch in range(3):
        batches.begin(epoch)
        for number in range(3):
            (series, known, steps), truth = batches[number]
            for row, step in np.argwhere(steps + 1 < series.shape[1]):
                expected = series[row, steps[row, step] + 1]
                np.testing.assert_array_equal(truth[row, step, :, 0], expected)
            assert (steps >= 1).all()
            assert all(len(set(row)) == 4 for row in steps.tolist())
            starts = batches.starts[number * 5 : number * 5 + len(known)]
            heard = 1 + (4 - 1 - starts) // 3  # at frames before the fourth
            assert known[:, :, 0].sum(axis=1).tolist() == heard.tolist()
            seen.update(np.ravel(steps).tolist())
    assert seen == set(range(1, 12))


def test_validation_decodes_equally_spaced_steps(states):
    batches = joint.States(
        states.values[..., 0], Blocks(states), frames=3, stride=2, known=8, batch_size=6
    )
    (_, _, steps), truth = batches[0]
    assert steps.tolist() == [[3, 11, 18]] * 6
    np.testing.assert_array_equal(truth, states.values[:, [8, 24, 38]])
