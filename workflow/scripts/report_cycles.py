"""Report how often adaptive forecasts trusted the surrogate, and how right that was."""

from led.jobs import runtime

runtime.start(snakemake.log[0])

from led.evaluation import cycles
from led.jobs import files

named = zip(snakemake.params.settings["forecasts"], snakemake.input, strict=True)
forecasts = {name: files.read(path) for name, path in named}
files.write_table(cycles.of_each(forecasts), snakemake.output.cycles)
files.write_table(cycles.summary(forecasts), snakemake.output.summary)
