"""Measure how the error of each solver falls with the time step."""

from led import runtime

runtime.start(snakemake.log[0])

from led import convergence, files

files.write_table(convergence.measure(), snakemake.output[0])
