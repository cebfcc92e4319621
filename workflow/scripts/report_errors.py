"""Report the errors of the forecast, and of the baselines beside it."""

from itertools import chain

from led.jobs import runtime

runtime.start(snakemake.log[0])

from led.data import splits
from led.evaluation import errors, events
from led.evaluation.baselines.simple import fitted, forecasts
from led.jobs import files, provenance, registry
from led.systems.base import System

settings = snakemake.params.settings
system = settings["system"]
declared = registry.create(System, **system).events if system else {}

with (
    files.open_dataset(snakemake.input.forecast) as forecast,
    files.open_dataset(snakemake.input.train) as train,
    files.open_dataset(snakemake.input.test) as test,
):
    known = splits.first(train["state"], settings["train_samples"], snakemake.input.train)
    lowest, highest = errors.extremes(known)
    reports = {}
    given = forecasts(forecast, known, test["state"])
    for name, prediction in chain(given, fitted(snakemake.input.baselines)):
        beyond = errors.out_of_range(prediction, lowest, highest)
        report = errors.errors(prediction, forecast["truth"]).assign(out_of_range=beyond)
        reports[name] = report.merge(events.compare(prediction, forecast["truth"], declared))
errors.warn_out_of_range("led", reports["led"]["out_of_range"], lowest, highest)
together = errors.combine(reports).assign_attrs(provenance.attributes({}))
files.write(together, snakemake.output.maps)
files.write_table(errors.table(reports), snakemake.output.table)
