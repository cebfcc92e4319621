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
        moved = 0
        for c in range(components):
            _sum(rest[c], right[c, ROOM:], left[c, :points], state[c])
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
            r, moved = ROOM - moved, moved + 1
            for c in range(components):
                ours = left[c, moved - 1 : moved - 1 + points]
                _collide(rest[c], right[c, r : r + points], ours, gain[c], keep[c])
                right[c, r - 1], left[c, moved - 1 + points] = ours[0], right[c, r + points - 1]
                _sum(rest[c], right[c, r - 1 :], left[c, moved:], state[c])
            if step % every == 0:
                frames[step // every] = state.T

    return march


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
