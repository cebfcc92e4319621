"""Plot what the autoencoder makes of one sample, in single cells."""

from led.jobs import runtime

runtime.start(snakemake.log[0])

from led.figures import series, style
from led.jobs import files

forecast = files.read(snakemake.input[0])
style.save(series.reconstruction(forecast, **snakemake.params.settings), snakemake.output[0])
