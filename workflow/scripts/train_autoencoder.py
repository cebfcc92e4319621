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
splits, count = (given.train, given.validation), settings["train_samples"]
driving = inputs.of_splits(*splits, settings["inputs"], count)
autoencoder = registry.create(Autoencoder, **settings["autoencoder"])
with open_states(*splits, count) as states:
    maps = symmetries.of(settings["system"], *symmetries.layout(states[0]))
    objective = autoencoder.objective(*states, maps, settings["memory"], seed, **driving)
    for description in given.start:  # by name: only such a training depends on its code
        objective = registry.function("surrogate", "start.encoded")(objective, description)
    train(objective, Job.of(snakemake))
