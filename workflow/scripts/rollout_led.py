"""Forecast the test samples of an experiment."""

from led import runtime

runtime.start(snakemake.log[0])

from led import files, registry, rollout
from led.forecasters.base import Forecaster
from led.solvers.base import Solver
from led.systems.base import System

settings = snakemake.params.settings
runtime.use_keras(seed=0, threads=settings["threads"])
surrogate = rollout.Surrogate.load(
    snakemake.input.autoencoder,
    snakemake.input.rnn,
    registry.create(Forecaster, **settings["rnn"]),
    settings["smoothing"],
)
state = files.read(snakemake.input.test)["state"]
forecast = rollout.forecast(surrogate, state, settings["warmup"], settings["horizon"])

simulation = settings["simulation"]
simulation["system"] = registry.create(System, **simulation["system"])
simulation["solver"] = registry.create(Solver, **simulation["solver"])
files.write(rollout.with_solver_time(forecast, **simulation), snakemake.output[0])
