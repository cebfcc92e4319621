"""Plot the errors over time."""

from led.jobs import runtime

runtime.start(snakemake.log[0])

from led.figures import scores, style
from led.jobs import files

style.save(scores.errors(files.read(snakemake.input[0])), snakemake.output[0])
