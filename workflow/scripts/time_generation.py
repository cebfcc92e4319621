"""Time the simulation of a dataset on one core and on several."""

from led.jobs import runtime

runtime.start(snakemake.log[0])

from functools import partial

from led.data.simulate import simulate
from led.evaluation.generation import time_generation
from led.jobs import files, registry
from led.solvers.base import Solver
from led.systems.base import System

settings = snakemake.params.settings
count, size = settings["samples"], settings["batch_size"]
simulate = partial(
    simulate,
    registry.create(System, **settings["system"]),
    registry.create(Solver, **settings["solver"]),
    split="train",
    **{
        key: settings[key]
        for key in ("seed", "duration", "dt", "output_every", "spin_up", "design", "number")
    },
)
timings = time_generation(
    lambda samples: simulate(samples=samples),
    [range(start, min(start + size, count)) for start in range(0, count, size)],
    cores=snakemake.threads,
)
files.write_table(timings, snakemake.output[0])
