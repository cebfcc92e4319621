"""Datasets: samples of a system, simulated batch by batch and merged into one file a split."""

import numpy as np
import xarray as xr

from led import files
from led.runtime import progress
from led.systems.base import Problem, System

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
    if type(system).jacobian is System.jacobian:
        print("the system has no Jacobian: implicit solvers use finite differences", flush=True)
    states = solver.integrate(problem, system.initial_state(drawn), dt, steps, output_every)

    def unit(name):
        return {"units": system.units.get(name, "1")}

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
    write_parts(map(_read_batch, progress(batches, "batch")), path, _advice)


def write_parts(parts, path, advice=lambda source: ""):
    """Append the samples of `parts` into one NetCDF file, one of them in memory at a time.

    Parameters
    ----------
    parts : iterable of (str, xarray.Dataset)
        Each with its source, for messages. The samples of a part continue those of the last.
    path : str
    advice : callable
        Source to what a user can do when it is wrong.

    Raises
    ------
    led.files.FileError
        If a part does not continue the last one, lies on other coordinates than the first, or has
        values that are not finite.
    """
    files.write_parts(_checked(parts, advice), path)


def _checked(parts, advice):
    start, first = 0, None
    for source, part in parts:
        _check_part(source, part, start, first, advice(source))
        if first is None:
            first = part.drop_dims("sample")
        yield start, part
        start += part.sizes["sample"]


def _advice(batch):
    return f"; remove it and run the same command again: rm {batch}"


def _read_batch(path):
    try:
        batch = files.read(path)
        batch["state"]
    except (files.FileError, KeyError) as error:
        raise files.FileError(f"{path}: damaged batch ({error}){_advice(path)}") from error
    return path, batch


def _check_part(source, part, start, first, advice):
    found, expected = part["sample"].values, start + np.arange(part.sizes["sample"])
    if not np.array_equal(found, expected):
        raise files.FileError(
            f"{source}: holds the samples {found.tolist()}, expected {expected.tolist()}{advice}"
        )
    finite = np.isfinite(part["state"].values).reshape(len(found), -1).all(axis=1)
    if not finite.all():
        sample = found[~finite][0]
        raise files.FileError(f"{source}: sample {sample} holds values that are not finite{advice}")
    for name in first.dims if first is not None else ():
        if not part[name].equals(first[name]):
            raise files.FileError(f"{source}: {name} differs from the first batch{advice}")
