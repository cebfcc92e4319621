"""The lattice Boltzmann method for reaction and diffusion on a line."""

from dataclasses import dataclass

import numpy as np

from led.solvers.base import Solver
from led.systems.pointwise import by_name
from led.systems.reaction_diffusion import ReactionDiffusion


@dataclass(frozen=True)
class LatticeBoltzmann(Solver):
    """D1Q3: three populations a component, at rest and moving by a point a step to either side.

    Their sum is the state y. A step takes each of them by the share omega = 2 / (1 + 3 D dt / dx^2)
    towards the equilibrium y / 3, adds dt / 3 of the reaction, and moves it. What would leave the
    line at an end comes back as the population of the other side. So the ends, half a spacing
    beyond the last points, have no flux. The method is of second order in dx and, with a reaction,
    of first order in dt (Dawson, Chen, Doolen, J. Chem. Phys. 98, 1514, 1993).

    The memory has the populations, shape (3, component, sample, point); a run starts from their
    equilibrium.
    """

    def integrate(self, problem, state, dt, steps, output_every=1, start=0.0):
        from led.solvers import compiled_lattice_boltzmann

        omega = relaxation(problem.system, dt)
        problem.check_parts(ReactionDiffusion, start, state)
        return compiled_lattice_boltzmann.integrate(
            problem, state, omega, dt, steps, output_every, start
        )

    def start(self, problem, time, state):
        relaxation(problem.system, 0.0)  # of a system that has the parts
        problem.check_parts(ReactionDiffusion, time, state)
        return np.repeat(state[None] / 3, 3, axis=0)

    def step(self, problem, time, state, dt, memory):
        omega = np.reshape(relaxation(problem.system, dt), (-1, 1, 1))
        prepared = by_name(problem.system, problem.prepared, state.ndim - 1)
        gain = omega / 3 * state
        rates = problem.system.reaction(time, tuple(state), prepared)
        for component, rate in zip(gain, rates, strict=True):
            component += dt / 3 * rate
        rest, right, left = (1 - omega) * memory + gain
        moved = np.empty_like(memory)
        moved[0] = rest
        moved[1, ..., 1:], moved[1, ..., 0] = right[..., :-1], left[..., 0]
        moved[2, ..., :-1], moved[2, ..., -1] = left[..., 1:], right[..., -1]
        return moved.sum(axis=0), moved


def relaxation(system, dt):
    """Return the collision rate omega of each component.

    Raises
    ------
    TypeError
        If the system is not a `led.systems.reaction_diffusion.ReactionDiffusion`.
    """
    if not isinstance(system, ReactionDiffusion):
        raise TypeError(
            f"solver lattice_boltzmann: found the system {type(system).__name__}, expected a "
            "subclass of led.systems.reaction_diffusion.ReactionDiffusion, which gives "
            "diffusivities and a reaction"
        )
    return 2 / (1 + 3 * np.array(system.diffusivities) * dt / system.spacing**2)
