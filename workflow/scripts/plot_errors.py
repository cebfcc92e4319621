"""Plot the errors over time."""

from led import runtime

runtime.start(snakemake.log[0])

from led import files
from led.figures import scores, style

style.save(scores.errors(files.read(snakemake.input[0])), snakemake.output[0])
