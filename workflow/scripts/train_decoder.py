"""Train the decoder of an experiment on what its recurrent networks forecast."""

from led.jobs import runtime

runtime.start(snakemake.log[0])

from led.autoencoders.base import Autoencoder, Scaling
from led.data.frames import forecast_frames
from led.data.splits import training_states
from led.dynamics.base import LatentForecaster
from led.jobs import files, registry
from led.systems import symmetries
from led.training.checkpoint import Checkpoint
from led.training.loop import keep
from led.training.objectives import decoder as decoding

settings, given, made = snakemake.params.settings, snakemake.input, snakemake.output
runtime.use_keras(settings["seed"], settings["threads"])
latents = [files.read(path)["latents"] for path in (given.train, given.validation)]
warmup, _ = forecast_frames(latents[0]["time"].values, settings["warmup"])
rnn = registry.create(LatentForecaster, **settings["rnn"])
members = [files.load_network(path) for path in given.rnn]
ahead = [decoding.forecasts(rnn, members, split.values, warmup) for split in latents]

every = snakemake.resources.checkpoint_seconds
checkpoint = Checkpoint.beside(made.model, settings, snakemake.params.code, given, every)
splits = given.train_states, given.validation_states
with training_states(*splits, settings["train_samples"]) as (states, validation_states):
    scaling, shape = Scaling.of(states), states.shape[2:]
    autoencoder = registry.create(Autoencoder, **settings["autoencoder"])
    decoder = autoencoder.build_decoder(
        ahead[0].shape[-1], shape, scaling, latent_scaling=Scaling.of(ahead[0])
    )
    decoder.summary()
    history = registry.make(decoding.Decoding, **settings["decoder"]).fit(
        decoder,
        (ahead[0], states[:, warmup:]),
        (ahead[1], validation_states[:, warmup:]),
        scaling,
        settings["seed"],
        checkpoint,
        symmetries.of(settings["system"], shape),
        settings["memory"],
    )
keep(decoder, history, made.model, made.history, checkpoint)
