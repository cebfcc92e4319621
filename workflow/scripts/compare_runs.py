"""Compare the errors of the runs of a study."""

from led.jobs import runtime

runtime.start(snakemake.log[0])

from led.evaluation import comparison
from led.jobs import files

tables = [files.read_table(path) for path in snakemake.input]
files.write_table(
    comparison.compare(tables, snakemake.params.settings["runs"]), snakemake.output[0]
)
