"""Plot one forecast as fields."""

from led import runtime

runtime.start(snakemake.log[0])

from led import figures, files

forecast = files.read(snakemake.input[0])
figures.save(figures.fields(forecast, **snakemake.params.settings), snakemake.output[0])
