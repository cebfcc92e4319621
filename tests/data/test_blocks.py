"""States that do not fit into memory: the right ones, all of them, once an epoch."""

import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
import xarray as xr

from led.autoencoders.pointwise import Pointwise
from led.data import blocks
from led.data.blocks import Blocks
from led.jobs import files, seeds
from led.training.loop import fit
from led.training.objectives.snapshots import Snapshots
from led.training.settings import Training

SAMPLES, TIMES, POINTS = 11, 30, 6
SAMPLE = 4 * TIMES * POINTS  # bytes
LIMIT = 5 * SAMPLE  # two blocks of two samples


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """Waves whose numbers are all different, so that each identifies its sample and time."""
    sample, time, x = np.ogrid[0:SAMPLES, 0:TIMES, 0:POINTS]
    wave = np.sin(0.4 * time - 2 * np.pi / POINTS * x + 1.7321 * sample).astype(np.float32)
    state = (("sample", "time", "x", "component"), wave[..., None])
    path = tmp_path_factory.mktemp("blocks") / "train.nc"
    files.write(xr.Dataset({"state": state}), path)
    return path


@pytest.fixture
def state(path):
    with files.open_dataset(path) as dataset:
        yield dataset["state"]


@pytest.fixture
def reads(monkeypatch):
    """The samples of each block that is read."""
    read, found = Blocks._read, []

    def noted(held, number):
        found.append(held._samples[number].tolist())
        return read(held, number)

    monkeypatch.setattr(Blocks, "_read", noted)
    return found


def which(path, snapshots):
    """Return sample and time of each snapshot, found by its values in the file."""
    known = files.read(path)["state"].values.reshape(-1, 1, POINTS)
    same = (known == snapshots.reshape(-1, POINTS)).all(-1)
    assert (same.sum(0) == 1).all()
    return np.stack(np.unravel_index(same.argmax(0), (SAMPLES, TIMES)), axis=1)


def flat(reads):
    return [sample for block in reads for sample in block]


def epoch(batches, number):
    batches.begin(number)
    return np.concatenate([batches[batch][0] for batch in range(len(batches))])


def test_an_epoch_has_the_chosen_snapshots_of_all_samples_and_reads_each_once(path, state, reads):
    """Batches of 7 that do not end where blocks do, blocks of 2 and of 1."""
    batches = Snapshots(Blocks(state, LIMIT), count=9, batch_size=7, seed=3, redraw=True)
    orders = []
    for number in range(3):
        reads.clear()
        found = which(path, epoch(batches, number))
        np.testing.assert_array_equal(found, batches.chosen)
        assert len(np.unique(found, axis=0)) == len(found) == SAMPLES * 9
        assert np.bincount(found[:, 0]).tolist() == [9] * SAMPLES
        assert [len(block) for block in reads] == [2] * 5 + [1]
        assert sorted(flat(reads)) == list(range(SAMPLES))
        for block, start in zip(reads[:5], range(0, 90, 18), strict=True):
            samples = found[start : start + 18, 0]
            assert set(samples) == set(block)
            assert np.count_nonzero(np.diff(samples)) > 1  # they are mixed
        orders.append(flat(reads))
    assert orders[0] != orders[1] != orders[2]


def test_an_epoch_follows_from_seed_and_number_alone(state):
    first = Snapshots(Blocks(state, LIMIT), count=9, batch_size=7, seed=3, redraw=True)
    second = Snapshots(Blocks(state, LIMIT), count=9, batch_size=7, seed=3, redraw=True)
    for number in range(3):
        epoch(first, number)
    np.testing.assert_array_equal(epoch(first, 5), epoch(second, 5))


def test_a_split_that_fits_is_read_once_and_drawn_as_ever(state, reads):
    whole = Snapshots(Blocks(state, SAMPLES * SAMPLE), count=9, batch_size=7, seed=3, redraw=True)
    for number in range(3):
        found = epoch(whole, number)
        rng = seeds.generator(3, number)
        frames = [rng.permutation(TIMES)[:9] for _ in range(SAMPLES)]
        chosen = np.stack([np.repeat(np.arange(SAMPLES), 9), np.concatenate(frames)], axis=1)
        rng.shuffle(chosen)
        np.testing.assert_array_equal(found, state.values[chosen[:, 0], chosen[:, 1]])
    assert reads == [list(range(SAMPLES))]


def test_without_a_seed_the_order_is_that_of_the_file(path, state):
    batches = Snapshots(Blocks(state, LIMIT), count=4, batch_size=5)
    for number in range(2):
        found = which(path, epoch(batches, number))
        assert found[:, 0].tolist() == np.repeat(np.arange(SAMPLES), 4).tolist()
        assert found[:, 1].tolist() == [0, 10, 19, 29] * SAMPLES


