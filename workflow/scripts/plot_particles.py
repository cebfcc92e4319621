"""Plot one forecast in single cells."""

from led import runtime

runtime.start(snakemake.log[0])

from led import files
from led.figures import series, style

forecast = files.read(snakemake.input[0])
style.save(series.particles(forecast, **snakemake.params.settings), snakemake.output[0])
