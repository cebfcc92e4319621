"""Plot the time that a dataset takes against the number of cores."""

from led.jobs import runtime

runtime.start(snakemake.log[0])

import pandas as pd

from led.figures import style, timings

figure = timings.generation(pd.read_csv(snakemake.input[0]), snakemake.wildcards.dataset)
style.save(figure, snakemake.output[0])
