"""Forecasts and simulations of the shipped experiments, ready to be timed.

The networks have the shipped shapes and random weights: a forecast costs the same with any.
"""

import contextlib
import io
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import yaml

from led.autoencoders.base import Autoencoder
from led.config.chosen import network_of
from led.config.complete import complete
from led.data.frames import frames_until
from led.data.scaling import Scaling
from led.data.simulate import simulate
from led.data.simulation import Simulation
from led.dynamics.base import Dynamics
from led.jobs import registry
from led.solvers.base import Solver
from led.surrogate.description import Description
from led.surrogate.surrogate import Surrogate
from led.systems import symmetries
from led.systems.base import System

FIT = 4  # samples that scaling and principal components are fitted on


@dataclass(frozen=True, eq=False)
class Case:
    """An experiment, for a number of samples.

    Parameters
    ----------
    name : str
    samples : int
    frames : int
        Of a forecast.
    interval : float
        Time between them.
    window : ndarray, shape (sample, known, *grid, component)
        The warm-up.
    surrogate : led.surrogate.surrogate.Surrogate
    solver : callable
        Takes steps a frame and frames between two that are stored, and returns what simulates.
    """

    name: str
    samples: int
    frames: int
    interval: float
    window: np.ndarray
    surrogate: Surrogate
    solver: object

    def forecast(self, spacing):
        """Return what forecasts and decodes every so many frames, up to the last one."""
        chosen = np.arange(self.frames)[::-1][::spacing][::-1]
        return partial(self.surrogate.rollout(chosen, self.window.shape[1]), self.window)


def configuration():
    """Return the shipped configuration, completed."""
    config = yaml.safe_load(Path("config.yaml").read_text())
    return complete(config, Path("workflow/schemas/config.schema.yaml"))


def case(config, name, samples, frames):
    """Return the `Case` of an experiment."""
    experiment = config["experiments"][name]
    dataset = config["datasets"][experiment["dataset"]]
    interval = dataset["dt"] * dataset["output_every"]
    known = frames_until(experiment["warmup"], interval)
    system, solver = (
        registry.create(base, **dataset[section])
        for base, section in ((System, "system"), (Solver, "solver"))
    )
    drawing = {"seed": 1, "split": "test", "design": dataset["design"], "number": samples}
    options = {"dt": dataset["dt"], "samples": range(samples)} | drawing
    with contextlib.redirect_stdout(io.StringIO()):  # its progress
        made = simulate(
            system,
            solver,
            duration=known * interval,
            output_every=dataset["output_every"],
            spin_up=min(dataset["spin_up"], 5.0),
            **options,
        )["state"][:, :known]
    surrogate = _untrained(experiment, made, interval, symmetries_of(experiment, system, made))
    start, time = made[:, -1].values, float(made["time"][-1])

    def solve(steps=dataset["output_every"], spacing=1):
        finer = options | {"dt": interval / steps, "output_every": steps * spacing}
        simulation = Simulation.of(system, solver, **finer)
        return partial(simulation.advance, start, time, frames // spacing)

    window = made.values.astype(np.float32)
    return Case(name, samples, frames, interval, window, surrogate, solve)


def symmetries_of(experiment, system, state):
    """Return the pairs of maps of a forecast with symmetric copies; none without them."""
    if not experiment["symmetrize"]:
        return ()
    maps = symmetries.group(system.symmetries, state.shape[2:])
    return [(map_, np.asarray) for map_ in maps]  # the way back costs as much as none


def _untrained(experiment, made, interval, pairs):
    """Return the surrogate with networks of random weights, and principal components of few."""
    autoencoder = registry.create(Autoencoder, **experiment["autoencoder"])
    scaling = Scaling.of(made[:FIT])
    model = autoencoder.build(made.shape[2:], scaling)
    size = model.get_layer("encoder").output.shape[-1]
    dynamics = registry.create(Dynamics, **network_of(experiment))
    unit = Scaling(np.zeros(size), np.ones(size))
    members = tuple(
        dynamics.member(dynamics.build(unit)) for _ in range(experiment["rnn"]["members"])
    )
    description = Description(
        components=list(map(str, made["component"].values)),
        grid={},
        interval=interval,
        warmup=experiment["warmup"],
        smoothing=experiment["smoothing"],
    )
    return Surrogate(description, model, members, symmetries=pairs)
