"""Merge the batches of a split into one file."""

from led.jobs import runtime

runtime.start(snakemake.log[0])

from led.data.merging import merge
from led.jobs import registry

# by name, as in import_samples
check = registry.function("config", "sections.check")
check(snakemake.config, snakemake.wildcards.dataset, snakemake.input[0])
merge(list(snakemake.input), snakemake.output[0])
