"""Train decoder and networks of an experiment together, on what they forecast."""

from led.jobs import runtime

runtime.start(snakemake.log[0])

from led.autoencoders.trained import load_decoder
from led.data.splits import known_latents, open_states
from led.dynamics.base import load_members
from led.jobs import registry, seeds
from led.systems import symmetries
from led.training.loop import Job, train
from led.training.objectives.joint import Joint

settings, given = snakemake.params.settings, snakemake.input
seed = runtime.use_keras(seeds.derive(settings["seed"], "joint"), settings["threads"])
latents, known, driving = known_latents(given.train, given.validation, settings["warmup"])
dynamics, networks = load_members(settings["rnn"], given.rnn)
decoder = load_decoder(given.autoencoder, *given.decoder)
with open_states(given.train_states, given.validation_states, settings["train_samples"]) as states:
    maps = symmetries.of(settings["system"], *symmetries.layout(states[0]))
    data = (*zip(latents, states, strict=True), known, maps, settings["memory"], seed)
    window, count = dynamics.windows(known, latents[0].shape[1])
    shared = {"stride": dynamics.stride, "window": window, "windows_per_sample": count}
    joint = registry.make(Joint, **shared, **settings["joint"])
    train(joint.objective(decoder, networks, *data, **driving), Job.of(snakemake))
