"""Encode the samples of a split."""

from led import runtime

runtime.start(snakemake.log[0])

from led import files, provenance, symmetries
from led.autoencoders.base import check_shape, encode_split, load

settings = snakemake.params.settings
runtime.use_keras(seed=0, threads=settings["threads"])
model = load(snakemake.input.model)
with files.open_dataset(snakemake.input.states) as states:
    check_shape(model, states["state"], snakemake.input.model)
    maps = symmetries.of(settings["system"], states["state"].shape[2:])
    parts = encode_split(model, states["state"], maps)
    attributes = provenance.attributes(settings)
    described = ((start, part.assign_attrs(attributes)) for start, part in parts)
    files.write_parts(described, snakemake.output[0])
