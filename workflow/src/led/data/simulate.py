"""Samples of a system, drawn and simulated batch by batch."""

import numpy as np
import xarray as xr

from led.data import names
from led.systems.base import Problem, System

SPLITS = ("train", "validation", "test")


def draw(system, seed, split, samples):
    """Draw what distinguishes the samples: ``{name: array (sample,)}``.

    Each sample has a random stream of its own, which depends on (seed, split, number) alone, so
    it is the same in every batch.

    Parameters
    ----------
    system : led.systems.base.System
    seed : int
    split : str
        One of `SPLITS`.
    samples : sequence of int
        The numbers of the samples.
    """
    streams = [
        np.random.SeedSequence(seed, spawn_key=(SPLITS.index(split), int(sample)))
        for sample in samples
    ]
    drawn = [system.draw(np.random.default_rng(stream)) for stream in streams]
    return {name: np.array([values[name] for values in drawn]) for name in drawn[0]}


def simulate(system, solver, *, seed, split, samples, duration, dt, output_every=1):
    """Simulate some samples of a split.

    Parameters
    ----------
    system : led.systems.base.System
    solver : led.solvers.base.Solver
    seed, split, samples
        See `draw`.
    duration, dt : float
        Length of a sample and time step, in the time unit of the system.
    output_every : int
        Every how many steps the state is stored.

    Returns
    -------
    xarray.Dataset
        ``state(sample, time, *grid, component)`` with coordinates and units; what was drawn are
        coordinates of ``sample``.

    Raises
    ------
    led.solvers.base.SolverError
        If a sample cannot be integrated.
    ValueError
        If names of the system are in conflict.
    """
    samples = np.asarray(samples)
    drawn = draw(system, seed, split, samples)
    try:
        names.check(system.grid, system.components, drawn)
    except ValueError as error:
        raise ValueError(f"{type(system).__name__}: {error}") from None
    problem = Problem.of(system, drawn, samples)
    steps = round(duration / dt)
    print(f"samples {samples[0]} to {samples[-1]} of the {split} split", flush=True)
    if type(system).jacobian is System.jacobian and not problem.coupled:
        print("the system has no Jacobian: implicit solvers use finite differences", flush=True)
    states = solver.integrate(problem, system.initial_state(drawn), dt, steps, output_every)

    def unit(name):
        return {"units": str(system.units.get(name, "1"))}

    times = np.arange(states.shape[1]) * output_every * dt
    coordinates = {
        "sample": samples,
        "time": ("time", times, unit("time")),
        "component": list(system.components),
    }
    for dimension, points in system.grid.items():
        coordinates[dimension] = (dimension, points, unit(dimension))
    for name, values in drawn.items():
        coordinates[name] = ("sample", values, unit(name))
    component_units = ", ".join(f"{name}: {unit(name)['units']}" for name in system.components)
    return xr.Dataset(
        {
            "state": (
                ("sample", "time", *system.grid, "component"),
                states,
                {"units": component_units},
            )
        },
        coords=coordinates,
    )
