"""Bring the samples of a user's file into a dataset."""

from led.jobs import runtime

runtime.start(snakemake.log[0])

from led.data.imported import import_split
from led.jobs import registry

# by name, as what this imports would count as code that samples depend on
dataset = snakemake.wildcards.dataset
registry.function("config", "sections.check")(snakemake.config, dataset)
import_split(
    snakemake.params.files,
    snakemake.params.references,
    snakemake.output[0],
    **snakemake.params.settings,
    used=registry.function("config", "chosen.inputs_of")(snakemake.config, dataset),
)
