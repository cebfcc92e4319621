"""Report the errors of the forecast, and of the baselines."""

from led.jobs import runtime

runtime.start(snakemake.log[0])

from led.data import splits
from led.evaluation import errors, forecasters
from led.jobs import files, provenance, registry
from led.systems.base import System

settings, given = snakemake.params.settings, snakemake.input
system = settings["system"]
events = registry.create(System, **system).events if system else {}
with (
    files.open_dataset(given.forecast) as forecast,
    files.open_dataset(given.train) as train,
    files.open_dataset(given.states) as states,
):
    training = splits.first(train["state"], settings["train_samples"], given.train)
    baselines = settings["baselines"], given.baselines
    predictions = forecasters.predictions(forecast, training, states["state"], *baselines)
    reports = forecasters.reports(predictions, forecast["truth"], training, events)
together = errors.combine(reports).assign_attrs(provenance.attributes({}))
files.write(together, snakemake.output.maps)
files.write_table(errors.table(reports), snakemake.output.table)
