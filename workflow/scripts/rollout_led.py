"""Forecast the test samples of an experiment."""

from led.jobs import runtime

runtime.start(snakemake.log[0])

from led.autoencoders.base import check_shape
from led.jobs import files, provenance, registry
from led.solvers.base import Solver
from led.surrogate import run as scoring
from led.surrogate import surrogate as rollout
from led.systems.base import System

settings, networks = snakemake.params.settings, snakemake.input.rnn
runtime.use_keras(seed=0, threads=settings["threads"])
learned = {key: settings[key] for key in ("rnn", "smoothing", "interval", "system")}
decoder, joint = (next(iter(snakemake.input[key]), None) for key in ("decoder", "joint"))
forecaster = rollout.Forecaster.from_files(
    snakemake.input.autoencoder, networks, **learned, decoder=decoder, trained_jointly=joint
)
state = files.read(snakemake.input.test)["state"]
check_shape(forecaster.autoencoder, state, snakemake.input.autoencoder)
forecast = scoring.score(forecaster, state, settings["warmup"], settings["horizon"])

if simulation := settings["simulation"]:
    simulation["system"] = registry.create(System, **simulation["system"])
    simulation["solver"] = registry.create(Solver, **simulation["solver"])
    forecast = scoring.with_solver_time(forecast, **simulation)
forecast.attrs = provenance.attributes(learned)
files.write(forecast, snakemake.output.forecast)
rollout.describe(
    snakemake.output.description,
    **learned,
    members=len(networks),
    decoder=bool(decoder),
    joint=bool(joint),
)
