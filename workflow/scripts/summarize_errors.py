"""Summarize the errors of an experiment as a page of HTML."""

from led.jobs import runtime

runtime.start(snakemake.log[0])

import pandas as pd

from led.evaluation import diagnosis, histories, tables
from led.jobs import files

errors = pd.read_csv(snakemake.input.errors)
findings = diagnosis.diagnose(errors, histories.read(snakemake.input.items()))
settings = snakemake.params.settings
costs = pd.read_csv(snakemake.input.costs)
parts = {"findings": findings, "costs": costs}
page = tables.page(errors, snakemake.wildcards.experiment, **settings, **parts)
with files.moved_into_place(snakemake.output[0]) as path:
    path.write_text(page)
