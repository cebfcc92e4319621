"""Animate one forecast."""

from led import runtime

runtime.start(snakemake.log[0])

from led import files
from led.figures import animation

settings = snakemake.params.settings
forecast = files.read(snakemake.input[0])
figure, numbers, show = animation.draw(forecast, settings["sample"], settings["frames"])
animation.save(figure, numbers, show, snakemake.output, settings["pictures_a_second"])
