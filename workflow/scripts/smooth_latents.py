"""Smooth latent trajectories along time."""

from led.jobs import runtime

runtime.start(snakemake.log[0])

from led.jobs import files, provenance
from led.surrogate.smoothing import smooth_split

settings = snakemake.params.settings
smoothed = smooth_split(files.read(snakemake.input[0]), **settings)
files.write(smoothed.assign_attrs(provenance.attributes(settings)), snakemake.output[0])
