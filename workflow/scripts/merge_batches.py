"""Merge the batches of a split into one file."""

from led import runtime

runtime.start(snakemake.log[0])

from led import dataset

dataset.merge(list(snakemake.input), snakemake.output[0])
