"""Recurrent networks: published sizes, and closed loops against plain loops."""

import keras
import numpy as np
import pytest

from led.data.scaling import Scaling
from led.dynamics.base import Dynamics
from led.jobs import registry
from led.training.loop import fit
from led.training.objectives.trajectories import Shrink, Trajectories
from led.training.objectives.windows import Windows

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


@pytest.fixture(scope="module")
def latents():
    sample, time = np.ogrid[0:5, 0:40]
    phase = 0.2 * time + sample
    return np.stack([0.5 + 2 * np.sin(phase), 0.7 * np.cos(phase) - 0.2], -1).astype(np.float32)


def trained(options, latents, seed=0, known=10):
    keras.utils.set_random_seed(seed)
    dynamics = registry.create(Dynamics, **options)
    objective = dynamics.objective(latents[:4], latents[4:], known, seed)
    history = fit(objective)
    return dynamics.member(objective.model), objective.model, history


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
    windowed = registry.create(Dynamics, **WINDOWED | options)
    model = windowed.build(Scaling(np.zeros(latent_dim), np.ones(latent_dim)))
    assert model.count_params() == total
    if trainable is not None:
        assert sum(np.prod(weight.shape) for weight in model.trainable_weights) == trainable


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_closed_loop_is_a_plain_loop_over_the_cell(latents, cell):
    """The compiled rollout against a loop in NumPy terms, step by step."""
    member, model, _ = trained(STATEFUL | {"cell": cell, "units": [6, 4]}, latents)
    window = latents[:2, :10]
    forecast = member.forecast(window, 12)

    network = next(layer for layer in model.layers if isinstance(layer, keras.layers.RNN)).cell
    states = network.recurrent.get_initial_state(2)
    scaling = Scaling.of(latents[:4])
    standard = (window - scaling.mean) / scaling.deviation
    expected = []
    for step in range(9 + 12):
        latent = standard[:, step] if step < 10 else expected[-1]
        output, states = network.recurrent(latent.astype(np.float32), states)
        expected.append(latent + np.asarray(network.change(network.dense[0](output))))
    expected = np.stack(expected[9:], axis=1) * scaling.deviation + scaling.mean
    np.testing.assert_allclose(forecast, expected, rtol=1e-4, atol=1e-5)


def test_windowed_rollout_is_a_plain_loop_over_the_window(latents, networks):
    member, model, _ = networks["windowed"]
    forecast = member.forecast(latents[:3, :10], 5)
    window = latents[:3, 4:10]
    for step in range(5):
        following = model.predict(window, verbose=0)
        np.testing.assert_allclose(forecast[:, step], following, atol=1e-5)
        window = np.concatenate([window[:, 1:], following[:, None]], axis=1)


