"""Plot one forecast in latent space."""

from led.jobs import runtime

runtime.start(snakemake.log[0])

from led.figures import series, style
from led.jobs import files

forecast = files.read(snakemake.input.forecast)
latents = files.read(snakemake.input.latents)
style.save(series.latents(forecast, latents, **snakemake.params.settings), snakemake.output[0])
