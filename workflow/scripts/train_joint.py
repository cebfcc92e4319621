"""Train decoder and recurrent networks of an experiment together, on what they forecast."""

from led.jobs import runtime

runtime.start(snakemake.log[0])

from led.autoencoders.base import Scaling, load
from led.data.frames import forecast_frames
from led.data.splits import training_states
from led.dynamics.base import LatentForecaster
from led.jobs import files, registry
from led.systems import symmetries
from led.training.checkpoint import Checkpoint
from led.training.loop import keep
from led.training.objectives import joint

settings, given, made = snakemake.params.settings, snakemake.input, snakemake.output
runtime.use_keras(settings["seed"], settings["threads"])
latents = [files.read(path)["latents"] for path in (given.train, given.validation)]
warmup, _ = forecast_frames(latents[0]["time"].values, settings["warmup"])
training = registry.make(joint.Joint, stride=settings["rnn"]["stride"], **settings["joint"])

registry.create(LatentForecaster, **settings["rnn"])  # defines layers of the files
decoder = load(given.autoencoder).get_layer("decoder")
for path in given.decoder:
    decoder = files.load_network(path)
members = [files.load_network(path) for path in given.rnn]
model = joint.build(decoder, members, training.frames_per_sample)
model.summary()
every = snakemake.resources.checkpoint_seconds
checkpoint = Checkpoint.beside(made.model, settings, snakemake.params.code, given, every)
splits = given.train_states, given.validation_states
with training_states(*splits, settings["train_samples"]) as (states, validation_states):
    history = training.fit(
        model,
        (latents[0].values, states),
        (latents[1].values, validation_states),
        warmup,
        Scaling.of(states),
        settings["seed"],
        checkpoint,
        symmetries.of(settings["system"], states.shape[2:]),
        settings["memory"],
    )
keep(model, history, made.model, made.history, checkpoint)
