"""Train the autoencoder of an experiment."""

from led.jobs import runtime

runtime.start(snakemake.log[0])

from led.autoencoders.base import Autoencoder
from led.data import inputs
from led.data.splits import open_states
from led.jobs import registry, seeds
from led.systems import symmetries
from led.training.loop import Job, train

settings, given = snakemake.params.settings, snakemake.input
seed = runtime.use_keras(seeds.derive(settings["seed"], "autoencoder"), settings["threads"])
driving = inputs.of_splits(*given, settings["inputs"], settings["train_samples"])
autoencoder = registry.create(Autoencoder, **settings["autoencoder"])
with open_states(*given, settings["train_samples"]) as states:
    maps = symmetries.of(settings["system"], *symmetries.layout(states[0]))
    objective = autoencoder.objective(*states, maps, settings["memory"], seed, **driving)
    train(objective, Job.of(snakemake))
