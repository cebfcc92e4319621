"""Trainings that are cut short go on, and end with the same bits."""

import keras
import numpy as np
import pytest

from led.autoencoders.base import Autoencoder
from led.dynamics.base import Dynamics
from led.jobs import registry
from led.jobs.runtime import ResultWarning
from led.training.checkpoint import Checkpoint
from led.training.loop import Batches, Objective, fit
from led.training.settings import Training

WINDOWED = {
    "name": "windowed",
    "window": 5,
    "units": [4, 4],
    "dense_units": [4],
    "bidirectional": False,
    "activation": "relu",
    "dropout": 0.2,
    "batch_normalization": True,
    "windows_per_sample": 6,
}
STATEFUL = {
    "name": "stateful",
    "cell": "gru",
    "units": [4],
    "dense_units": [4],
    "stride": 2,
    "shrink_until": 0.7,
}
POINTWISE = {
    "name": "pointwise",
    "latent_dim": 2,
    "encoder_units": [8],
    "decoder_units": [8],
    "head_units": [4],
    "snapshots_per_sample": 9,
}


class Interrupted(Exception):
    """Simulates a kill: nothing of the training is left but its files."""


@pytest.fixture(scope="module")
def latents():
    phase = np.random.default_rng(0).uniform(0, 6, (6, 1)) + np.arange(40) * 0.3
    return np.stack([np.cos(phase), np.sin(phase)], axis=-1).astype(np.float32)


def checkpoint(folder, identity="mine"):
    return Checkpoint(folder / "network.checkpoint.npz", identity, every=0)


def train(kind, latents, place=None, memory=None, **training):
    """Train a network from its seed on; return its weights and its history without the times."""
    keras.utils.set_random_seed(3)
    training = {"epochs": 6, "batch_size": 4, "learning_rate": 0.01} | training
    if kind is POINTWISE:
        states = latents[:, :, None]
        network = registry.create(Autoencoder, **kind, training=training)
        objective = network.objective(states[:4], states[4:], memory=memory, seed=1)
    else:
        network = registry.create(Dynamics, **kind, training=training)
        objective = network.objective(latents[:4], latents[4:], 10, seed=1)
    history = fit(objective, place)
    return objective.model.get_weights(), [entry | {"seconds": None} for entry in history]


def cut_short(monkeypatch, after, *arguments, **options):
    """Train until so many epochs are over and the next one has begun."""
    begin = Batches.begin

    def begin_or_stop(batches, epoch):
        if epoch == after and batches.seed is not None:
            raise Interrupted
        begin(batches, epoch)

    with monkeypatch.context() as patch:
        patch.setattr(Batches, "begin", begin_or_stop)
        with pytest.raises(Interrupted):
            train(*arguments, **options)


@pytest.mark.parametrize(
    ("kind", "schedule", "memory"),
    [
        (POINTWISE, "cosine", None),
        (POINTWISE, "cosine", 0.001),  # a sample after the other
        (STATEFUL, "plateau", None),
        (WINDOWED, "cosine", None),
    ],
    ids=["pointwise", "blocks", "stateful", "windowed"],
)
def test_an_interrupted_training_ends_with_the_same_bits(
    kind, schedule, memory, latents, tmp_path, monkeypatch, capsys
):
    """Weights, dropout, moments of the optimiser, learning rate, best epoch, order of the data."""
    options = {"schedule": schedule, "patience": 4, "epochs": 6, "memory": memory}
    weights, history = train(kind, latents, **options)
    place = checkpoint(tmp_path)
    cut_short(monkeypatch, 3, kind, latents, place, **options)
    capsys.readouterr()
    resumed, continued = train(kind, latents, place, **options)
    assert "going on after epoch 3" in capsys.readouterr().out
    assert continued == history
    for first, second in zip(weights, resumed, strict=True):
        np.testing.assert_array_equal(first, second)


def test_a_training_that_had_ended_trains_no_further(latents, tmp_path):
    """It was killed after its last epoch, before its network was saved."""
    options = {"patience": 1, "epochs": 20, "learning_rate": 0.3, "schedule": "constant"}
    place = checkpoint(tmp_path)
    weights, history = train(STATEFUL, latents, place, **options)
    assert len(history) < 20
    resumed, continued = train(STATEFUL, latents, place, **options)
    assert continued == history
    for first, second in zip(weights, resumed, strict=True):
        np.testing.assert_array_equal(first, second)