def test_symmetric_copies_are_those_of_the_right_snapshots(path, state):
    maps = (np.asarray, lambda states: 2 + states)
    batches = Snapshots(Blocks(state, LIMIT), 9, 7, seed=3, redraw=True, maps=maps)
    found = epoch(batches, 1)
    number, sample = np.divmod(batches.chosen[:, 0], SAMPLES)
    assert set(number) == {0, 1}
    originals = np.where(number[:, None, None] == 1, found - np.float32(2), found)
    nearest = np.abs(state.values[sample, batches.chosen[:, 1]] - originals)
    assert nearest.max() < 1e-6


@pytest.mark.parametrize(
    ("limit", "sizes"), [(11, [11]), (10, [4, 4, 3]), (4, [2] * 5 + [1]), (0.1, [1] * 11)]
)
def test_blocks_are_as_large_as_two_may_be(limit, sizes, state):
    held = Blocks(state, limit * SAMPLE)
    assert [len(block) for block in held._samples] == sizes


def test_splits_share_the_memory(state):
    """11 and 4 samples: both fit, or neither does."""
    fitting = blocks.shared(15 * SAMPLE / blocks.MEGABYTE, state, state[:4])
    assert [held.count for held in fitting] == [1, 1]
    larger = blocks.shared(14.9 * SAMPLE / blocks.MEGABYTE, state, state[:4])
    assert [held.count for held in larger] == [3, 4]
    assert [held.count for held in blocks.shared(None, state, state[:4])] == [1, 1]


QUARTER = SAMPLES * SAMPLE / 4 / blocks.MEGABYTE


def falling(history):
    """Return the lowest validation loss, far below the first."""
    losses = [entry["val_loss"] for entry in history]
    assert min(losses) < 0.3 * losses[0]
    return min(losses)


def test_an_autoencoder_learns_from_blocks_as_much_as_in_memory(state):
    lowest = []
    for memory in (None, QUARTER):
        keras.utils.set_random_seed(0)
        options = {"latent_dim": 2, "encoder_units": [16], "decoder_units": [16]}
        training = Training(epochs=12, batch_size=8, learning_rate=0.01)
        autoencoder = Pointwise(**options, snapshots_per_sample=20, training=training)
        lowest.append(falling(fit(autoencoder.objective(state[:8], state[8:], memory=memory))))
    assert lowest[1] == pytest.approx(lowest[0], rel=0.5)
    assert lowest[1] != lowest[0]


MEMORY = """
import sys, threading, time
import psutil
from led.jobs import files, runtime
from led.autoencoders.pointwise import Pointwise
from led.training.loop import fit
from led.training.settings import Training

def train(state, memory):
    autoencoder = Pointwise(
        latent_dim=2, encoder_units=[4], decoder_units=[4], maps=1, head_units=[],
        snapshots_per_sample=4, training=Training(epochs=2, batch_size=4, learning_rate=0.001),
    )
    fit(autoencoder.objective(state[:-2], state[-2:], memory=memory))

def watch():
    global most
    while True:
        most = max(most, process.memory_info().rss)
        time.sleep(0.002)

runtime.use_keras(0, 1)
most, process = 0, psutil.Process()
threading.Thread(target=watch, daemon=True).start()
with files.open_dataset(sys.argv[1]) as dataset:
    # the first fills what is fixed, such as the 64 MB that netCDF keeps of an open file
    for samples, memory in [(40, 10), (None, 50), (None, None)]:
        most = before = process.memory_info().rss
        train(dataset["state"][:samples], memory)
        print((most - before) / 1e6)
"""


def test_a_training_takes_the_memory_that_it_may(tmp_path):
    """200 MB of states, of which it may hold 50; without a limit it holds all of them."""
    series = np.random.default_rng(0).normal(size=(100, 10, 200, 1, 1)).astype(np.float32)
    state = (("sample", "time", "x", "y", "component"), np.tile(series, (1, 1, 1, 250, 1)))
    files.write(xr.Dataset({"state": state}), tmp_path / "train.nc")
    environment = {
        "PYTHONPATH": str(Path(blocks.__file__).parents[2]),
        "TF_CPP_MIN_LOG_LEVEL": "2",
        "MALLOC_MMAP_THRESHOLD_": "1000000",  # glibc gives back at once what is no longer used
    }
    run = subprocess.run(
        [sys.executable, "-c", MEMORY, tmp_path / "train.nc"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    _, limited, unlimited = [
        float(line) for line in run.stdout.splitlines() if line[0] in "0123456789"
    ]
    assert limited < 100  # some 30 are arrays of the training itself
    assert unlimited > 0.9 * 200