@pytest.mark.parametrize("options", [STATEFUL, WINDOWED])
def test_memory_is_explicit(latents, networks, options):
    """In pieces or at once, from a memory that is used twice: the same latents."""
    member, _, _ = networks[options["name"]]
    known = latents[:2, :12]
    whole, end = member.advance(member.listen(known), 9)
    heard = member.listen(known[:, 7:], member.listen(known[:, :7]))
    parts = []
    for steps in (4, 1, 4):
        part, following = member.advance(heard, steps)
        again, _ = member.advance(heard, steps)
        np.testing.assert_array_equal(part, again)
        parts.append(part)
        heard = following
    np.testing.assert_allclose(np.concatenate(parts, axis=1), whole, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(member.advance(heard, 2)[0], member.advance(end, 2)[0], rtol=1e-5)
    np.testing.assert_array_equal(member.forecast(known, 9), whole)


def test_too_little_to_listen_to_is_refused(latents, networks):
    member, _, _ = networks["windowed"]
    with pytest.raises(ValueError, match=r"rnn.window: found 6 frames, expected at most 5"):
        member.listen(latents[:, :5])


@pytest.mark.parametrize("options", [STATEFUL, WINDOWED])
def test_training_can_be_repeated_and_loaded(latents, networks, options, tmp_path):
    _, model, history = networks[options["name"]]
    again = trained(options, latents)[1]
    for first, second in zip(model.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(first, second)
    assert len(history) == 3
    model.save(tmp_path / "rnn.keras")
    loaded = keras.saving.load_model(tmp_path / "rnn.keras", safe_mode=True)
    window = latents[:, :10]
    members = [registry.create(Dynamics, **options).member(network) for network in (model, loaded)]
    np.testing.assert_array_equal(*(member.forecast(window, 7) for member in members))


def test_stateful_learns_a_rotation(latents):
    training = TRAINING | {"epochs": 50, "learning_rate": 0.02}
    member, _, history = trained(STATEFUL | {"units": [16], "training": training}, latents)
    forecast = member.forecast(latents[4:, :10], 30)
    error = np.linalg.norm(forecast - latents[4:, 10:]) / np.linalg.norm(latents[4:, 10:])
    assert error < 0.15
    assert min(entry["val_loss"] for entry in history) < 0.1


def test_validation_loss_is_the_error_of_the_rollout(latents, networks):
    """What selects the best weights is the closed-loop error after the warm-up."""
    member, _, history = networks["stateful"]
    forecast = member.forecast(latents[4:, :10], 30)
    error = np.abs((forecast - latents[4:, 10:]) / Scaling.of(latents[:4]).deviation).mean()
    assert error == pytest.approx(min(entry["val_loss"] for entry in history), rel=1e-3)


def test_stride_interpolates_between_its_steps(latents):
    """At its own steps a strided forecast is that of a network on every fourth frame."""
    strided, model, _ = trained(STATEFUL | {"stride": 4}, latents)
    fine = strided.forecast(latents[:2, :10], 20)
    plain = registry.create(Dynamics, **STATEFUL).member(model)
    coarse = plain.forecast(latents[:2, 1:10:4], 5)
    assert fine.shape == (2, 20, 2)
    np.testing.assert_allclose(fine[:, 3::4], coarse, atol=1e-5)
    ragged = strided.forecast(latents[:2, :10], 18)
    np.testing.assert_array_equal(ragged, fine[:, :18])


def test_trajectories_hold_strides_and_flags(latents):
    plain = Trajectories(latents, stride=3, known=10, batch_size=2)
    (series, known), target = plain[0]
    np.testing.assert_array_equal(series, latents[:2, 0:39:3])
    np.testing.assert_array_equal(target, latents[:2, 3:40:3])
    assert known[0, :, 0].tolist() == [1] * 4 + [0] * 9
    assert len(plain) == 3

    weighted = Trajectories(latents, stride=3, known=10, batch_size=2, forecast_only=True)
    weight = weighted[0][2]
    assert (weight[:, :3] == 0).all()
    assert (weight[:, 3:] > 0).all()
    assert weight.mean() == pytest.approx(1)

    shuffled = Trajectories(latents, stride=3, known=10, batch_size=5, seed=0)
    starts = set()
    for epoch in range(20):
        starts.update(shuffled.starts.tolist())
        (series, _), target = shuffled[0]
        np.testing.assert_array_equal(series[:, 1:], target[:, :-1])
        shuffled.begin(epoch)
    assert starts == {0, 1, 2}


def test_training_listens_to_no_frame_after_the_warmup(latents):
    """Wherever a trajectory starts: 42 frames with a stride of 5 end at frame 41, not at 44."""
    frames = np.tile(np.arange(60.0)[:, None], (3, 1, 1))
    batches = Trajectories(frames, stride=5, known=42, batch_size=3, seed=0)
    last = set()
    for epoch in range(30):
        batches.begin(epoch)
        (series, known), _ = batches[0]
        last |= set(np.where(known == 1, series, -1).max(axis=1)[:, 0].tolist())
    assert last == {37.0, 38.0, 39.0, 40.0, 41.0}


def test_windows_start_anywhere_and_are_drawn_anew():
    """Frames that hold their own number: what a window holds, and what it listens to."""
    frames = np.arange(60.0) + 1000 * np.arange(3)[:, None]
    options = {"stride": 2, "known": 5, "window": 20, "count": 4, "batch_size": 12}
    drawn = Trajectories(frames[..., None], seed=0, **options)
    starts = []
    for epoch in range(60):
        drawn.begin(epoch)
        (series, known), target = drawn[0]
        np.testing.assert_array_equal(target - series, np.full((12, 9, 1), 2.0))
        assert (known[:, :, 0] == [1, 1, 1, 0, 0, 0, 0, 0, 0]).all()
        samples, first = np.divmod(series[:, 0, 0], 1000)
        assert np.bincount(samples.astype(int)).tolist() == [4, 4, 4]
        starts += first.tolist()
    assert set(starts) == set(range(41))  # the last window ends with the series
    # 61 middles from -10 + 10 to 50 + 10: 11 of them are moved to each end
    for end in (0, 40):
        assert abs(starts.count(end) / 720 - 11 / 61) < 0.06

    (series, _), _, weight = Trajectories(frames[..., None], forecast_only=True, **options)[0]
    assert (series[:, 0, 0] % 1000).tolist() == [0, 13, 27, 40] * 3
    assert ((weight > 0).sum(axis=1) == 7).all()


def test_windows_bound_the_training_of_a_forecast_from_anywhere(latents):
    """Whole series teach a network to begin where they do: here, with a phase of zero."""
    time = np.arange(300)
    series = np.stack([np.sin(0.2 * time), np.cos(0.2 * time)], -1)[None].astype(np.float32)
    training = TRAINING | {"epochs": 60, "learning_rate": 0.01, "batch_size": 10}
    options = STATEFUL | {"units": [16], "training": training, "window": 60}
    keras.utils.set_random_seed(0)
    dynamics = registry.create(Dynamics, **options)
    objective = dynamics.objective(series[:, :200], series[:, :200], 10)
    fit(objective)
    ahead = dynamics.member(objective.model).forecast(series[:, 215:225], 60)
    assert np.sqrt(np.mean((ahead - series[:, 225:285]) ** 2)) < 0.1
    assert dynamics.reach(10, 200) == 50


@pytest.mark.parametrize(
    ("options", "windows"),
    [
        ({}, (60, 5)),  # 10 frames of warm-up and 50 steps, in series of 300
        ({"stride": 3}, (160, 2)),
        ({"closed_loop": 5, "stride": 4}, (30, 10)),
        ({"closed_loop": 289}, (299, 1)),
        ({"closed_loop": 290}, (None, 1)),  # as long as a series
        ({"closed_loop": None}, (None, 1)),
        ({"closed_loop": 5, "window": 40}, (40, 8)),
        ({"windows_per_sample": 3}, (60, 3)),
    ],
)
def test_a_closed_loop_in_windows_that_cover_the_series(options, windows):
    dynamics = registry.create(Dynamics, name="stateful", **options)
    assert dynamics.windows(10, 300) == windows
    assert dynamics.reach(10, 300) == (windows[0] and windows[0] - 10)


def test_validation_series_may_be_shorter_than_the_windows_of_the_training():
    """As of one run, of which the first 0.7 are for training and 0.15 for validation."""
    series = np.random.default_rng(0).normal(size=(1, 300, 2)).astype(np.float32)
    dynamics = registry.create(Dynamics, **STATEFUL | {"stride": 3})
    assert dynamics.windows(10, 200) == (160, 1)
    objective = dynamics.objective(series[:, :200], series[:, 200:], 10)
    (given, _), following, weights = objective.validation[0]
    steps = np.arange(0, 100, 3)  # of all that the validation part has
    np.testing.assert_array_equal(given, series[:, 200 + steps[:-1]])
    np.testing.assert_array_equal(following, series[:, 200 + steps[1:]])
    assert weights.shape == following.shape[:2]


def test_the_known_part_shrinks_to_the_warmup(latents):
    batches = Trajectories(latents, stride=1, known=10, batch_size=2)
    shrink = Shrink(batches, known=10, epochs=4)
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


# Inputs


@pytest.fixture(scope="module")
def driven():
    """Two latents that turn at the speed of an input, which changes in time."""
    rng = np.random.default_rng(0)
    steps = np.repeat(rng.uniform(0.05, 0.4, size=(24, 10, 1)), 5, axis=1).astype(np.float32)
    phase = np.cumsum(steps[..., 0], axis=1) + rng.uniform(0, 6, size=(24, 1))
    phase = np.concatenate([phase[:, :1] - steps[:, 0], phase], axis=1)[:, :50]
    return np.stack([np.cos(phase), np.sin(phase)], -1).astype(np.float32), steps


def test_inputs_of_the_future_steer_a_forecast(driven):
    """From one frame alone: nothing but the input says how fast it turns."""
    latents, speeds = driven
    training = TRAINING | {"epochs": 150, "batch_size": 20, "learning_rate": 0.01}
    options = STATEFUL | {"units": [24], "dense_units": [24], "training": training}
    errors = {}
    for name, known in (("with", speeds), ("without", None)):
        keras.utils.set_random_seed(0)
        dynamics = registry.create(Dynamics, **options)
        given = {} if known is None else {"inputs": (known[:20], known[20:])}
        objective = dynamics.objective(latents[:20], latents[20:], 1, **given)
        fit(objective)
        member = dynamics.member(objective.model)
        future = None if known is None else known[20:]
        ahead = member.forecast(latents[20:, :1], 49, future)
        errors[name] = np.sqrt(np.mean((ahead - latents[20:, 1:]) ** 2))
    assert errors["with"] < 0.3 * errors["without"], errors


@pytest.mark.parametrize("options", [STATEFUL | {"stride": 2}, WINDOWED])
def test_inputs_go_in_pieces_as_at_once(driven, options):
    latents, speeds = driven
    dynamics = registry.create(Dynamics, **options)
    given = latents[:20], latents[20:], 10, 0, (speeds[:20], speeds[20:])
    objective = dynamics.objective(*given)
    fit(objective)
    member = dynamics.member(objective.model)
    heard, ahead = speeds[:3, 1:10], speeds[:3, 10:18]
    memory = member.listen(latents[:3, 1:10], inputs=heard)
    whole, _ = member.advance(memory, 8, ahead)
    first, memory = member.advance(memory, 3, ahead[:, :3])
    rest, _ = member.advance(memory, 5, ahead[:, 3:])
    np.testing.assert_allclose(np.concatenate([first, rest], 1), whole, rtol=1e-4, atol=1e-6)
    other, _ = member.advance(member.listen(latents[:3, 1:10], inputs=heard), 8, 2 * ahead)
    np.testing.assert_array_equal(other[:, 0], whole[:, 0])  # an input acts on the step behind it
    assert (other[:, 1:] != whole[:, 1:]).any()


def test_trajectories_and_windows_hold_the_inputs_of_their_frames():
    frames = (np.arange(30.0) + 100 * np.arange(4)[:, None])[..., None]
    driving = np.concatenate([frames, -frames], axis=-1)
    batches = Trajectories(
        frames, stride=2, known=4, window=9, count=3, batch_size=12, seed=0, inputs=driving
    )
    (series, inputs, known), _ = batches[0]
    np.testing.assert_array_equal(inputs[..., :1], series)
    np.testing.assert_array_equal(inputs[..., 1:], -series)
    assert known.shape == (12, 4, 1)
    window, following = Windows(frames, window=5, count=3, batch_size=12, seed=0, inputs=driving)[0]
    np.testing.assert_array_equal(window[..., 1], window[..., 0])
    np.testing.assert_array_equal(following, window[:, -1, :1] + 1)


def test_small_latents_count_as_much_as_large_ones_or_as_they_add():
    """The unit in which the loss measures each of them."""
    rng = np.random.default_rng(0)
    series = (rng.normal(size=(5, 40, 2)) * [3.0, 0.03]).astype(np.float32)
    units = {}
    for scale in ("each", "largest"):
        objective = registry.create(Dynamics, **STATEFUL | {"scale": scale}).objective(
            series, series, 10
        )
        units[scale] = objective.loss.unit
    np.testing.assert_allclose(units["each"], series.std(axis=(0, 1)), rtol=1e-5)
    np.testing.assert_allclose(units["largest"], units["each"].max(), rtol=1e-6)
