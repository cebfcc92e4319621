"""Simulate the samples of a split with half the time step."""

from led.jobs import runtime

runtime.start(snakemake.log[0])

from led.data.simulation import refine
from led.jobs import files, provenance, registry
from led.solvers.base import Solver
from led.systems.base import System

settings = snakemake.params.settings
with files.open_dataset(snakemake.input[0]) as samples:
    parts = refine(
        samples["state"],
        registry.create(System, **settings["system"]),
        registry.create(Solver, **settings["solver"]),
        **{
            key: settings[key]
            for key in ("split", "seed", "dt", "output_every", "design", "number")
        },
    )
    attributes = provenance.attributes(settings)
    parts = ((first, part.assign_attrs(attributes)) for first, part in parts)
    files.write_parts(parts, snakemake.output[0])
