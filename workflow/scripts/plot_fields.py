"""Plot one forecast as fields."""

from led.jobs import runtime

runtime.start(snakemake.log[0])

from led.figures import fields, style
from led.jobs import files

forecast = files.read(snakemake.input[0])
figure = fields.compare(forecast, "prediction", **snakemake.params.settings)
style.save(figure, snakemake.output[0])
