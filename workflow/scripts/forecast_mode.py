"""Forecast the samples of a split in one of the modes."""

from led.jobs import runtime

runtime.start(snakemake.log[0])

from pathlib import Path

from led.data import inputs, splits
from led.jobs import files, provenance, registry
from led.solvers.base import Solver
from led.surrogate import named
from led.surrogate.modes.base import Mode
from led.surrogate.surrogate import Surrogate
from led.systems.base import System
from led.training.checkpoint import Checkpoint

settings = snakemake.params.settings
runtime.use_keras(seed=0, threads=settings["threads"])
surrogate = Surrogate.load(Path(snakemake.input.description).parent)
states, names = files.read(snakemake.input.states), list(surrogate.description.inputs)
driving = inputs.read(states, names, snakemake.input.states) if names else None
if simulation := settings["simulation"]:
    simulation["system"] = registry.create(System, **simulation["system"])
    simulation["solver"] = registry.create(Solver, **simulation["solver"])
mode = registry.create(Mode, **settings["mode"])
shorter = snakemake.params.split == "validation"  # than the test samples, and may end before
times = settings["horizon"], shorter
learned, checkpoint = None, None
if mode.learns:
    paths = {"train": snakemake.input.train, "validation": snakemake.input.validation}
    learned = {name: files.open_dataset(path)["state"] for name, path in paths.items()}
    learned["train"] = splits.first(learned["train"], settings["train_samples"], paths["train"])
    checkpoint = Checkpoint.of(
        snakemake.output[0],
        snakemake.params.compared,
        snakemake.params.code,
        snakemake.input,
        snakemake.resources.checkpoint_seconds,
    )
options = {"every": settings["every"], "times": settings["times"], "simulation": simulation}
options |= {"training": learned, "checkpoint": checkpoint}
forecast = named.forecast(mode, surrogate, states["state"], *times, driving, **options)
files.write(forecast.assign_attrs(provenance.attributes(settings["mode"])), snakemake.output[0])
if checkpoint:
    checkpoint.remove()
