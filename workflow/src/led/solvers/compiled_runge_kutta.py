"""Explicit Runge-Kutta methods in machine code, for equations at a point and its neighbours.

The points of a component lie in one array with one axis. Where neighbours count, ghost cells around
the grid are filled from the boundary before each evaluation: tests on indices would cost four times
as much.
"""

import numpy as np
from numba import njit, types
from numba.extending import overload

from led.solvers import compiled
from led.solvers.compiled_stencil import CONTRACTED, fill_ghosts, gradient, laplacian
from led.solvers.layout import Layout
from led.solvers.machine_code import OPTIONS, at, cached, gather, keep, numbers, put
from led.solvers.tableaux import tableau

BLOCK = 512  # numbers


def integrate(method, problem, state, dt, steps, output_every, start):
    """Do what `led.solvers.base.Solver.integrate` does.

    Parameters
    ----------
    method : led.solvers.runge_kutta.RungeKutta
    problem : led.systems.base.Problem
        Of a `led.systems.pointwise.PointwiseSystem` or `led.systems.spatial.SpatialSystem`.
    state, dt, steps, output_every, start
        As there.
    """
    parameters, prepared = numbers(problem, state.shape[1:])
    run = cached(_loop, type(problem.system).rates)
    layout = Layout.of(problem.system, state)
    times = float(start), float(dt), steps, output_every
    chosen = tableau(method.tableau)
    coefficients = [np.array(entries, float) for entries in (chosen.A, chosen.b, chosen.c)]

    def march(sample, y, alone, frames):
        fields = np.stack([layout.field(y), *[layout.field()] * (1 + len(chosen.c))])
        (state, stage), slopes = fields[:2], fields[2:]
        parts = tuple(layout.components_of(field) for field in slopes)
        state, stage = ((field, layout.components_of(field)) for field in (state, stage))
        where = layout.space, layout.ghosts, layout.walk, prepared[sample], parameters
        run(state, stage, slopes, parts, *coefficients, where, frames, *times)

    return compiled.integrate(march, problem, state, dt, steps, output_every, start)


def _loop(sources, rates):
    def march(state, stage, slopes, parts, A, b, c, where, frames, start, dt, steps, every):
        """Integrate one sample. A state is an array of all components, and that of each of them.

        Slopes are arrays of all components, one a stage, and their `parts` those of each of them.
        """
        sources  # noqa: B018
        for step in range(1, steps + 1):
            now = start + (step - 1) * dt
            for s in range(len(c)):
                values = state
                if s:
                    values = stage
                    _combine(stage[0], state[0], dt * A[s, :s], slopes)
                _evaluate(rates, now + c[s] * dt, values, parts[s], where)
            _combine(stage[0], state[0], dt * b, slopes)
            state, stage = stage, state
            if step % every == 0:
                _keep_all(frames[step // every], state[1], where[2])

    return march


@njit(**OPTIONS)
def _evaluate(rates, time, state, slopes, where):
    """Set the slopes to the rates of a state, whose ghost cells are filled first."""
    space, ghosts, walk, prepared, parameters = where
    _fill(state[0], ghosts)
    (outer, middle, inner), steps, first = walk
    number = first - first
    for a in range(outer):
        for b in range(middle):
            begin = first + a * steps[0] + b * steps[1]
            for c in range(inner):
                entries = at(prepared, number + c)
                put(
                    slopes,
                    begin + c,
                    _rates(rates, parameters, time, state[1], begin + c, space, entries),
                )
            number += inner


def _fill(field, ghosts):
    """Fill the ghost cells, if there are any."""


@overload(_fill, jit_options=OPTIONS)
def _fill_any(field, ghosts):
    if isinstance(ghosts, types.NoneType):
        return lambda field, ghosts: None
    return lambda field, ghosts: fill_ghosts(field, ghosts)


def _rates(rates, parameters, time, state, point, space, entries):
    """Return the rates at a point, of its values or of its neighbours' too."""


@overload(_rates, jit_options=OPTIONS)
def _rates_at(rates, parameters, time, state, point, space, entries):
    if isinstance(space, types.NoneType):
        return lambda rates, parameters, time, state, point, space, entries: rates(
            parameters, time, gather(state, point), entries
        )
    return lambda rates, parameters, time, state, point, space, entries: rates(
        parameters,
        time,
        gather(state, point),
        laplacian(state, point, space[0], space[1]),
        gradient(state, point, space[0], space[2]),
        entries,
    )


@njit(**CONTRACTED)
def _combine(out, state, weights, slopes):
    """Set `out` to the state and the weighted sum of slopes, a block in the first cache at once."""
    used = np.flatnonzero(weights)
    for begin in range(0, len(out), BLOCK):
        block, old = out[begin : begin + BLOCK], state[begin : begin + BLOCK]
        if len(used) == 0:
            block[:] = old
        for j in used:
            weight, added = weights[j], slopes[j, begin : begin + BLOCK]
            if j == used[0]:
                for i in range(len(block)):
                    block[i] = old[i] + weight * added[i]
            else:
                for i in range(len(block)):
                    block[i] += weight * added[i]


@njit(**OPTIONS)
def _keep_all(frame, state, walk):
    (outer, middle, inner), steps, first = walk
    number = 0
    for a in range(outer):
        for b in range(middle):
            begin = first + a * steps[0] + b * steps[1]
            for c in range(inner):
                keep(frame, number, gather(state, begin + c))
                number += 1