def test_the_checkpoint_of_another_training_is_not_taken_up(latents, tmp_path, monkeypatch, capsys):
    cut_short(monkeypatch, 2, POINTWISE, latents, checkpoint(tmp_path, "other"))
    weights, history = train(POINTWISE, latents, checkpoint(tmp_path))
    assert "network.checkpoint.npz: checkpoint of other settings, code or data" in (
        capsys.readouterr().out
    )
    expected, undisturbed = train(POINTWISE, latents)
    assert history == undisturbed
    np.testing.assert_array_equal(weights[0], expected[0])


@pytest.fixture(scope="module")
def whole(latents, tmp_path_factory):
    """The bytes of a checkpoint."""
    place = checkpoint(tmp_path_factory.mktemp("whole"))
    cut_short(pytest.MonkeyPatch, 2, POINTWISE, latents, place)
    return place.path.read_bytes()


@pytest.mark.parametrize("damage", ["cut", "empty", "text", "flipped"])
def test_a_damaged_checkpoint_is_named_and_not_taken_up(damage, whole, tmp_path, capsys):
    place = checkpoint(tmp_path)
    place.path.write_bytes(whole)
    _, arrays = place.read()
    weight = whole.index(arrays["variable_0"].tobytes())
    place.path.write_bytes(
        {
            "cut": whole[: len(whole) // 2],
            "empty": b"",
            "text": b"not an archive",
            "flipped": whole[:weight] + bytes([whole[weight] ^ 1]) + whole[weight + 1 :],
        }[damage]
    )
    assert place.read() is None
    assert "network.checkpoint.npz: damaged checkpoint" in capsys.readouterr().out


def test_nothing_is_written_before_its_time_and_nothing_is_left(latents, tmp_path):
    place = Checkpoint(tmp_path / "network.checkpoint.npz", "mine", every=1000)
    train(POINTWISE, latents, place)
    assert not place.path.exists()
    train(POINTWISE, latents, checkpoint(tmp_path))
    assert place.path.exists()
    place.remove()
    assert list(tmp_path.iterdir()) == []


class Poisoned(Batches):
    """x -> 2 x, with a target that is not finite in one epoch."""

    def __init__(self, epoch):
        self.poisoned = epoch
        super().__init__(seed=0)

    def __len__(self):
        return 1

    def __getitem__(self, batch):
        return self.x, 2 * self.x + self.extra

    def draw(self, rng):
        self.x = rng.normal(size=(16, 1)).astype(np.float32)

    def begin(self, epoch):
        super().begin(epoch)
        self.extra = np.float32(np.nan if epoch == self.poisoned else 0)


def test_a_loss_that_is_not_finite_ends_the_training_and_keeps_the_best_weights(tmp_path):
    """The best epoch is that with the lowest error of y = 2 x: the weight, compared with 2."""
    layer = keras.layers.Dense(1, use_bias=False, kernel_initializer="ones")
    model = keras.Sequential([keras.Input((1,)), layer])
    training = Training(epochs=9, batch_size=16, learning_rate=0.1, schedule="constant")
    place = checkpoint(tmp_path)
    warning = r"epoch 5: the training loss is nan.*keeps the weights of epoch 4"
    with pytest.warns(ResultWarning, match=warning):
        history = fit(Objective(model, training, Poisoned(4), Poisoned(-1), np.ones(1)), place)
    assert [entry["epoch"] for entry in history] == [1, 2, 3, 4]
    # Adam's first steps have the length of the learning rate
    np.testing.assert_allclose(layer.get_weights()[0], [[1.4]], atol=0.02)
    notes, arrays = place.read()
    assert notes["epoch"] == 4
    assert all(np.isfinite(array).all() for array in arrays.values())


def test_a_checkpoint_belongs_to_settings_code_and_content_of_files(tmp_path):
    """Not to the names of the files."""
    for name, content in {"a": "data", "b": "data", "c": "other"}.items():
        (tmp_path / name).write_text(content)

    def identity(settings, code, name):
        place = Checkpoint.of("x/rnn/0.keras", settings, code, [tmp_path / name], every=30)
        assert str(place.path) == "x/rnn/0.checkpoint.npz"
        return place.identity

    mine = identity({"units": 8}, {"fit.py": "1f"}, "a")
    assert identity({"units": 8}, {"fit.py": "1f"}, "b") == mine
    others = [({"units": 9}, {"fit.py": "1f"}, "a"), ({"units": 8}, {"fit.py": "2f"}, "a")]
    others.append(({"units": 8}, {"fit.py": "1f"}, "c"))
    assert len({identity(*other) for other in others} | {mine}) == 4
