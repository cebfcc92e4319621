"""The trainings of `fhn` against a bare loop of Keras on arrays in memory."""

import contextlib
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import keras
import numpy as np
import xarray as xr
import yaml

from benchmarks.timing import Row
from led.autoencoders.base import Autoencoder, Scaling
from led.autoencoders.neural import Snapshots
from led.config.complete import complete
from led.data import blocks
from led.dynamics.base import LatentForecaster
from led.dynamics.stateful import Trajectories
from led.jobs import files, registry, runtime
from led.systems import symmetries
from led.training.settings import Training

SAMPLES, VALIDATION, FRAMES = 100, 20, 1001
SNAPSHOTS = 20_000
KNOWN = 200  # frames
RUNS = 3


def measure():
    """Yield a row for the autoencoder in memory and streamed, and for the recurrent network.

    Each side has processes of its own: what `led.jobs.runtime` sets, such as deterministic
    operations, cannot be undone for the bare loop. Both have the same number of threads.
    """
    what = f"autoencoder, {SNAPSHOTS:,} snapshots"
    yield _row(f"{what}, in memory / Keras on arrays", "autoencoder")
    yield _row(f"{what}, streamed, a quarter in memory / Keras on arrays", "streamed")
    yield _row("rnn, an epoch / Keras on arrays", "rnn")


def _row(what, network):
    pairs = [(_in_a_process(network, "led"), _in_a_process(network, "bare")) for _ in range(RUNS)]
    ratio = median(own / other for own, other in pairs)
    return Row(
        what,
        f"{median(own for own, _ in pairs):.2f} s",
        f"{median(other for _, other in pairs):.2f} s",
        f"{ratio:.2f} times",
        "at most 1.1 times",
    )


def _in_a_process(network, side):
    command = [sys.executable, "-m", "benchmarks.training", network, side]
    run = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return float(run.stdout.splitlines()[-1])


# what runs in a process of its own


def _main(network, side):
    """Print the seconds of an epoch."""
    config = yaml.safe_load(Path("config.yaml").read_text())
    config = complete(config, Path("workflow/schemas/config.schema.yaml"))
    experiment = config["experiments"]["fhn"]
    if side == "led":
        runtime.use_keras(seed=0, threads=experiment["threads"])
    else:
        import tensorflow as tf

        tf.config.threading.set_intra_op_parallelism_threads(experiment["threads"])
    if network == "rnn":
        print(_rnn(experiment, side))
    else:
        system = config["datasets"]["fhn"]["system"]
        print(_autoencoder(experiment, system, side, streamed=network == "streamed"))


def _autoencoder(experiment, system, side, streamed):
    """Snapshots like those of `fhn`: a front that travels; ours are symmetric copies."""
    settings = experiment["autoencoder"]
    training = settings["training"] | {"epochs": 2}
    autoencoder = registry.create(Autoencoder, **settings | {"training": training})
    state = _fronts(SAMPLES + VALIDATION)
    splits = state[:SAMPLES], state[SAMPLES:]
    scaling = Scaling.of(splits[0])
    model = autoencoder.build(state.shape[2:], scaling)
    count = settings["snapshots_per_sample"]
    if side == "bare":
        drawn = [
            Snapshots(blocks.Blocks(split), count, batch_size=len(split) * count)[0]
            for split in splits
        ]
        spent = _bare_epoch(model, *drawn, Training(**training), scaling)
    else:
        maps = symmetries.of(system, state.shape[2:])
        with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
            memory = None
            if streamed:
                memory = state.nbytes / 4 / blocks.MEGABYTE
                files.write(state.to_dataset(name="state"), Path(folder, "state.nc"))
                opened = stack.enter_context(files.open_dataset(Path(folder, "state.nc")))
                splits = opened["state"][:SAMPLES], opened["state"][SAMPLES:]
            history = autoencoder.fit(model, *splits, scaling, 0, maps=maps, memory=memory)
            spent = history[-1]["seconds"]
    return spent * SNAPSHOTS / (SAMPLES * count)


def _fronts(samples):
    rng = np.random.default_rng(0)
    start, point = rng.uniform(0, 300, samples), rng.uniform(0, 19, (2, samples, 1, 1))
    grid = np.arange(20.0)
    distance = np.hypot(grid[:, None] - point[0], grid - point[1])
    phase = np.arange(FRAMES)[:, None, None] * 0.5 - 10 * distance[:, None]
    phase -= start[:, None, None, None]
    values = np.empty((*phase.shape, 2), np.float32)
    values[..., 0], values[..., 1] = np.tanh(phase / 5), np.tanh(phase / 100)
    return xr.DataArray(values, dims=("sample", "time", "x", "y", "component"))


def _rnn(experiment, side):
    """As many latents as the symmetric copies of the samples of `fhn` have."""
    settings = experiment["rnn"]
    training = settings["training"] | {"epochs": 2}
    options = {key: value for key, value in settings.items() if key != "members"}
    forecaster = registry.create(LatentForecaster, **options | {"training": training})
    rng = np.random.default_rng(0)
    latents = rng.normal(size=(8 * SAMPLES + VALIDATION, FRAMES, 10)).cumsum(1).astype(np.float32)
    train, validation = latents[: 8 * SAMPLES], latents[8 * SAMPLES :]
    scaling = Scaling.of(train)
    model = forecaster.build(scaling)
    if side == "led":
        return forecaster.fit(model, train, validation, KNOWN, scaling, 0)[-1]["seconds"]
    stride = settings["stride"]
    cut = {"stride": stride, "known": 1 + (KNOWN - 1) // stride}
    drawn = [
        Trajectories(split, batch_size=len(split), **cut, **options)[0]
        for split, options in (
            (train, {"seed": 0}),
            (validation[:, (KNOWN - 1) % stride :], {"forecast_only": True}),
        )
    ]
    return _bare_epoch(model, *drawn, Training(**training), scaling)


def _bare_epoch(model, train, validation, training, scaling):
    """Return the seconds of the second epoch, in which nothing is compiled."""
    loss, unit = keras.losses.get(training.loss), scaling.deviation.astype("float32")
    steps = -(-len(train[1]) // training.batch_size)
    model.compile(
        training.optimiser(steps), lambda y, x: loss(y / unit, x / unit), jit_compile=False
    )
    clock = _Clock()
    model.fit(
        *train,
        batch_size=training.batch_size,
        validation_data=validation,
        validation_batch_size=training.batch_size,
        epochs=training.epochs,
        callbacks=[clock],
        verbose=0,
    )
    return clock.seconds


class _Clock(keras.callbacks.Callback):
    """The seconds of the last epoch."""

    def on_epoch_begin(self, epoch, logs=None):
        self._start = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        self.seconds = time.perf_counter() - self._start


if __name__ == "__main__":
    _main(*sys.argv[1:])
