"""Forecasts of `fhn` against the simulation of the same samples, and against the reference."""

import contextlib
import io
import time
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np
import yaml

from benchmarks.timing import Row, in_turns, seconds
from led.autoencoders.base import Autoencoder
from led.config.complete import complete
from led.data.scaling import Scaling
from led.data.simulate import simulate
from led.dynamics.base import Dynamics
from led.jobs import registry, runtime
from led.solvers.base import Solver
from led.solvers.theta import Theta
from led.surrogate.description import Description
from led.surrogate.surrogate import Surrogate
from led.systems.base import System

SAMPLES, KNOWN, AHEAD = 20, 200, 800  # frames
SIDES = (20, 40, 80)  # of the grid
REFERENCE = 55e-3  # s a frame: the reference's forecast, measured once, at its best (55 to 75 ms)
RUNS = 3


class _NumPyTheta(Theta):
    """As it is for a system that is no `PointwiseSystem`."""

    integrate = Solver.integrate


def measure():
    """Yield the rows: CPU time of one thread for a frame of one sample.

    What a forecast needs for a frame is what a solver may need before the forecast pays. The
    warm-up, which only a solver can make, is not counted.
    """
    runtime.use_keras(seed=0, threads=1)
    config = yaml.safe_load(Path("config.yaml").read_text())
    config = complete(config, Path("workflow/schemas/config.schema.yaml"))
    dataset, experiment = config["datasets"]["fhn"], config["experiments"]["fhn"]
    options = {key: value for key, value in dataset["solver"].items() if key != "name"}
    for side in SIDES:
        what = f"{side} x {side}, a forecast / "
        system = registry.create(System, **dataset["system"] | {"nx": side, "ny": side})
        solve = partial(_simulate, system, Theta(**options), dataset["dt"])
        forecast = _forecast(experiment, solve())
        if side == SIDES[0]:
            yield _against_reference(f"{what}the reference's", forecast)
        yield _against(f"{what}theta method", forecast, solve)
        if side == SIDES[0]:
            finer = partial(solve, steps=10)
            yield _against(f"{what}theta method, 10 steps a frame", forecast, finer)
            in_numpy = partial(_simulate, system, _NumPyTheta(**options), dataset["dt"])
            yield _against(f"{what}theta method in NumPy", forecast, in_numpy)


def _against_reference(what, forecast):
    ours = median(seconds(forecast, time.process_time) for _ in range(RUNS)) / SAMPLES / AHEAD
    return Row(
        what,
        f"{1e6 * ours:.0f} µs",
        f"{1e3 * REFERENCE:.0f} ms",
        f"{REFERENCE / ours:.0f} times faster",
        "> 500",
    )


def _against(what, forecast, solve):
    ours, theirs, ratio = in_turns(forecast, solve, RUNS, time.process_time)
    frames = KNOWN + AHEAD
    return Row(
        what,
        f"{1e6 * ours / SAMPLES / AHEAD:.1f} µs",
        f"{1e6 * theirs / SAMPLES / frames:.1f} µs",
        f"{ratio * AHEAD / frames:.2f} times as fast",
        "> 1",
    )


def _simulate(system, solver, dt, steps=1):
    """Return the states of all samples, with so many time steps a frame."""
    options = {"seed": 1, "split": "test", "samples": range(SAMPLES), "dt": dt / steps}
    duration = (KNOWN + AHEAD) * dt
    with contextlib.redirect_stdout(io.StringIO()):  # its progress
        simulated = simulate(system, solver, duration=duration, output_every=steps, **options)
    return simulated["state"].values


def _forecast(experiment, states):
    """Return what forecasts the samples, compiled; its weights are random, which costs the same."""
    autoencoder = registry.create(Autoencoder, **experiment["autoencoder"])
    model = autoencoder.build(states.shape[2:], Scaling.of(states[:1]))
    settings = {key: value for key, value in experiment["rnn"].items() if key != "members"}
    dynamics = registry.create(Dynamics, **settings)
    latents = experiment["autoencoder"]["latent_dim"]
    network = dynamics.build(Scaling(np.zeros(latents), np.ones(latents)))
    description = Description(
        components=["u", "w"],
        grid={},
        interval=0.5,
        warmup=100.0,
        smoothing=experiment["smoothing"],
    )
    surrogate = Surrogate(description, model, (dynamics.member(network),))
    run = surrogate.rollout(np.arange(AHEAD), KNOWN)
    return partial(run, states[:, :KNOWN].copy())
