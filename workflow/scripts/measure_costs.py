"""Measure what the forecasters of an experiment cost, and our solver next to them."""

from led.jobs import runtime

runtime.start(snakemake.log[0])

from pathlib import Path

import pandas as pd

from led.data import inputs, splits
from led.data.frames import forecast_frames
from led.evaluation import costs, forecasters
from led.jobs import files, registry
from led.solvers.base import Solver
from led.surrogate import timing
from led.surrogate.surrogate import Surrogate
from led.systems import symmetries
from led.systems.base import System

settings, given = snakemake.params.settings, snakemake.input
runtime.use_keras(seed=0, threads=1)  # of everything, for a fair comparison
surrogate = Surrogate.load(Path(given.description).parent)
names, shorter = list(surrogate.description.inputs), snakemake.params.split == "validation"
if simulation := settings["simulation"]:
    simulation["system"] = registry.create(System, **simulation["system"])
    simulation["solver"] = registry.create(Solver, **simulation["solver"])
with files.open_dataset(given.train) as train, files.open_dataset(given.states) as samples:
    training = splits.first(train["state"], settings["train_samples"], given.train)
    maps = symmetries.of(settings["symmetries"], *symmetries.layout(training))
    driving = inputs.read(samples, names, given.states) if names else None
    states, times = samples["state"].load(), (settings["horizon"], shorter)
    compared = training, states, settings["baselines"], simulation
    seconds, solver, extent = timing.measure(surrogate, *compared, *times, driving, maps)
known, _ = forecast_frames(states["time"].values, surrogate.description.warmup, *times)
last = float(states["time"][known - 1])
for path in [*given.forecasts, *given.baselines]:
    seconds[Path(path).stem] = forecasters.recorded(path, last, extent[1])
benchmarks = Path(given.description).parents[1] / "benchmarks"
prepared = {part: costs.before(benchmarks, jobs) for part, jobs in settings["jobs"].items()}
table = costs.table(seconds, solver, pd.read_csv(given.errors), extent, prepared)
files.write_table(table, snakemake.output[0])
