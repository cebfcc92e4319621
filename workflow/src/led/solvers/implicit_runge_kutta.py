"""Diagonally and fully implicit Runge-Kutta methods."""

from dataclasses import dataclass

import numpy as np

from led.jobs.options import Count, ImplicitTableau, Tolerance
from led.solvers.base import Solver
from led.solvers.newton import solve_step
from led.solvers.tableaux import tableau, triangular_factor
from led.systems.base import Problem
from led.systems.linear import solve_blocks


@dataclass(frozen=True)
class ImplicitRungeKutta(Solver):
    """y1 = y0 + dt sum_i b_i k_i,  k_i = f(t0 + c_i dt, y0 + dt sum_j A_ij k_j).

    The stages of a lower triangular A are solved one after the other, those of a full A together;
    by Newton's method in both cases. With a full A, a system whose points are coupled has an
    approximation of Newton's method. It needs an iteration for each digit or so.

    Parameters
    ----------
    tableau : str or dict
        ``"sdirk2"``, ``"gauss2"``, ``"radau_iia"``, or ``A``, ``b`` and ``c`` of any method.
    tolerance : float
        Relative tolerance of Newton's method.
    max_iterations : int
        Of Newton's method, for each solve.

    Raises
    ------
    ValueError
        If the tableau is none.
    """

    tableau: ImplicitTableau = "radau_iia"
    tolerance: Tolerance = 1e-10
    max_iterations: Count = 25

    def __post_init__(self):
        tableau(self.tableau)

    def start(self, problem, time, state):
        if not tableau(self.tableau).explicit:
            problem.check_coupling(time, state)

    def step(self, problem, time, state, dt, memory):
        method = tableau(self.tableau)
        slopes = self._one_by_one if method.diagonal else self._together
        found = slopes(method, problem, state, time, dt)
        return state + dt * sum(b * k for b, k in zip(method.b, found, strict=True)), memory

    def _one_by_one(self, method, problem, state, time, dt):
        slopes = []
        for a, c in zip(method.A, method.c, strict=True):
            constant = state + dt * sum(w * k for w, k in zip(a, slopes, strict=False))
            h = a[len(slopes)] * dt
            if h:
                stage = self._solve(problem, time + c * dt, h, constant, constant)
                slopes.append((stage - constant) / h)  # f itself would amplify the error
            else:
                slopes.append(problem.rhs(time + c * dt, constant))
        return slopes

    def _together(self, method, problem, state, time, dt):
        stages = len(method.c)
        coupled = Stages(problem, method, time, dt)
        constant = np.concatenate([state] * stages)
        found = self._solve(coupled, time, dt, constant, constant).reshape(stages, *state.shape)
        if np.linalg.matrix_rank(np.array(method.A)) == stages:  # again not f itself
            return [k / dt for k in _weighted(np.linalg.inv(method.A), found - state)]
        return [problem.rhs(time + c * dt, stage) for c, stage in zip(method.c, found, strict=True)]

    def _solve(self, problem, time, h, constant, guess):
        limits = self.tolerance, self.max_iterations
        return solve_step(problem, time, h, constant, guess, *limits)


@dataclass(frozen=True)
class Stages:
    """All stages of a step as one problem: components are stage by component."""

    problem: Problem
    method: object
    time: float
    dt: float

    @property
    def samples(self):
        """See `Problem`."""
        return self.problem.samples

    def rhs(self, _, state):
        """Return sum_j A_ij f(t0 + c_j dt, Y_j) for all stages i."""
        stages = np.split(state, len(self.method.c))
        slopes = [
            self.problem.rhs(t, stage) for t, stage in zip(self._times(), stages, strict=True)
        ]
        return np.concatenate(_weighted(self.method.A, slopes))

    def jacobian(self, _, state):
        """Return the derivatives of `rhs`, in blocks A_ij J(Y_j)."""
        stages = np.split(state, len(self.method.c))
        blocks = [
            self.problem.jacobian(t, stage) for t, stage in zip(self._times(), stages, strict=True)
        ]
        return [
            [a * entry for a, block in zip(row, blocks, strict=True) for entry in block[i]]
            for row in self.method.A
            for i in range(len(blocks[0]))
        ]

    def solve(self, time, state, h, right):
        """See `System.solve`: the stages of a point are coupled, its neighbours are not.

        If its neighbours are, too, the triangular factor of A replaces it. Then the system
        solves for one stage after the other (van der Houwen and de Swart, SIAM J. Sci. Comput. 18,
        1997).
        """
        if not self.problem.coupled:
            return solve_blocks(self.jacobian(time, state), h, right)
        stages, rights = (np.split(values, len(self.method.c)) for values in (state, right))
        updates, slopes = [], []  # slopes: h J times the update
        for t, stage, known, (*weights, pivot) in zip(
            self._times(), stages, rights, triangular_factor(self.method.A), strict=True
        ):
            known = known + sum(w * k for w, k in zip(weights, slopes, strict=True))
            if pivot:
                updates.append(self.problem.solve(t, stage, h * pivot, known))
                slopes.append((updates[-1] - known) / pivot)
            else:  # a row of zeros: the stage is the state itself
                updates.append(known)
                slopes.append(np.zeros_like(known))
        return np.concatenate(updates)

    def subset(self, chosen):
        """See `Problem.subset`."""
        return Stages(self.problem.subset(chosen), self.method, self.time, self.dt)

    def _times(self):
        return [self.time + c * self.dt for c in self.method.c]


def _weighted(matrix, slopes):
    """Return sum_j matrix_ij slopes_j for all i; not by BLAS, whose sums depend on the batch."""
    return [sum(a * k for a, k in zip(row, slopes, strict=True)) for row in matrix]
