"""Online training: what the buffer holds, what is learned, and that a run can be cut short."""

from dataclasses import replace

import keras
import numpy as np
import pytest
from scipy import stats

from led.autoencoders.base import Autoencoder
from led.data.scaling import Scaling
from led.dynamics.base import Dynamics
from led.jobs import registry
from led.surrogate.adaptive import measures
from led.surrogate.adaptive.buffer import Buffer
from led.surrogate.adaptive.cycle import Cycle
from led.surrogate.adaptive.online import Online, OnlineTraining
from led.surrogate.modes.adaptive import Adaptive
from led.training.checkpoint import Checkpoint
from tests.surrogate.test_adaptive import KNOWN, RULES, Linear, exact, surrogate, task

RNN = {"name": "stateful", "units": [8], "training": {"loss": "mse"}}
WINDOW = KNOWN + RULES.compare


def test_a_full_buffer_replaces_trajectories_at_random():
    """After n more than it holds, each of the first is left with (1 - 1 / capacity)^n."""
    buffer = Buffer(capacity=400, window=2, seed=3)
    buffer.add(np.arange(7.0)[:, None])  # the first frame is left out
    np.testing.assert_array_equal(buffer.states[:3, :, 0], [[1, 2], [3, 4], [5, 6]])
    buffer.add(np.zeros((2 * 397, 1)))
    assert buffer.added == 400
    buffer.add(np.full((2 * 400, 1), -1.0))
    left = (buffer.states >= 0).all(axis=(1, 2)).sum()
    assert abs(left - 400 * (1 - 1 / 400) ** 400) < 4 * np.sqrt(400 * 0.37 * 0.63)
    again = Buffer(capacity=400, window=2, seed=3)
    for states in (np.arange(7.0)[:, None], np.zeros((2 * 397, 1)), np.full((2 * 400, 1), -1.0)):
        again.add(states)
    np.testing.assert_array_equal(buffer.states, again.states)
    np.testing.assert_array_equal(buffer.draw(5, 1, 2), buffer.draw(5, 1, 2))
    assert (buffer.draw(50, 1, 2) != buffer.draw(50, 1, 3)).any()


def untrained(members=2, **options):
    rnn = RNN | options
    dynamics = registry.create(Dynamics, **rnn)
    networks = []
    for seed in range(members):
        keras.utils.set_random_seed(seed)
        networks.append(dynamics.member(dynamics.build(Scaling(np.zeros(2), np.ones(2)))))
    led = surrogate(*networks)
    return replace(led, description=replace(led.description, rnn=rnn))


def learning(states, steps=8, **options):
    led = untrained()
    settings = OnlineTraining(steps=steps, capacity=40, learning_rate=0.02, **options)
    return led, Online(led, settings, KNOWN, WINDOW, states, seed=1)


def test_networks_learn_between_cycles_until_they_are_accepted():
    given, truth = task(samples=2, frames=500)
    states = truth[:, :100]
    led, _ = learning(states)
    assert not measures.utilisation(Cycle(led, given, RULES).run()).any()
    led, online = learning(states)
    run = Cycle(led, given, RULES, online).run()
    stages = run.stages[:, KNOWN:].reshape(2, 2, -1)
    early, late = (stages == 2).mean(axis=(0, 2))
    assert late > max(0.3, early)
    assert online.rounds > 20
    assert run.clock.seconds["train"] > 0


class Cut(Exception):
    pass


def cut_short(cycle, checkpoint, after):
    """Run until the state was written so often, as if the job ended then."""
    written = 0

    class Counting(Checkpoint):
        def write(self, notes, arrays):
            nonlocal written
            super().write(notes, arrays)
            written += 1
            if written == after:
                raise Cut

    with pytest.raises(Cut):
        cycle.run(Counting(checkpoint.path, checkpoint.identity, checkpoint.every))


