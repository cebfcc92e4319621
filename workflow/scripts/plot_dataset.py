"""Plot a few training samples."""

from led.jobs import runtime

runtime.start(snakemake.log[0])

from led.figures import samples, style
from led.jobs import files

with files.open_dataset(snakemake.input[0]) as train:
    figure = samples.dataset(train["state"], **snakemake.params.settings)
style.save(figure, snakemake.output[0])
