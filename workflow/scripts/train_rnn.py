"""Train one recurrent network of an experiment."""

from led.jobs import runtime

runtime.start(snakemake.log[0])

from led.autoencoders.base import Scaling
from led.data.frames import forecast_frames
from led.dynamics.base import LatentForecaster
from led.jobs import files, registry
from led.training.checkpoint import Checkpoint
from led.training.loop import keep

settings = snakemake.params.settings
seed = settings["seed"] + settings["member"]
runtime.use_keras(seed, settings["threads"])
train = files.read(snakemake.input.train)["latents"]
validation = files.read(snakemake.input.validation)["latents"]
warmup, _ = forecast_frames(train["time"].values, settings["warmup"])

forecaster = registry.create(LatentForecaster, **settings["rnn"])
scaling = Scaling.of(train)
model = forecaster.build(scaling)
model.summary(expand_nested=True)
checkpoint = Checkpoint.beside(
    snakemake.output.model,
    settings,
    snakemake.params.code,
    snakemake.input,
    snakemake.resources.checkpoint_seconds,
)
history = forecaster.fit(model, train.values, validation.values, warmup, scaling, seed, checkpoint)
keep(model, history, snakemake.output.model, snakemake.output.history, checkpoint)
