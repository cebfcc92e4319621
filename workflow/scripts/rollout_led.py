"""Forecast the samples of a split."""

from led.jobs import runtime

runtime.start(snakemake.log[0])

from dataclasses import asdict
from pathlib import Path

from led.data import inputs
from led.jobs import files, provenance, registry
from led.solvers.base import Solver
from led.surrogate import run
from led.surrogate.surrogate import Surrogate
from led.systems.base import System

settings = snakemake.params.settings
runtime.use_keras(seed=0, threads=settings["threads"])
surrogate = Surrogate.load(Path(snakemake.input.description).parent)
states, names = files.read(snakemake.input.states), list(surrogate.description.inputs)
driving = inputs.read(states, names, snakemake.input.states) if names else None
shorter = snakemake.params.split == "validation"  # than the test samples, and may end before
kept = settings["keep_members"]
forecast = run.score(surrogate, states["state"], settings["horizon"], shorter, driving, kept)
if level := settings["interval"]:
    forecast = run.with_interval(forecast, surrogate, level)
if simulation := settings["simulation"]:
    simulation["system"] = registry.create(System, **simulation["system"])
    simulation["solver"] = registry.create(Solver, **simulation["solver"])
    forecast = run.with_solver_time(forecast, **simulation)
forecast.attrs = provenance.attributes(asdict(surrogate.description))
files.write(forecast, snakemake.output[0])
