"""The theta method in machine code, for systems that give their equations at a point."""

import numpy as np
from numba import njit
from numba.extending import overload

from led.solvers import compiled
from led.solvers.compiled_blocks import solve
from led.solvers.machine_code import OPTIONS, at, cached, gather, keep, numbers, put
from led.solvers.newton import not_converged


def integrate(method, problem, state, dt, steps, output_every, start):
    """Do what `led.solvers.base.Solver.integrate` does.

    A step is done when the update of Newton's method is at most the tolerance times the largest
    value, at each point of the sample.

    Parameters
    ----------
    method : led.solvers.theta.Theta
    problem : led.systems.base.Problem
        Of a `led.systems.pointwise.PointwiseSystem`.
    state, dt, steps, output_every, start
        As there.
    """
    system = type(problem.system)
    run = cached(_loop, system.rates, system.slopes)
    parameters, prepared = numbers(problem, state.shape[1:])
    limits = method.tolerance, method.max_iterations
    when = float(start), dt, steps, output_every
    shape = len(state), 1, *state.shape[2:]
    block = np.empty((len(state), len(state) + 1))

    def march(sample, y, alone, frames):
        y = y.copy()
        constant = np.empty_like(y)
        where = frames, prepared[sample], parameters, block
        failed = run(tuple(y), tuple(constant), *where, method.theta, *when, limits)
        if failed:
            y, constant = (values.reshape(shape) for values in (y, constant))
            raise not_converged(alone, start + failed * dt, method.theta * dt, constant, y, *limits)

    return compiled.integrate(march, problem, state, dt, steps, output_every, start)


def _loop(sources, rates, slopes):
    def march(
        y, constant, frames, prepared, parameters, block, theta, start, dt, steps, every, limits
    ):
        """Integrate one sample; return the number of the step that has no solution, or 0.

        `y` and `constant` are in the end those of the last step.
        """
        sources  # noqa: B018
        tolerance, iterations = limits
        before = _copies(y)
        for step in range(1, steps + 1):
            then, now = start + (step - 1) * dt, start + step * dt
            _begin(rates, parameters, then, (1 - theta) * dt, y, prepared, constant)
            _extrapolate(y, before)
            for _ in range(iterations):
                if _improve(
                    rates,
                    slopes,
                    parameters,
                    now,
                    theta * dt,
                    y,
                    prepared,
                    constant,
                    tolerance,
                    block,
                ):
                    break
            else:
                return step
            if step % every == 0:
                frame = frames[step // every]
                for i in range(len(frame)):
                    keep(frame, i, gather(y, i))
        return 0

    return march


@njit(**OPTIONS)
def _begin(rates, parameters, time, h, y, prepared, constant):
    """Set the constant to y + h f(time, y): the explicit part of a step."""
    for i in range(len(y[0])):
        state = gather(y, i)
        put(constant, i, _ahead(state, h, rates(parameters, time, state, at(prepared, i))))


@njit(**OPTIONS)
def _improve(rates, slopes, parameters, time, h, y, prepared, constant, tolerance, block):
    """Make a step of Newton's method for y = constant + h f(time, y).

    Return whether it was small enough at each point. Those points are counted: counts add up in any
    order, so the loop is vectorised. It is not with a maximum over the points.
    """
    done = 0
    for i in range(len(y[0])):
        state, entries = gather(y, i), at(prepared, i)
        residual = _residual(state, gather(constant, i), h, rates(parameters, time, state, entries))
        update = solve(slopes(parameters, time, state, entries), h, residual, block)
        state = _ahead(state, -1.0, update)
        put(y, i, state)
        # a difference: infinity is no solution, but it is not above infinity
        done += tolerance * _largest(state) - _largest(update) >= 0
    return done == len(y[0])


def _copies(y):
    """Return copies of the arrays."""


@overload(_copies, jit_options=OPTIONS)
def _copies_of(y):
    if len(y) == 1:
        return lambda y: (y[0].copy(),)
    return lambda y: (y[0].copy(), *_copies(y[1:]))


def _extrapolate(y, before):
    """Extrapolate the last step as the first guess, and keep where it began."""


@overload(_extrapolate, jit_options=OPTIONS)
def _extrapolate_each(y, before):
    if len(y) == 0:
        return lambda y, before: None

    def extrapolate(y, before):
        first, last = y[0], before[0]
        for i in range(len(first)):
            now = first[i]
            first[i] = 2 * now - last[i]
            last[i] = now
        _extrapolate(y[1:], before[1:])

    return extrapolate


def _ahead(state, h, rates):
    """Return state + h rates."""


@overload(_ahead, jit_options=OPTIONS)
def _ahead_each(state, h, rates):
    if len(state) == 1:
        return lambda state, h, rates: (state[0] + h * rates[0],)
    return lambda state, h, rates: (state[0] + h * rates[0], *_ahead(state[1:], h, rates[1:]))


def _residual(state, constant, h, rates):
    """Return state - constant - h rates."""


@overload(_residual, jit_options=OPTIONS)
def _residual_each(state, constant, h, rates):
    if len(state) == 1:
        return lambda state, constant, h, rates: (state[0] - constant[0] - h * rates[0],)
    return lambda state, constant, h, rates: (
        (state[0] - constant[0] - h * rates[0], *_residual(state[1:], constant[1:], h, rates[1:]))
    )


def _largest(values):
    """Return the largest absolute value."""


@overload(_largest, jit_options=OPTIONS)
def _largest_of(values):
    if len(values) == 1:
        return lambda values: abs(values[0])
    return lambda values: max(abs(values[0]), _largest(values[1:]))
