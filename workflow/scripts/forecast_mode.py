"""Forecast the samples of a split in one of the modes."""

from led.jobs import runtime

runtime.start(snakemake.log[0])

from contextlib import nullcontext
from pathlib import Path

from led.data import inputs, splits
from led.jobs import files, provenance, registry
from led.solvers.base import Solver
from led.surrogate import named
from led.surrogate.modes.base import Mode
from led.surrogate.surrogate import Surrogate
from led.systems.base import System
from led.training.checkpoint import Checkpoint

settings, given = snakemake.params.settings, snakemake.input
runtime.use_keras(seed=0, threads=settings["threads"])
surrogate = Surrogate.load(Path(given.description).parent).symmetrized(settings["symmetries"])
states, names = files.read(given.states), list(surrogate.description.inputs)
driving = inputs.read(states, names, given.states) if names else None
if simulation := settings["simulation"]:
    simulation["system"] = registry.create(System, **simulation["system"])
    simulation["solver"] = registry.create(Solver, **simulation["solver"])
mode = registry.create(Mode, **settings["mode"])
shorter = snakemake.params.split == "validation"  # than the test samples, and may end before
times = settings["horizon"], shorter
options = {"every": settings["every"], "times": settings["times"], "simulation": simulation}
checkpoint = Checkpoint.of(
    snakemake.output[0],
    snakemake.params.compared,
    snakemake.params.code,
    given,
    snakemake.resources.checkpoint_seconds,
)
learned = given.train, given.validation, settings["train_samples"]
with splits.open_states(*learned) if mode.learns else nullcontext(()) as opened:
    training = dict(zip(("train", "validation"), opened, strict=False))
    options |= {"training": training, "checkpoint": checkpoint}
    forecast = named.forecast(mode, surrogate, states["state"], *times, driving, **options)
files.write(forecast.assign_attrs(provenance.attributes(settings["mode"])), snakemake.output[0])
checkpoint.remove()
