"""Forecast the test samples of an experiment with a baseline that is fitted."""

from led.jobs import runtime

runtime.start(snakemake.log[0])

import threadpoolctl

from led.data import splits
from led.evaluation.baselines.base import FittedBaseline, predict
from led.jobs import files, provenance, registry

settings = snakemake.params.settings
threadpoolctl.threadpool_limits(1)  # sums in another order give other digits
baseline = registry.create(FittedBaseline, **settings["baseline"])
with (
    files.open_dataset(snakemake.input.train) as train,
    files.open_dataset(snakemake.input.test) as test,
):
    known = splits.first(train["state"], settings["train_samples"], snakemake.input.train)
    prediction = predict(baseline, known, test["state"], settings["warmup"], settings["horizon"])
forecast = prediction.to_dataset(name="prediction")
files.write(forecast.assign_attrs(provenance.attributes(settings)), snakemake.output[0])
