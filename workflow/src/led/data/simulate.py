"""Samples of a system, drawn and simulated batch by batch."""

import numpy as np
import xarray as xr

from led.data import designs, names
from led.systems.base import Problem, System

SPLITS = ("train", "validation", "test")


def draw(system, seed, split, samples, design="random", number=None):
    """Draw what distinguishes the samples: ``{name: array (sample, ...)}``.

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
    design, number
        See `led.data.designs.generators`.

    Raises
    ------
    ValueError
        If an array has not the same shape for all samples, or a design has no effect.
    """
    streams = designs.generators(design, number, seed, SPLITS.index(split), samples)
    streams = list(streams)
    drawn = [system.draw(stream) for stream in streams]
    if drawn[0] and any(getattr(stream, "untouched", False) for stream in streams):
        raise ValueError(
            f"{type(system).__name__}.draw: found no number that the design {design!r} chooses, "
            "expected a call of random, uniform, normal, standard_normal or integers: what other "
            "methods draw is random"
        )
    for name in drawn[0]:
        shapes = {np.shape(values[name]) for values in drawn}
        if len(shapes) > 1:
            raise ValueError(
                f"{type(system).__name__}: found {name!r} drawn in the shapes "
                f"{', '.join(map(str, sorted(shapes)))}, expected one shape for all samples"
            )
    return {name: np.array([values[name] for values in drawn]) for name in drawn[0]}


def spaces(system, drawn):
    """Return the coordinates of what was drawn, ``{name: {dimension: points}}``.

    Parameters
    ----------
    system : led.systems.base.System
    drawn : dict
        What `draw` returns.

    Raises
    ------
    ValueError
        If names are in conflict, or an array has neither the shape of the grid nor dimensions that
        the system names.
    """
    found = {}
    for name, values in drawn.items():
        shape = values.shape[1:]
        space = system.drawn_dims.get(name, system.grid if shape else {})
        if shape != tuple(map(len, space.values())):
            raise ValueError(
                f"found {name!r} drawn as an array of the shape {shape}, expected a number, an "
                "array on the grid, or the points of its dimensions in drawn_dims"
            )
        found[name] = space
    dimensions = dict(system.grid)
    for space in found.values():
        for dimension, points in space.items():
            if not np.array_equal(dimensions.setdefault(dimension, points), points):
                raise ValueError(
                    f"found two sets of points along {dimension!r}, expected one; rename a "
                    "dimension in drawn_dims"
                )
    names.check(dimensions, system.components, drawn)
    if there := sorted(set(system.components) & set(drawn)):
        raise ValueError(
            f"found {there[0]!r} as a component and as drawn, expected two names; rename one"
        )
    return found


def simulate(
    system,
    solver,
    *,
    seed,
    split,
    samples,
    duration,
    dt,
    output_every=1,
    spin_up=0.0,
    design="random",
    number=None,
):
    """Simulate some samples of a split.

    Parameters
    ----------
    system : led.systems.base.System
    solver : led.solvers.base.Solver
    seed, split, samples, design, number
        See `draw`.
    duration, dt : float
        Length of a sample and time step, in the time unit of the system.
    output_every : int
        Every how many steps the state is stored.
    spin_up : float
        How long before t = 0 a sample starts, in the time unit of the system.

    Returns
    -------
    xarray.Dataset
        ``state(sample, time, *grid, component)`` with coordinates and units. Drawn numbers are
        coordinates of ``sample``, drawn arrays are variables, and what drives the system in time is
        a coordinate of ``time``.

    Raises
    ------
    led.solvers.base.SolverError
        If a sample cannot be integrated.
    ValueError
        If names of the system are in conflict, a drawn array has no dimensions, or the initial
        state or its rates have another shape than expected.
    """
    samples = np.asarray(samples)
    drawn = draw(system, seed, split, samples, design, number)
    try:
        drawn_spaces = spaces(system, drawn)
    except ValueError as error:
        raise ValueError(f"{type(system).__name__}: {error}") from None
    problem = Problem.of(system, drawn, samples)
    steps = round(duration / dt)
    print(f"samples {samples[0]} to {samples[-1]} of the {split} split", flush=True)
    if type(system).jacobian is System.jacobian and not problem.coupled:
        print("the system has no Jacobian: implicit solvers use finite differences", flush=True)
    state = _started(system, drawn, problem, spin_up)
    if before := round(spin_up / dt):
        last = solver.integrate(problem, state, dt, before, before, start=-before * dt)[:, -1]
        state = np.ascontiguousarray(np.moveaxis(last, -1, 0))
    states = solver.integrate(problem, state, dt, steps, output_every)

    def unit(name):
        return {"units": str(system.units.get(name, "1"))}

    times = np.arange(states.shape[1]) * output_every * dt
    coordinates = {
        "sample": samples,
        "time": ("time", times, unit("time")),
        "component": list(system.components),
    }
    driving = system.forcing(times)
    try:
        names.check(system.grid, system.components, driving)
        if there := sorted({*system.components, *drawn} & set(driving)):
            raise ValueError(
                f"found {there[0]!r} for a forcing and for what is drawn or a component, expected "
                "another name; rename it"
            )
    except ValueError as error:
        raise ValueError(f"{type(system).__name__}: {error}") from None
    for name, values in driving.items():
        coordinates[name] = ("time", values, unit(name))
    fields = {}
    for name, space in drawn_spaces.items():
        values = drawn[name]
        kept = {"dtype": "float64"} if space and values.dtype == float else {}  # not rounded
        variable = xr.Variable(("sample", *space), values, unit(name), kept)
        (fields if space else coordinates)[name] = variable
    for space in (system.grid, *drawn_spaces.values()):
        for dimension, points in space.items():
            axis = system.axes.get(dimension)
            boundary = {"boundary": axis.boundary} if axis else {}
            coordinates[dimension] = (dimension, points, unit(dimension) | boundary)
    component_units = ", ".join(f"{name}: {unit(name)['units']}" for name in system.components)
    return xr.Dataset(
        {
            "state": (
                ("sample", "time", *system.grid, "component"),
                states,
                {"units": component_units},
            ),
            **fields,
        },
        coords=coordinates,
    )


def _started(system, drawn, problem, spin_up):
    """Return the initial state, if it and its rates are arrays of the shape that solvers need."""
    state = np.asarray(system.initial_state(drawn), float)
    sizes = {name: len(points) for name, points in system.grid.items()}
    expected = (len(system.components), len(problem.samples), *sizes.values())
    shown = f"{expected}: (component, sample{''.join(f', {name}' for name in sizes)})"
    if state.shape != expected:
        found = f"initial_state: found the shape {state.shape}"
    elif not isinstance(rates := problem.rhs(-spin_up, state), np.ndarray):
        found = f"rhs: found a {type(rates).__name__}, which np.stack makes an array of"
    elif rates.shape != expected:
        found = f"rhs: found the shape {rates.shape}"
    elif np.shares_memory(rates, problem.rhs(-spin_up, state)):
        raise ValueError(
            f"{type(system).__name__}: rhs: found one array for two calls, expected a new one each "
            "time: a solver keeps the rates of several stages"
        )
    else:
        return state
    raise ValueError(f"{type(system).__name__}: {found}, expected {shown}")
