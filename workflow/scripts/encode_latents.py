"""Encode the samples of a split."""

from led import runtime

runtime.start(snakemake.log[0])

import keras

from led import files
from led.autoencoders.base import encode_split

runtime.use_keras(seed=0, threads=snakemake.params.settings["threads"])
model = keras.saving.load_model(snakemake.input.model)
with files.open_dataset(snakemake.input.states) as states:
    files.write(encode_split(model, states["state"]), snakemake.output[0])
