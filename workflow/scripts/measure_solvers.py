"""Measure how the error of each solver falls with the time step."""

from led.jobs import runtime

runtime.start(snakemake.log[0])

from led.evaluation import convergence
from led.jobs import files

files.write_table(convergence.measure(), snakemake.output[0])
