"""Plot the errors of the runs of a study."""

from led.jobs import runtime

runtime.start(snakemake.log[0])

import pandas as pd

from led.figures import style
from led.figures.comparison import comparison

figure = comparison(pd.read_csv(snakemake.input[0]), snakemake.wildcards.study)
style.save(figure, snakemake.output[0])
