"""Plot what the autoencoder makes of one sample, as fields."""

from led.jobs import runtime

runtime.start(snakemake.log[0])

from led.figures import fields, style
from led.jobs import files

forecast = files.read(snakemake.input[0])
figure = fields.compare(forecast, "reconstruction", **snakemake.params.settings)
style.save(figure, snakemake.output[0])
