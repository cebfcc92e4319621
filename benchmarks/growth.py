"""Ten times the samples: ten times the time, the same memory. And the plan of many batches."""

import itertools
import json
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil
import yaml

from benchmarks.timing import Row, seconds

COUNTS = (100, 1_000, 10_000)
BATCH = 20
SYSTEM = {"name": "fitzhugh_nagumo", "nx": 6, "ny": 4, "speed": 0.02}
STAGES = ("simulate", "merge", "encode")
BATCHES = 1_000


def measure():
    """Yield rows of time and of memory for each stage, and one for the dry run."""
    with tempfile.TemporaryDirectory() as folder:
        # a process each: its peak of memory is that of one stage
        costs = {
            (stage, count): _in_a_process(stage, count, folder)
            for count in COUNTS
            for stage in STAGES
        }
        for stage in STAGES:
            for fewer, more in itertools.pairwise(COUNTS):
                yield from _rows(stage, fewer, more, costs)
        planning = seconds(lambda: _plan(Path(folder)))
    yield Row(f"dry run with {BATCHES:,} batches", f"{planning:.1f} s", "-", "-", "under 15 s")


def _rows(stage, fewer, more, costs):
    (time_fewer, peak_fewer), (time_more, peak_more) = costs[stage, fewer], costs[stage, more]
    what = f"{stage} {more:,} / {fewer:,} samples,"
    each, each_fewer = 1000 * time_more / more, 1000 * time_fewer / fewer
    yield Row(
        f"{what} CPU time a sample",
        f"{each:.2f} ms",
        f"{each_fewer:.2f} ms",
        f"{each / each_fewer:.2f} times",
        "at most 1.3 times",
    )
    yield Row(
        f"{what} peak of memory",
        f"{peak_more:.0f} MB",
        f"{peak_fewer:.0f} MB",
        f"{peak_more / peak_fewer:.2f} times",
        "at most 1.2 times",
    )


def _in_a_process(stage, count, folder):
    run = subprocess.run(
        [sys.executable, "-m", "benchmarks.growth", stage, str(count), folder],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(run.stdout.splitlines()[-1])


def _plan(folder):
    """Plan an experiment whose training samples are many batches."""
    dataset = {
        "system": SYSTEM,
        "duration": 60.0,
        "dt": 0.5,
        "samples": {"train": BATCHES, "validation": 1, "test": 1},
        "batch_size": 1,
    }
    experiment = {
        "dataset": "growth",
        "warmup": 20.0,
        "autoencoder": {"name": "pointwise", "latent_dim": 3},
        "rnn": {"name": "stateful"},
    }
    config = {"datasets": {"growth": dataset}, "experiments": {"growth": experiment}}
    (folder / "growth.yaml").write_text(yaml.safe_dump(config))
    command = [sys.executable, "-m", "snakemake", "-n", "results/growth/led_errors.csv"]
    command += ["--configfile", str(folder / "growth.yaml")]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


# what runs in a process of its own


def _stage(name, count, folder):
    """Print the seconds of a stage and the peak of its memory; a small call first is not timed."""
    work = _encoder() if name == "encode" else {"simulate": _simulate, "merge": _merge}[name]
    work(BATCH, Path(folder) / str(COUNTS[0]))
    peak = _Peak()
    spent = seconds(lambda: work(count, Path(folder) / str(count)), time.process_time)
    print(json.dumps([spent, peak.megabytes]))


def _simulate(count, folder):
    from led.data.simulate import simulate
    from led.jobs import files, registry
    from led.solvers.base import Solver
    from led.systems.base import System

    system = registry.create(System, **SYSTEM)
    solver = registry.create(Solver, name="theta")
    for start in range(0, count, BATCH):
        samples = range(start, start + BATCH)
        options = {"seed": 0, "split": "train", "duration": 50.0, "dt": 0.5}
        files.write(
            simulate(system, solver, samples=samples, **options),
            folder / f"{start:05d}.nc",
        )


def _merge(count, folder):
    from led.data.merging import merge

    paths = [folder / f"{start:05d}.nc" for start in range(0, count, BATCH)]
    merge(paths, folder / "merged" / "train.nc")


def _encoder():
    """Return what encodes: with a network that is not trained, under the symmetries."""
    import numpy as np

    from led.autoencoders.base import Autoencoder
    from led.autoencoders.trained import encode_split
    from led.data.scaling import Scaling
    from led.jobs import files, registry, runtime
    from led.systems import symmetries

    runtime.use_keras(seed=0, threads=1)
    options = {"latent_dim": 3, "snapshots_per_sample": 1, "training": {}}
    pointwise = registry.create(Autoencoder, name="pointwise", **options)
    shape = (SYSTEM["nx"], SYSTEM["ny"], 2)
    model = pointwise.build(shape, Scaling(np.zeros(2), np.ones(2)))
    maps = symmetries.of(SYSTEM, shape)

    def encode(count, folder):
        with files.open_dataset(folder / "merged" / "train.nc") as states:
            parts = encode_split(model, states["state"], maps)
            files.write_parts(parts, folder / "latents.nc")

    return encode


class _Peak:
    """Watches the memory of this process from now on."""

    def __init__(self):
        self.megabytes = 0
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self):
        process = psutil.Process()
        while True:
            self.megabytes = max(self.megabytes, process.memory_info().rss / 1e6)
            time.sleep(0.005)


if __name__ == "__main__":
    _stage(sys.argv[1], int(sys.argv[2]), sys.argv[3])
