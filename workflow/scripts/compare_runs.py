"""Compare the errors of the runs of a study."""

from led.jobs import runtime

runtime.start(snakemake.log[0])

import pandas as pd

from led.evaluation import comparison
from led.jobs import files

tables = [pd.read_csv(path) for path in snakemake.input]
files.write_table(
    comparison.compare(tables, snakemake.params.settings["runs"]), snakemake.output[0]
)
