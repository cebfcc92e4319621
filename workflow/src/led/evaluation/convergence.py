"""How the error of each solver falls with the time step, on a problem with a known solution."""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from led.jobs import registry
from led.solvers.base import Solver
from led.solvers.tableaux import TABLEAUX, tableau
from led.systems.base import Problem
from led.systems.spectral import SpectralSystem

DURATION = 10.0
STEPS = [20, 40, 80, 160, 320, 640, 1280]


@dataclass(frozen=True)
class Rotation(SpectralSystem):
    """x' = -y, y' = x from x = y = 1, with the solution cos t - sin t, cos t + sin t.

    Methods that take a linear part by itself get a decay of x and y, and have to undo it.
    """

    components = ("x", "y")

    def draw(self, rng):
        return {"initial": 1.0}

    def initial_state(self, drawn):
        return np.stack([drawn["initial"], drawn["initial"]])

    def rhs(self, time, state, prepared):
        return np.stack([-state[1], state[0]])

    def jacobian(self, time, state, prepared):
        return [[0.0, -1.0], [1.0, 0.0]]

    def symbol(self, prepared):
        return np.full((2, 1), -1.0)

    def nonlinear(self, time, state, prepared):
        return self.rhs(time, state, prepared) + state


def built_in_solvers():
    """Return the options of all solvers that have a name, by that name.

    But for those that a system of ordinary equations cannot use, as `lattice_boltzmann`.
    """
    solvers = {
        "backward Euler": {"name": "theta", "theta": 1.0, "tolerance": 1e-13},
        "Crank-Nicolson": {"name": "theta", "theta": 0.5, "tolerance": 1e-13},
    }
    for name in TABLEAUX:
        if tableau(name).explicit:
            solvers[name] = {"name": "runge_kutta", "tableau": name}
        else:
            implicit = {"name": "implicit_runge_kutta", "tableau": name, "tolerance": 1e-13}
            solvers[name] = implicit
    for order in range(1, 6):
        solvers[f"Adams-Bashforth {order}"] = {"name": "adams_bashforth", "order": order}
    solvers |= {"ETDRK4": {"name": "etdrk4"}, "IMEX, ARS(4,4,3)": {"name": "imex"}}
    return solvers


def measure():
    """Integrate to t = 10 with each solver and each time step.

    Returns
    -------
    pandas.DataFrame
        Columns ``solver, dt, error``: the norm of the difference from the exact solution there.
    """
    exact = np.array(
        [
            math.cos(DURATION) - math.sin(DURATION),
            math.cos(DURATION) + math.sin(DURATION),
        ]
    )
    rows = []
    for name, options in built_in_solvers().items():
        solver = registry.create(Solver, **options)
        for steps in STEPS:
            state = _last_state(solver, DURATION / steps, steps)
            error = np.linalg.norm(state - exact)
            rows.append({"solver": name, "dt": DURATION / steps, "error": error})
    return pd.DataFrame(rows)


def _last_state(solver, dt, steps):
    system, drawn = Rotation(), {"initial": np.ones(1)}
    problem, state = Problem.of(system, drawn), system.initial_state(drawn)
    memory = solver.start(problem, 0.0, state)
    for step in range(steps):
        state, memory = solver.step(problem, step * dt, state, dt, memory)
    return state[:, 0]
