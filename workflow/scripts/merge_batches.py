"""Merge the batches of a split into one file."""

from led.jobs import runtime

runtime.start(snakemake.log[0])

from led.data.merging import merge

merge(list(snakemake.input), snakemake.output[0])
