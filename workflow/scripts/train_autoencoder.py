"""Train the autoencoder of an experiment."""

from led.jobs import runtime

runtime.start(snakemake.log[0])

from led.autoencoders.base import Autoencoder, Scaling
from led.data.splits import training_states
from led.jobs import registry
from led.systems import symmetries
from led.training.checkpoint import Checkpoint
from led.training.loop import keep

settings = snakemake.params.settings
runtime.use_keras(settings["seed"], settings["threads"])

with training_states(
    snakemake.input.train, snakemake.input.validation, settings["train_samples"]
) as (train, validation):
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
