"""Report the errors of the forecast, and of the baselines."""

from led.jobs import runtime

runtime.start(snakemake.log[0])

from itertools import chain
from pathlib import Path

from led.data import inputs, splits
from led.evaluation import diagnosis, errors, forecasters, histories, uncertainty
from led.jobs import files, provenance, registry
from led.systems import symmetries
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
    maps = symmetries.of(settings["symmetries"], *symmetries.layout(training))
    names, count = settings["inputs"], settings["train_samples"]
    beyond = inputs.beyond(states, train, names, count, (given.states, given.train))
    compared = forecasters.with_inputs(settings["baselines"], training, names)
    baselines = compared, given.baselines, maps, given.forecasts
    predictions = forecasters.predictions(forecast, training, states["state"], *baselines)
    window = forecasters.warmup_of(states["state"], forecast["truth"])
    truth = forecasters.refined_truth(given.refined, forecast["truth"])
    predictions = chain(predictions, truth)
    reports = forecasters.reports(predictions, forecast["truth"], training, events, window)
    measured = uncertainty.measure(forecast, training)
together = errors.combine(reports).merge(measured).assign_attrs(provenance.attributes({}))
files.write(together, snakemake.output.maps)
table = uncertainty.append(errors.table(reports), measured, reports["led"]["out_of_range"])
if names:
    table[inputs.OUTSIDE] = table["sample"].map(beyond)
named = [Path(path).stem for path in given.forecasts]
read = histories.read(given.items())
diagnosis.warn(diagnosis.diagnose(table, read, named, settings["variance"]))
files.write_table(table, snakemake.output.table)
