"""Train the autoencoder of an experiment."""

from led import runtime

runtime.start(snakemake.log[0])

from pathlib import Path

from led import files, provenance, registry, symmetries
from led.autoencoders.base import Autoencoder, Scaling
from led.checkpoint import Checkpoint
from led.training import write_history

settings = snakemake.params.settings
runtime.use_keras(settings["seed"], settings["threads"])
train = files.read(snakemake.input.train)["state"]
validation = files.read(snakemake.input.validation)["state"]

autoencoder = registry.create(Autoencoder, **settings["autoencoder"])
scaling = Scaling.of(train)
model = autoencoder.build(train.shape[2:], scaling)
model.summary(expand_nested=True)
checkpoint = Checkpoint(
    Path(snakemake.output.model).with_suffix(".checkpoint.npz"),
    provenance.identity(settings, snakemake.params.code, snakemake.input),
    snakemake.resources.checkpoint_seconds,
)
maps = symmetries.of(settings["system"], train.shape[2:])
history = autoencoder.fit(model, train, validation, scaling, settings["seed"], checkpoint, maps)
with files.moved_into_place(snakemake.output.model) as path:
    model.save(path)
write_history(history, snakemake.output.history)
checkpoint.remove()
