"""Measure what the forecasters of an experiment cost, and our solver next to them."""

from led.jobs import runtime

runtime.start(snakemake.log[0])

from pathlib import Path

import pandas as pd

from led.data import inputs, splits
from led.data.frames import forecast_frames
from led.data.scaling import Scaling
from led.evaluation import coarse, costs, forecasters
from led.jobs import files, registry
from led.solvers.base import Solver
from led.surrogate import run
from led.surrogate.surrogate import Surrogate
from led.systems import symmetries
from led.systems.base import System

settings, given = snakemake.params.settings, snakemake.input
runtime.use_keras(seed=0, threads=1)  # of everything, for a fair comparison
surrogate = Surrogate.load(Path(given.description).parent)
names, described = list(surrogate.description.inputs), surrogate.description
shorter = snakemake.params.split == "validation"
with files.open_dataset(given.train) as train, files.open_dataset(given.states) as samples:
    training = splits.first(train["state"], settings["train_samples"], given.train)
    maps = symmetries.of(settings["symmetries"], *symmetries.layout(training))
    states = samples["state"].load()
    driving = inputs.read(samples, names, given.states) if names else None
    times = described.warmup, settings["horizon"], shorter
    known, stop = forecast_frames(states["time"].values, *times)
    measured = {"led": run.seconds(surrogate, states, *times[1:], driving)}
    compared = forecasters.with_inputs(settings["baselines"], training, names)
    measured |= forecasters.seconds(compared, training, states, times, maps)
    for path in [*given.forecasts, *given.baselines]:
        measured[Path(path).stem] = forecasters.recorded(path)
    solver, interval = pd.DataFrame(), float(states["time"][1] - states["time"][0])
    if simulation := settings["simulation"]:
        system = registry.create(System, **simulation.pop("system"))
        method = registry.create(Solver, **simulation.pop("solver"))
        every, _ = simulation.pop("output_every"), simulation.pop("dt")
        before, frames = states[:, known - 1], stop - known
        continuation = coarse.Continuation(system, method, before, interval, frames, **simulation)
        rungs = coarse.ladder(system, every, frames)
        deviation = Scaling.of(training).deviation
        solver = costs.curve(continuation, rungs, states[:, known:stop], deviation)
benchmarks = Path(given.description).parents[1] / "benchmarks"
prepared = {part: costs.before(benchmarks, jobs) for part, jobs in settings["jobs"].items()}
extent = len(states), (stop - known) * interval
table = costs.table(measured, solver, pd.read_csv(given.errors), extent, prepared)
files.write_table(table, snakemake.output[0])
