"""Forecast the samples of a split with a baseline that is fitted."""

from led.jobs import runtime

runtime.start(snakemake.log[0])

import threadpoolctl

from led.data import splits
from led.evaluation.baselines.base import Baseline, predict
from led.jobs import files, provenance, registry
from led.systems import symmetries

settings, given = snakemake.params.settings, snakemake.input
threadpoolctl.threadpool_limits(1)  # sums in another order give other digits
baseline = registry.create(Baseline, **settings["baseline"])
with files.open_dataset(given.train) as train, files.open_dataset(given.states) as states:
    known = splits.first(train["state"], settings["train_samples"], given.train)
    maps = symmetries.of(settings["symmetries"], *symmetries.layout(known))
    times = settings["warmup"], settings["horizon"]
    shorter = snakemake.params.split == "validation"  # than the test samples, and may end before
    forecast = predict(baseline, known, states["state"], *times, maps, capped=shorter)
files.write(forecast.assign_attrs(provenance.attributes(settings)), snakemake.output[0])
