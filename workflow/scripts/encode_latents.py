"""Encode the samples of a split."""

from led.jobs import runtime

runtime.start(snakemake.log[0])

from led.autoencoders.trained import check_shape, encode_split, load
from led.data import inputs, splits
from led.jobs import files, provenance
from led.systems import symmetries

settings = snakemake.params.settings
runtime.use_keras(seed=0, threads=settings["threads"])
model = load(snakemake.input.model)
with files.open_dataset(snakemake.input.states) as states:
    state = splits.first(states["state"], settings["train_samples"], snakemake.input.states)
    check_shape(model, state, snakemake.input.model)
    maps = symmetries.of(settings["system"], *symmetries.layout(state))
    driving = None
    if names := settings["inputs"]:
        driving = inputs.read(states, names, snakemake.input.states)
    parts = encode_split(model, state, maps, driving)
    attributes = provenance.attributes(settings)
    described = ((start, part.assign_attrs(attributes)) for start, part in parts)
    files.write_parts(described, snakemake.output[0])
