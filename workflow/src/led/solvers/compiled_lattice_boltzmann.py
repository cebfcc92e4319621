"""The lattice Boltzmann method in machine code, with the habits of `led.solvers.compiled`."""

from functools import cache

import numpy as np
from numba import njit
from numba.extending import register_jitable

from led.jobs import provenance
from led.jobs.runtime import progress
from led.solvers.base import check_finite
from led.solvers.compiled import OPTIONS, _records

ROOM = 64  # steps between two copies of the moving populations


def integrate(problem, state, omega, dt, steps, output_every, start):
    """Do what `led.solvers.base.Solver.integrate` does, for one sample after the other.

    Parameters
    ----------
    problem : led.systems.base.Problem
        Of a `led.systems.reaction_diffusion.ReactionDiffusion`.
    omega : ndarray, shape (component,)
        Collision rates for this `dt`.
    state, dt, steps, output_every, start
        As there.
    """
    components, samples, points = state.shape
    system = type(problem.system)
    march = _compile(system.reaction, components)
    parameters = _records(vars(problem.system), ())[()]
    prepared = _records(problem.prepared, (samples, points), system.shared)
    kept = np.empty((samples, 1 + steps // output_every, points, components))
    kept[:, 0] = np.moveaxis(state, 0, -1)
    for sample in progress(range(samples), "sample"):
        populations = np.repeat(state[None, :, sample] / 3, 3, axis=0)
        where = kept[sample], prepared[sample], parameters
        march(populations, *where, omega, float(start), dt, steps, output_every)
        for frame in np.flatnonzero(~np.isfinite(kept[sample]).all(axis=(1, 2))):
            failed = kept[sample, frame].T[:, None]
            check_finite(problem.subset([sample]), failed, start + frame * output_every * dt)
    return kept


@cache
def _compile(reaction, components):
    """Return the time loop for the reaction of a system; see `led.solvers.compiled`."""
    sources = str(provenance.digest(reaction.__code__.co_filename))
    register_jitable(**OPTIONS)(reaction)
    rows = _tuple("state", "state[{}]", components)
    there = _tuple("states, point", "states[{}][point]", components)

    def march(populations, frames, prepared, parameters, omega, start, dt, steps, every):
        """Integrate one sample from its populations, shape (3, component, point).

        The rows of those that move are longer than the line. After each step, the line begins one
        place earlier in the row of those that move to the right, and one later in the other.
        """
        sources  # noqa: B018
        points = populations.shape[2]
        rest = populations[0]
        right, left = np.empty((components, points + ROOM)), np.empty((components, points + ROOM))
        state, gain = np.empty((components, points)), np.empty((components, points))
        states, keep, of_state, of_rates = rows(state), 1 - omega, omega / 3, dt / 3
        right[:, ROOM:], left[:, :points] = populations[1], populations[2]
        moved = 0
        for c in range(components):
            _sum(rest[c], right[c, ROOM:], left[c, :points], state[c])
        for step in range(1, steps + 1):
            now = start + (step - 1) * dt
            for i in range(points):
                rates = reaction(parameters, now, there(states, i), prepared[i])
                for c in range(components):
                    gain[c, i] = of_state[c] * state[c, i] + of_rates * rates[c]
            if moved == ROOM:
                for c in range(components):
                    right[c, ROOM:] = right[c, :points].copy()
                    left[c, :points] = left[c, ROOM:].copy()
                moved = 0
            r, moved = ROOM - moved, moved + 1
            for c in range(components):
                ours = left[c, moved - 1 : moved - 1 + points]
                _collide(rest[c], right[c, r : r + points], ours, gain[c], keep[c])
                right[c, r - 1], left[c, moved - 1 + points] = ours[0], right[c, r + points - 1]
                _sum(rest[c], right[c, r - 1 :], left[c, moved:], state[c])
            if step % every == 0:
                frames[step // every] = state.T

    try:
        return njit(cache=True, **OPTIONS)(march)
    except RuntimeError:  # no folder can be written, neither here nor the user's
        return njit(**OPTIONS)(march)


def _tuple(arguments, entry, number):
    """Return a compiled function that makes a tuple of so many entries."""
    entries = "".join(f"{entry.format(n)}, " for n in range(number))
    return register_jitable(**OPTIONS)(eval(f"lambda {arguments}: ({entries})"))


@njit(**OPTIONS)
def _collide(rest, right, left, gain, keep):
    for i in range(len(gain)):
        rest[i] = keep * rest[i] + gain[i]
        right[i] = keep * right[i] + gain[i]
        left[i] = keep * left[i] + gain[i]


@njit(**OPTIONS)
def _sum(rest, right, left, state):
    for i in range(len(state)):
        state[i] = rest[i] + right[i] + left[i]
