"""Train a new decoder of an experiment on what its networks forecast."""

from led.jobs import runtime

runtime.start(snakemake.log[0])

from led.autoencoders.base import Autoencoder
from led.data.splits import known_latents, open_states
from led.dynamics.base import load_members
from led.jobs import registry, seeds
from led.systems import symmetries
from led.training.loop import Job, train
from led.training.objectives.decoder import Decoding, forecasts

settings, given = snakemake.params.settings, snakemake.input
seed = runtime.use_keras(seeds.derive(settings["seed"], "decoder"), settings["threads"])
latents, known, driving = known_latents(given.train, given.validation, settings["warmup"])
dynamics, networks = load_members(settings["rnn"], given.rnn)
reach = dynamics.reach(known, latents[0].shape[1])
ahead = forecasts([*map(dynamics.member, networks)], latents, known, **driving, reach=reach)
autoencoder = registry.create(Autoencoder, **settings["autoencoder"])
with open_states(given.train_states, given.validation_states, settings["train_samples"]) as states:
    maps = symmetries.of(settings["system"], *symmetries.layout(states[0]))
    data = (*zip(ahead, states, strict=True), maps, settings["memory"], seed)
    objective = registry.make(Decoding, **settings["decoder"]).objective(
        autoencoder, *data, **driving
    )
    train(objective, Job.of(snakemake))
