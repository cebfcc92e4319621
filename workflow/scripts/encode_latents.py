"""Encode the samples of a split."""

from led import runtime

runtime.start(snakemake.log[0])

import keras

from led import files, provenance
from led.autoencoders.base import encode_split

settings = snakemake.params.settings
runtime.use_keras(seed=0, threads=settings["threads"])
model = keras.saving.load_model(snakemake.input.model)
with files.open_dataset(snakemake.input.states) as states:
    latents = encode_split(model, states["state"])
latents.attrs = provenance.attributes(settings)
files.write(latents, snakemake.output[0])