def test_a_run_that_was_cut_short_goes_on_to_the_same_bits(tmp_path):
    given, truth = task(frames=120)
    states = truth[:, :100]
    checkpoint = Checkpoint(tmp_path / "run.checkpoint.npz", "me", every=0)
    whole = Cycle(*_with(given, learning(states))).run()
    for after in (4, 3):  # the second one goes on from the first
        cut_short(Cycle(*_with(given, learning(states))), checkpoint, after)
    found = Cycle(*_with(given, learning(states))).run(checkpoint)
    for name in ("states", "stages", "spread"):
        np.testing.assert_array_equal(getattr(found, name), getattr(whole, name))
    np.testing.assert_array_equal(found.track.latents, whole.track.latents)
    assert repr(found.cycles) == repr(whole.cycles)  # some hold NaN
    assert whole.online.rounds > 3


def _with(given, learner):
    led, online = learner
    return led, given, RULES, online


def test_the_autoencoder_learns_if_asked():
    """Two latents of a network whose weights are random at first, and whose best error is 0."""
    _, truth = task()
    led = untrained(members=1)
    scaling = Scaling(np.zeros(2), np.ones(2))
    model = registry.create(Autoencoder, name="pca", latent_dim=2).build((2,), scaling)
    led = replace(led, autoencoder=model)
    settings = OnlineTraining(steps=60, capacity=40, learning_rate=0.02, autoencoder=True)
    frames = truth.values[0]
    before = np.abs(model.predict(frames, verbose=0) - frames).mean()
    Online(led, settings, KNOWN, WINDOW, truth).train()
    assert np.abs(model.predict(frames, verbose=0) - frames).mean() < 0.2 * before


def test_networks_that_predict_variances_learn_them():
    """The likelihood of the true latents, by scipy, grows as in the first training."""
    _, truth = task()
    led = untrained(members=1, variance=True)
    (member,) = led.members

    def likelihood():
        heard, ahead = np.split(truth.values[:, : KNOWN + 5], [KNOWN], axis=1)
        found = member.go_on(heard, 5)[:, KNOWN:]
        variance = member.doubt(heard, 5)[:, KNOWN:]
        return stats.norm.logpdf(ahead, found, np.sqrt(variance)).mean()

    before = likelihood()
    settings = OnlineTraining(steps=200, capacity=40, learning_rate=0.02)
    Online(led, settings, KNOWN, WINDOW, truth).train()
    assert likelihood() > before + 1.0  # an error and its deviation are less than half as large


def test_what_cannot_be_trained_is_refused():
    _, truth = task()
    led = untrained()
    linear = replace(led.description, rnn={"name": "least_squares"})
    for wrong, options, message in (
        (replace(led, description=linear), {}, "train: found the dynamics 'least_squares'"),
        (
            replace(led, description=replace(led.description, inputs={"mu": [[0.0, 1.0]]})),
            {},
            "train: found a surrogate with inputs",
        ),
        (replace(led, decoder=led.autoencoder), {"autoencoder": True}, r"train\.autoencoder: "),
    ):
        with pytest.raises(ValueError, match=f"^{message}"):
            Online(wrong, OnlineTraining(**options), KNOWN, WINDOW, truth)


def test_the_mode_reports_stages_cycles_and_seconds():
    given, truth = task()
    mode = Adaptive(
        error={"quantile": 1.0},
        spread=0.5,
        compare=0.5,
        length=(1.0, 1.4),
        train=OnlineTraining(steps=0),
    )
    given = replace(given, training={"train": truth, "validation": truth})
    slow = surrogate(Linear(exact() * 0.999), Linear(exact()))
    found = mode.timed(slow, given)
    assert found["prediction"].shape == (3, 200, 2)
    assert found.attrs["spread_limit"] == 0.5
    factor = (0.999**5 + 1) / 2
    largest = ((truth**2).mean("component").max().item()) * (1 - factor) ** 2
    np.testing.assert_allclose(found.attrs["error_limit"], largest, rtol=0.1)
    flags = found["cycle_stage"]
    assert flags.attrs["flag_meanings"] == "warmup compare macro micro"
    np.testing.assert_allclose(found["utilisation"], (flags == 2).mean("time"))
    assert found["stage"].values.tolist() == ["encode", "micro", "macro", "decode", "train"]
    assert (found["seconds"][:4] > 0).all()
    accepted = found["cycle_accepted"].values
    assert accepted.sum() > 10
    assert (found["cycle_error"].values[accepted] <= found.attrs["error_limit"]).all()
