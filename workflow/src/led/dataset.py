"""Datasets: samples of a system, simulated batch by batch and merged into one file a split."""

import json
import math
import platform
from importlib.metadata import version

import netCDF4
import numpy as np
import xarray as xr

from led import files
from led.runtime import progress
from led.systems.base import Problem

SPLITS = ("train", "validation", "test")


def draw(system, seed, split, samples):
    """Draw what distinguishes the samples: ``{name: array (sample,)}``.

    Each sample has a random stream of its own, which depends on (seed, split, number) alone, so
    it is the same whatever the batch.

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
    """
    samples = np.asarray(samples)
    drawn = draw(system, seed, split, samples)
    problem = Problem.of(system, drawn, samples)
    steps = round(duration / dt)
    print(f"samples {samples[0]} to {samples[-1]} of the {split} split", flush=True)
    states = solver.integrate(problem, system.initial_state(drawn), dt, steps, output_every)

    units = system.units
    coordinates = {
        "sample": samples,
        "time": ("time", np.arange(states.shape[1]) * output_every * dt, {"units": units["time"]}),
        "component": list(system.components),
    }
    for dimension, points in system.grid.items():
        coordinates[dimension] = (dimension, points, {"units": units[dimension]})
    for name, values in drawn.items():
        coordinates[name] = ("sample", values, {"units": units[name]})
    component_units = ", ".join(f"{name}: {units[name]}" for name in system.components)
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


def frames_before(time, end):
    """Return how many of the equally spaced times lie before `end`, rounding errors aside."""
    step = time[1] - time[0]
    return min(len(time), max(0, math.ceil((end - time[0]) / step - 1e-6)))


def provenance(**settings):
    """Return attributes that say how a file was made: the settings as JSON, and the versions."""
    packages = ("numpy", "xarray", "netCDF4")
    versions = {"python": platform.python_version()} | {name: version(name) for name in packages}
    return {
        "settings": json.dumps(settings, sort_keys=True),
        "versions": json.dumps(versions),
        "Conventions": "CF-1.10",
    }


def merge(batches, path):
    """Append the samples of the files `batches`, in their order, into one NetCDF file.

    One batch at a time is in memory. Nothing is written under the name `path` before all of it
    is there.

    Parameters
    ----------
    batches : sequence of str
        Files that `files.write` made from what `simulate` returns.
    path : str

    Raises
    ------
    led.files.FileError
        If a batch is damaged, or does not continue the samples of the one before; names it and
        says how to make it again.
    """
    first = _read_batch(batches[0], start=0)
    with files.moved_into_place(path) as temporary:
        files.write(first, temporary, unlimited="sample")
        grows = [name for name, variable in first.variables.items() if "sample" in variable.dims]
        start = first.sizes["sample"]
        for batch in progress(batches[1:], "batch"):
            part = _read_batch(batch, start, like=first)
            stop = start + part.sizes["sample"]
            with netCDF4.Dataset(temporary, "a") as merged:
                for name in grows:
                    merged[name][start:stop] = part[name].values
            start = stop


def _read_batch(path, start, like=None):
    advice = f"remove it and run the same command again: rm {path}"
    try:
        batch = files.read(path)
        state = batch["state"]
    except (files.FileError, KeyError) as error:
        raise files.FileError(f"{path}: damaged batch ({error}); {advice}") from error
    found, expected = state["sample"].values, start + np.arange(state.sizes["sample"])
    if not np.array_equal(found, expected):
        raise files.FileError(
            f"{path}: holds the samples {found.tolist()}, expected {expected.tolist()}; {advice}"
        )
    if not np.isfinite(state.values).all():
        raise files.FileError(f"{path}: holds values that are not finite; {advice}")
    if like is not None:
        for name in set(like.dims) - {"sample"}:
            if not batch[name].equals(like[name]):
                raise files.FileError(f"{path}: {name} differs from the first batch; {advice}")
    return batch
