"""Summarize the errors of an experiment as a page of HTML."""

from led.jobs import runtime

runtime.start(snakemake.log[0])

import pandas as pd

from led.evaluation import diagnosis, histories, tables
from led.jobs import files

errors = pd.read_csv(snakemake.input.errors)
settings = snakemake.params.settings
read = histories.read(snakemake.input.items())
findings = diagnosis.diagnose(errors, read, settings["forecasts"])
page = tables.page(errors, snakemake.wildcards.experiment, **settings, findings=findings)
with files.moved_into_place(snakemake.output[0]) as path:
    path.write_text(page)
