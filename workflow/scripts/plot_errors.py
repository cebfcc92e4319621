"""Plot the errors over time."""

from led import runtime

runtime.start(snakemake.log[0])

from led import figures, files

figures.save(figures.errors(files.read(snakemake.input[0])), snakemake.output[0])
