"""Train the autoencoder of an experiment."""

from led import runtime

runtime.start(snakemake.log[0])

from led import files, registry
from led.autoencoders.base import Autoencoder, Scaling
from led.training import write_history

settings = snakemake.params.settings
runtime.use_keras(settings["seed"], settings["threads"])
train = files.read(snakemake.input.train)["state"]
validation = files.read(snakemake.input.validation)["state"]

autoencoder = registry.create(Autoencoder, **settings["autoencoder"])
scaling = Scaling.of(train)
model = autoencoder.build(train.shape[2:], scaling)
model.summary(expand_nested=True)
history = autoencoder.fit(model, train, validation, scaling, settings["seed"])
with files.moved_into_place(snakemake.output.model) as path:
    model.save(path)
write_history(history, snakemake.output.history)
