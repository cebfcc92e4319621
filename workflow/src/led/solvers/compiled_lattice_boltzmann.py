"""The lattice Boltzmann method in machine code, for the reaction of a system at a point."""

import numpy as np
from numba import njit

from led.solvers import compiled
from led.solvers.machine_code import OPTIONS, at, cached, gather, numbers, rows

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
    system = type(problem.system)
    run = cached(_loop, system.reaction)
    parameters, prepared = numbers(problem, state.shape[1:])

    def march(sample, y, alone, frames):
        populations = np.repeat(y[None] / 3, 3, axis=0)
        where = frames, prepared[sample], parameters
        run(populations, *where, omega, tuple(omega), float(start), dt, steps, output_every)

    return compiled.integrate(march, problem, state, dt, steps, output_every, start)


def _loop(sources, reaction):
    def march(populations, frames, prepared, parameters, omega, each, start, dt, steps, every):
        """Integrate one sample from its populations, shape (3, component, point).

        The rows of those that move are longer than the line. After each step, the line begins one
        place earlier in the row of those that move to the right, and one later in the other.
        `each` has the collision rates in a tuple.
        """
        sources  # noqa: B018
        components, points = len(each), populations.shape[2]  # the first one is known when compiled
        rest = populations[0]
        right, left = np.empty((components, points + ROOM)), np.empty((components, points + ROOM))
        state, gain = np.empty((components, points)), np.empty((components, points))
        states, keep, of_state, of_rates = rows(state, each), 1 - omega, omega / 3, dt / 3
        right[:, ROOM:], left[:, :points] = populations[1], populations[2]
        moved, one, line = 0, np.uint64(1), np.uint64(points)
        for c in range(components):
            _sum(rest[c], right[c], np.uint64(ROOM), left[c], np.uint64(0), state[c])
        for step in range(1, steps + 1):
            now = start + (step - 1) * dt
            for i in range(points):
                rates = reaction(parameters, now, gather(states, i), at(prepared, i))
                for c in range(components):
                    gain[c, i] = of_state[c] * state[c, i] + of_rates * rates[c]
            if moved == ROOM:
                for c in range(components):
                    right[c, ROOM:] = right[c, :points].copy()
                    left[c, :points] = left[c, ROOM:].copy()
                moved = 0
            in_right, in_left = np.uint64(ROOM - moved), np.uint64(moved)  # where the line begins
            moved += 1
            for c in range(components):
                _towards(rest[c], np.uint64(0), gain[c], keep[c])
                _towards(right[c], in_right, gain[c], keep[c])
                _towards(left[c], in_left, gain[c], keep[c])
                right[c, in_right - one] = left[c, in_left]
                left[c, in_left + line] = right[c, in_right + line - one]
                _sum(rest[c], right[c], in_right - one, left[c], in_left + one, state[c])
            if step % every == 0:
                frames[step // every] = state.T

    return march


@njit(**OPTIONS)
def _towards(row, first, gain, keep):
    for i in range(np.uint64(len(gain))):  # an index that may be negative is slower
        row[first + i] = keep * row[first + i] + gain[i]


@njit(**OPTIONS)
def _sum(rest, right, first, left, other, state):
    for i in range(np.uint64(len(state))):
        state[i] = rest[i] + right[first + i] + left[other + i]
