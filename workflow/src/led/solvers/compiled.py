"""The theta method in machine code, for systems that give their equations at a point.

Numba compiles it within a second or two, once for each system and kind of processor. It keeps the
result in the ``__pycache__`` of this folder, or in the user's cache folder.
"""

from functools import cache

import numpy as np
from numba import njit
from numba.extending import register_jitable

from led.jobs import provenance
from led.jobs.runtime import progress
from led.solvers.base import check_finite
from led.solvers.newton import not_converged

OPTIONS = {"error_model": "numpy"}  # a division by zero is not finite, but no exception


def integrate(method, problem, state, dt, steps, output_every, start):
    """Do what `led.solvers.base.Solver.integrate` does, for one sample after the other.

    A sample stays in the cache of the processor from its first step to its last. A step is done
    when the update of Newton's method is at most the tolerance times the largest value, at each
    point of the sample.

    Parameters
    ----------
    method : led.solvers.theta.Theta
    problem : led.systems.base.Problem
        Of a `led.systems.pointwise.PointwiseSystem`.
    state, dt, steps, output_every, start
        As there.
    """
    _, samples, *grid = state.shape
    system = type(problem.system)
    march = _compile(system.rates, system.slopes)
    parameters = _records(vars(problem.system), ())[()]
    prepared = _records(problem.prepared, (samples, *grid), system.shared).reshape(samples, -1)
    limits = method.tolerance, method.max_iterations
    kept = np.empty((samples, 1 + steps // output_every, *grid, 2))
    kept[:, 0] = np.moveaxis(state, 0, -1)
    for sample in progress(range(samples), "sample"):
        frames = kept[sample].reshape(len(kept[sample]), -1, 2)
        y = state[:, sample].reshape(2, -1).copy()
        constant = np.empty_like(y)
        where = frames, prepared[sample], parameters
        when = float(start), dt, steps, output_every
        failed = march(y, constant, *where, method.theta, *when, limits)
        alone = problem.subset([sample])
        if failed:
            y, constant = (values.reshape(2, 1, *grid) for values in (y, constant))
            raise not_converged(alone, start + failed * dt, method.theta * dt, constant, y, *limits)
        for frame in np.flatnonzero(~np.isfinite(frames).all(axis=(1, 2))):
            check_finite(alone, frames[frame].T[:, None], start + frame * output_every * dt)
    return kept


def _records(values, shape, shared=()):
    """Return numbers by name as an array of records: machine code reads them by name, too.

    Entries have the first axes of `shape`; those named in `shared` have the last ones.
    """
    records = np.empty(shape, [(name, float) for name in values])
    for name, entries in values.items():
        entries = np.asarray(entries)
        if name not in shared:
            entries = entries.reshape(entries.shape + (1,) * (len(shape) - entries.ndim))
        records[name] = entries
    return records


@cache
def _compile(rates, slopes):
    """Return the time loop for the equations of a system.

    Numba compares this file with what it has on disk, but not the files of the equations. Their
    digests are a variable of the loop, and so a part of the key.
    """
    sources = str(provenance.digest(rates.__code__.co_filename, slopes.__code__.co_filename))
    register_jitable(**OPTIONS)(rates)
    register_jitable(**OPTIONS)(slopes)

    def march(y, constant, frames, prepared, parameters, theta, start, dt, steps, every, limits):
        """Integrate one sample; return the number of the step that has no solution, or 0.

        `y` and `constant`, shape (2, point), are in the end those of the last step.
        """
        sources  # noqa: B018
        tolerance, iterations = limits
        u, v, c, d = y[0], y[1], constant[0], constant[1]  # one by one, or no loop is vectorised
        before = y.copy()
        for step in range(1, steps + 1):
            then, now = start + (step - 1) * dt, start + step * dt
            _begin(rates, parameters, then, (1 - theta) * dt, u, v, prepared, c, d)
            _extrapolate(u, before[0])
            _extrapolate(v, before[1])
            for _ in range(iterations):
                if _improve(
                    rates, slopes, parameters, now, theta * dt, u, v, prepared, c, d, tolerance
                ):
                    break
            else:
                return step
            if step % every == 0:
                frame = frames[step // every]
                for i in range(len(frame)):
                    frame[i, 0] = u[i]
                    frame[i, 1] = v[i]
        return 0

    try:
        return njit(cache=True, **OPTIONS)(march)
    except RuntimeError:  # no folder can be written, neither here nor the user's
        return njit(**OPTIONS)(march)


@njit(**OPTIONS)
def _begin(rates, parameters, time, h, u, v, prepared, c, d):
    """Set (c, d) to (u, v) + h f(time, u, v): the explicit part of a step."""
    for i in range(len(u)):
        du, dv = rates(parameters, time, (u[i], v[i]), prepared[i])
        c[i] = u[i] + h * du
        d[i] = v[i] + h * dv


@njit(**OPTIONS)
def _extrapolate(y, before):
    """Extrapolate the last step as the first guess, and keep where it began."""
    for i in range(len(y)):
        now = y[i]
        y[i] = 2 * now - before[i]
        before[i] = now


@njit(**OPTIONS)
def _improve(rates, slopes, parameters, time, h, u, v, prepared, c, d, tolerance):
    """Make a step of Newton's method for (u, v) = (c, d) + h f(time, u, v).

    Return whether it was small enough at each point. Those points are counted: counts add up in any
    order, so the loop is vectorised. It is not with a maximum over the points.
    """
    done = 0
    for i in range(len(u)):
        x, y = u[i], v[i]
        dx, dy = rates(parameters, time, (x, y), prepared[i])
        (xx, xy), (yx, yy) = slopes(parameters, time, (x, y), prepared[i])
        xx, xy, yx, yy = 1 - h * xx, -h * xy, -h * yx, 1 - h * yy
        determinant = xx * yy - xy * yx
        right_x, right_y = x - c[i] - h * dx, y - d[i] - h * dy
        dx = (yy * right_x - xy * right_y) / determinant
        dy = (xx * right_y - yx * right_x) / determinant
        u[i], v[i] = x - dx, y - dy
        # a difference: infinity is no solution, but it is not above infinity
        done += tolerance * max(abs(u[i]), abs(v[i])) - max(abs(dx), abs(dy)) >= 0
    return done == len(u)
