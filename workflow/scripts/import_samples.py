"""Bring the samples of a user's file into a dataset."""

from led.jobs import runtime

runtime.start(snakemake.log[0])

from led.data.imported import import_split

import_split(
    snakemake.params.file,
    snakemake.params.reference,
    snakemake.output[0],
    **snakemake.params.settings,
)
