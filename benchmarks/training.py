"""The trainings of `fhn` against a bare loop of Keras on arrays in memory."""

import tempfile
import time
from pathlib import Path
from statistics import median

import keras
import numpy as np
import xarray as xr

from benchmarks.timing import Row
from led import blocks, files, registry, runtime, symmetries
from led.autoencoders.base import Autoencoder, Scaling
from led.autoencoders.neural import Snapshots
from led.config import complete
from led.forecasters.base import LatentForecaster
from led.forecasters.stateful import Trajectories
from led.training import Training

SAMPLES, VALIDATION, FRAMES = 100, 20, 1001
SNAPSHOTS = 20_000
WARMUP = 200  # frames
RUNS = 3


def measure():
    """Yield a row for the autoencoder in memory and streamed, and for the recurrent network."""
    experiment, dataset = _fhn()
    runtime.use_keras(seed=0, threads=experiment["threads"])
    yield from _autoencoder(experiment, dataset)
    yield from _rnn(experiment)


def _fhn():
    import yaml

    config = yaml.safe_load(Path("config.yaml").read_text())
    config = complete(config, Path("workflow/schemas/config.schema.yaml"))
    experiment = config["experiments"]["fhn"]
    return experiment, config["datasets"]["fhn"]


def _autoencoder(experiment, dataset):
    """Snapshots like those of `fhn`: a front that travels; images under its symmetries."""
    settings = experiment["autoencoder"]
    training = settings["training"] | {"epochs": 2}
    autoencoder = registry.create(Autoencoder, **settings | {"training": training})
    state = _fronts(SAMPLES + VALIDATION)
    train, validation = state[:SAMPLES], state[SAMPLES:]
    scaling = Scaling.of(train)
    maps = symmetries.of(dataset["system"], state.shape[2:])
    count = settings["snapshots_per_sample"]
    drawn = [
        Snapshots(blocks.Blocks(split), count, batch_size=len(split) * count)[0]
        for split in (train, validation)
    ]

    def ours(train, validation, memory=None):
        model = autoencoder.build(state.shape[2:], scaling)
        options = {"maps": maps, "memory": memory}
        history = autoencoder.fit(model, train, validation, scaling, 0, **options)
        return history[-1]["seconds"] * SNAPSHOTS / len(drawn[0][0])

    def bare():
        model = autoencoder.build(state.shape[2:], scaling)
        seconds = _bare_epoch(model, *drawn, Training(**training), scaling)
        return seconds * SNAPSHOTS / len(drawn[0][0])

    what = f"autoencoder, {SNAPSHOTS:,} snapshots,"
    yield _row(f"{what} in memory / Keras on arrays", lambda: ours(train, validation), bare)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "state.nc"
        files.write(state.to_dataset(name="state"), path)
        quarter = state.nbytes / 4 / blocks.MEGABYTE
        with files.open_dataset(path) as dataset:
            streamed = dataset["state"][:SAMPLES], dataset["state"][SAMPLES:]
            what = f"{what} streamed, a quarter in memory / Keras on arrays"
            yield _row(what, lambda: ours(*streamed, quarter), bare)


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


def _rnn(experiment):
    """As many latents as the images of the samples of `fhn` have."""
    settings = experiment["rnn"]
    training = settings["training"] | {"epochs": 2}
    options = {key: value for key, value in settings.items() if key != "members"}
    forecaster = registry.create(LatentForecaster, **options | {"training": training})
    rng = np.random.default_rng(0)
    latents = rng.normal(size=(8 * SAMPLES + VALIDATION, FRAMES, 10)).cumsum(1).astype(np.float32)
    train, validation = latents[: 8 * SAMPLES], latents[8 * SAMPLES :]
    scaling = Scaling.of(train)
    stride = settings["stride"]
    cut = {"stride": stride, "known": 1 + (WARMUP - 1) // stride}
    drawn = [
        Trajectories(split, batch_size=len(split), **cut, **options)[0]
        for split, options in (
            (train, {"seed": 0}),
            (validation[:, (WARMUP - 1) % stride :], {"forecast_only": True}),
        )
    ]

    def ours():
        model = forecaster.build(scaling)
        return forecaster.fit(model, train, validation, WARMUP, scaling, 0)[-1]["seconds"]

    def bare():
        return _bare_epoch(forecaster.build(scaling), *drawn, Training(**training), scaling)

    yield _row(f"rnn, an epoch of {len(train)} series / Keras on arrays", ours, bare)


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


def _row(what, ours, bare):
    pairs = [(ours(), bare()) for _ in range(RUNS)]
    ratio = median(own / other for own, other in pairs)
    return Row(
        what,
        f"{median(own for own, _ in pairs):.2f} s",
        f"{median(other for _, other in pairs):.2f} s",
        f"{ratio:.2f} times",
        "at most 1.1 times",
    )
