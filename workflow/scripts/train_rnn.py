"""Train one recurrent network of an experiment."""

from led.jobs import runtime

runtime.start(snakemake.log[0])

from led.data.splits import known_latents
from led.dynamics.base import Dynamics
from led.jobs import registry, seeds
from led.training.loop import Job, train

settings, given = snakemake.params.settings, snakemake.input
seed = seeds.derive(settings["seed"], "rnn", settings["member"])
runtime.use_keras(seed, settings["threads"])
latents, known, driving = known_latents(given.train, given.validation, settings["warmup"])
dynamics = registry.create(Dynamics, **settings["rnn"])
objective = dynamics.objective(*latents, known, seed, **driving)
for description in given.start:  # by name: only such a training depends on its code
    continued = registry.function("surrogate", "start.advanced")
    objective = continued(objective, dynamics, description, settings["member"])
train(objective, Job.of(snakemake))
