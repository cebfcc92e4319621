"""Simulate one batch of samples."""

from led.jobs import runtime

runtime.start(snakemake.log[0])

from led.data.precision import fitted
from led.data.simulate import simulate
from led.jobs import files, provenance, registry
from led.solvers.base import Solver
from led.systems.base import System

settings = snakemake.params.settings
batch = simulate(
    registry.create(System, **settings["system"]),
    registry.create(Solver, **settings["solver"]),
    split=settings["split"],
    samples=range(*settings["samples"]),
    **{
        key: settings[key]
        for key in ("seed", "duration", "dt", "output_every", "spin_up", "design", "number")
    },
)
# without the samples: all batches have the attributes of the merged file
batch.attrs = provenance.attributes({k: v for k, v in settings.items() if k != "samples"})
files.write(fitted(batch), snakemake.output[0])
