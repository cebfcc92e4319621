"""Plot one forecast in single cells."""

from led import runtime

runtime.start(snakemake.log[0])

from led import figures, files

forecast = files.read(snakemake.input[0])
figures.save(figures.particles(forecast, **snakemake.params.settings), snakemake.output[0])
