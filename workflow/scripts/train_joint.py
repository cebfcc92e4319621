"""Train decoder and recurrent networks of an experiment together, on what they forecast."""

from led import runtime

runtime.start(snakemake.log[0])

from led import files, joint, registry, symmetries
from led.autoencoders.base import Scaling, load
from led.checkpoint import Checkpoint
from led.forecasters.base import LatentForecaster
from led.frames import forecast_frames
from led.selection import training_states
from led.training import keep

settings = snakemake.params.settings
runtime.use_keras(settings["seed"], settings["threads"])
latents = files.read(snakemake.input.train)["latents"]
validation_latents = files.read(snakemake.input.validation)["latents"]
warmup, _ = forecast_frames(latents["time"].values, settings["warmup"])
training = joint.Joint(stride=settings["rnn"]["stride"], **settings["joint"])

registry.create(LatentForecaster, **settings["rnn"])  # defines layers of the files
decoder = load(snakemake.input.autoencoder).get_layer("decoder")
for path in snakemake.input.decoder:
    decoder = files.load_network(path)
members = [files.load_network(path) for path in snakemake.input.rnn]
model = joint.build(decoder, members, training.frames_per_sample)
model.summary()
checkpoint = Checkpoint.beside(
    snakemake.output.model,
    settings,
    snakemake.params.code,
    snakemake.input,
    snakemake.resources.checkpoint_seconds,
)
with training_states(
    snakemake.input.train_states, snakemake.input.validation_states, settings["train_samples"]
) as (states, validation_states):
    history = training.fit(
        model,
        (latents.values, states),
        (validation_latents.values, validation_states),
        warmup,
        Scaling.of(states),
        settings["seed"],
        checkpoint,
        symmetries.of(settings["system"], states.shape[2:]),
        settings["memory"],
    )
keep(model, history, snakemake.output.model, snakemake.output.history, checkpoint)
