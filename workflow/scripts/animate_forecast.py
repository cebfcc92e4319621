"""Animate one forecast."""

from led.jobs import runtime

runtime.start(snakemake.log[0])

from led.figures import animation
from led.jobs import files

settings = snakemake.params.settings
forecast = files.read(snakemake.input[0])
figure, numbers, show = animation.draw(forecast, settings["sample"], settings["frames"])
animation.save(figure, numbers, show, snakemake.output, settings["pictures_a_second"])
