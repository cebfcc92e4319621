"""Plot one forecast in latent space."""

from led import runtime

runtime.start(snakemake.log[0])

from led import figures, files

forecast = files.read(snakemake.input.forecast)
latents = files.read(snakemake.input.latents)
figures.save(figures.latents(forecast, latents, **snakemake.params.settings), snakemake.output[0])
