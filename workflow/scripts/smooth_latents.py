"""Smooth latent trajectories along time."""

from led import runtime

runtime.start(snakemake.log[0])

from led import files
from led.smoothing import smooth_split

latents = files.read(snakemake.input[0])
files.write(smooth_split(latents, **snakemake.params.settings), snakemake.output[0])
