"""Train the autoencoder of an experiment."""

from led import runtime

runtime.start(snakemake.log[0])

from led import files, registry, selection, symmetries
from led.autoencoders.base import Autoencoder, Scaling
from led.checkpoint import Checkpoint
from led.training import keep

settings = snakemake.params.settings
runtime.use_keras(settings["seed"], settings["threads"])

with (
    files.open_dataset(snakemake.input.train) as train_file,
    files.open_dataset(snakemake.input.validation) as validation_file,
):
    train = selection.first(train_file["state"], settings["train_samples"], snakemake.input.train)
    validation = validation_file["state"]
    autoencoder = registry.create(Autoencoder, **settings["autoencoder"])
    scaling = Scaling.of(train)
    model = autoencoder.build(train.shape[2:], scaling)
    model.summary(expand_nested=True)
    checkpoint = Checkpoint.beside(
        snakemake.output.model,
        settings,
        snakemake.params.code,
        snakemake.input,
        snakemake.resources.checkpoint_seconds,
    )
    maps = symmetries.of(settings["system"], train.shape[2:])
    history = autoencoder.fit(
        model,
        train,
        validation,
        scaling,
        settings["seed"],
        checkpoint,
        maps,
        settings["memory"],
    )
keep(model, history, snakemake.output.model, snakemake.output.history, checkpoint)
