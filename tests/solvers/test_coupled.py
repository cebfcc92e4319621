"""Implicit methods on systems whose points are coupled, against modes, scipy and dense matrices."""

import re

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.linalg import solve_banded

from led.solvers.implicit_runge_kutta import ImplicitRungeKutta, Stages
from led.solvers.tableaux import tableau, triangular_factor
from led.systems.base import Problem, System
from led.systems.van_der_pol import VanDerPol
from tests.solvers.test_solver_families import IMPLICIT, LOBATTO, TRAPEZOID, solver
from tests.solvers.test_solvers import advance, march

RADAU_5 = {  # IIA with three stages, order 5: Hairer, Norsett, Wanner II, IV.5
    "A": [
        [(88 - 7 * 6**0.5) / 360, (296 - 169 * 6**0.5) / 1800, (-2 + 3 * 6**0.5) / 225],
        [(296 + 169 * 6**0.5) / 1800, (88 + 7 * 6**0.5) / 360, (-2 - 3 * 6**0.5) / 225],
        [(16 - 6**0.5) / 36, (16 + 6**0.5) / 36, 1 / 9],
    ],
    "b": [(16 - 6**0.5) / 36, (16 + 6**0.5) / 36, 1 / 9],
    "c": [(4 - 6**0.5) / 10, (4 + 6**0.5) / 10, 1],
}
LOBATTO_IIIB = {
    "A": [[1 / 6, -1 / 6, 0], [1 / 6, 1 / 3, 0], [1 / 6, 5 / 6, 0]],
    "b": [1 / 6, 2 / 3, 1 / 6],
    "c": [0, 1 / 2, 1],
}
FULL = ["gauss2", "radau_iia", LOBATTO, RADAU_5]


class Heat(System):
    """u' = rate (u_left - 2 u + u_right) + f(t, u) on a line without flux through its ends."""

    components = ("u",)

    def __init__(self, points=16):
        self.points = points

    def draw(self, rng):
        return {"rate": 1.0}

    def initial_state(self, drawn):
        return np.ones((1, len(drawn["rate"]), self.points))

    def source(self, time, u):
        """Return f and its derivative."""
        return 0 * u, 0 * u

    def rhs(self, time, state, prepared):
        flux = np.diff(state, axis=-1)
        inner = np.diff(flux, axis=-1, prepend=0, append=0)
        return prepared["rate"][:, None] * inner + self.source(time, state)[0]

    def solve(self, time, state, h, right, prepared):
        solution = np.empty_like(right)
        neighbours = np.full(self.points, 2.0)
        neighbours[[0, -1]] = 1
        slopes = self.source(time, state)[1]
        for sample, rate in enumerate(prepared["rate"]):
            bands = np.full((3, self.points), -h * rate)
            bands[1] = 1 - h * (slopes[0, sample] - rate * neighbours)
            solution[0, sample] = solve_banded((1, 1), bands, right[0, sample])
        return solution

    def mode(self, number):
        """Return an eigenvector of the differences and its eigenvalue, at a rate of one."""
        angle = np.pi * number / self.points
        return np.cos(angle * (np.arange(self.points) + 0.5)), 2 * np.cos(angle) - 2


class Fronts(Heat):
    """With the source (1 + t) u (1 - u)."""

    def source(self, time, u):
        return (1 + time) * u * (1 - u), (1 + time) * (1 - 2 * u)


@pytest.mark.parametrize(
    ("options", "order"), [*IMPLICIT, ({"name": "implicit_runge_kutta", "tableau": RADAU_5}, 5)]
)
def test_order_on_a_diffusion_equation(options, order):
    """Each mode decays by its eigenvalue."""
    system, rates = Heat(), np.array([1.0, 2.0])
    problem = Problem.of(system, {"rate": rates})
    modes = [system.mode(number) for number in (0, 2, 5)]
    start = sum(mode for mode, _ in modes) * np.ones((1, 2, 1))
    exact = sum(np.exp(value * rates)[:, None] * mode for mode, value in modes)
    steps = (10, 20) if order > 2 else (80, 160)
    errors = [
        np.linalg.norm(advance(solver(options), problem, start, 1 / n, range(n))[0] - exact)
        for n in steps
    ]
    assert np.log2(errors[0] / errors[1]) == pytest.approx(order, abs=0.1)


@pytest.mark.parametrize(("options", "order"), IMPLICIT)
def test_order_on_a_nonlinear_equation(options, order):
    system = Fronts()
    problem = Problem.of(system, {"rate": np.array([1.0])})
    start = 0.4 + 0.3 * system.mode(2)[0] - 0.2 * system.mode(3)[0]
    exact = solve_ivp(
        lambda t, u: problem.rhs(t, u[None, None])[0, 0],
        (0, 1),
        start,
        method="DOP853",
        rtol=1e-13,
        atol=1e-14,
    ).y[:, -1]
    steps = (20, 40) if order > 2 else (80, 160)
    errors = []
    for n in steps:
        found, _ = advance(solver(options), problem, start[None, None], 1 / n, range(n))
        errors.append(np.linalg.norm(found[0, 0] - exact))
    assert np.log2(errors[0] / errors[1]) == pytest.approx(order, abs=0.1)


@pytest.mark.parametrize("chosen", ["sdirk2", TRAPEZOID, *FULL])
@pytest.mark.parametrize("rate", [1.0, 1e5])
def test_modes_decay_by_the_stability_function(chosen, rate):
    """R(z) = 1 + z b (1 - z A)^-1 1, also where steps are 1e4 times as long as a mode lives."""
    system, dt, steps = Heat(), 0.04, 5
    problem = Problem.of(system, {"rate": np.array([rate])})
    method = tableau(chosen)
    modes = [system.mode(number) for number in (0, 1, 7, 15)]
    start = sum(mode for mode, _ in modes)
    expected = 0
    for mode, value in modes:
        z = value * rate * dt
        stages = np.linalg.solve(
            np.eye(len(method.b)) - z * np.array(method.A), np.ones(len(method.b))
        )
        expected = expected + (1 + z * np.dot(method.b, stages)) ** steps * mode
    exact = ImplicitRungeKutta(chosen, tolerance=1e-12)
    found, _ = advance(exact, problem, start[None, None], dt, range(steps))
    np.testing.assert_allclose(found[0, 0], expected, atol=1e-7)


@pytest.mark.parametrize("chosen", ["gauss2", "radau_iia", RADAU_5])
def test_stiff_modes_leave_the_slow_ones_alone(chosen):
    """On a fine grid, with the default options."""
    system = Heat(points=400)
    (slow, value), (fast, _) = system.mode(1), system.mode(399)
    rate = -1 / value  # the slow mode decays as exp(-t), the fast one 6e4 times as fast
    problem = Problem.of(system, {"rate": np.array([rate])})
    start = (slow + 1e-6 * fast)[None, None]
    found, _ = advance(ImplicitRungeKutta(chosen), problem, start, 0.05, range(20))
    np.testing.assert_allclose(found[0, 0], np.exp(-1) * slow, atol=3e-6)


class Oscillator(VanDerPol):
    """With a `solve` of its own."""

    def solve(self, time, state, h, right, prepared):
        return super().solve(time, state, h, right, prepared)


@pytest.mark.parametrize("chosen", FULL)
def test_the_solution_is_that_of_the_coupled_blocks(chosen):
    start, method = {"initial_x": 1.5, "initial_y": -2.0}, ImplicitRungeKutta(chosen)
    found = march(Oscillator(mu=5.0), method, start, 0.1, 40)
    expected = march(VanDerPol(mu=5.0), method, start, 0.1, 40)
    np.testing.assert_allclose(found, expected, atol=1e-8)


class Coupled(Heat):
    """A system with the Jacobian (1 + t) M + diag(u), where M has no zeros."""

    def jacobian_of(self, time, u):
        matrix = np.random.default_rng(7).normal(size=(5, 5))
        return (1 + time) * matrix + u[..., None] * np.eye(5)

    def solve(self, time, state, h, right, prepared):
        matrix = np.eye(5) - h * self.jacobian_of(time, state)
        return np.linalg.solve(matrix, right[..., None])[..., 0]


@pytest.mark.parametrize("chosen", ["sdirk2", "gauss2", "radau_iia", RADAU_5])
def test_stages_are_solved_with_the_triangular_factor(chosen):
    """Against one dense matrix of blocks T_ij J(t_j, u_j)."""
    method, h = tableau(chosen), 0.3
    stages = len(method.c)
    system = Coupled(points=5)
    problem = Problem.of(system, {"rate": np.ones(2)})
    state, right = np.random.default_rng(8).normal(size=(2, stages, 2, 5))
    found = Stages(problem, method, 1.0, h).solve(1.0, state, h, right)
    factor = padded(triangular_factor(method.A))
    for sample in range(2):
        jacobians = [
            system.jacobian_of(1 + c * h, u)
            for c, u in zip(method.c, state[:, sample], strict=True)
        ]
        blocks = [[t * j for t, j in zip(row, jacobians, strict=True)] for row in factor]
        dense = np.eye(5 * stages) - h * np.block(blocks)
        expected = np.linalg.solve(dense, right[:, sample].ravel()).reshape(stages, 5)
        np.testing.assert_allclose(found[:, sample], expected, rtol=1e-10)


def padded(rows):
    return np.array([[*row, *[0.0] * (len(rows) - len(row))] for row in rows])


@pytest.mark.parametrize("chosen", ["sdirk2", "gauss2", "radau_iia", RADAU_5])
def test_the_triangular_factor_leaves_ones_on_the_diagonal(chosen):
    matrix = np.array(tableau(chosen).A)
    factor = padded(triangular_factor(tableau(chosen).A))
    rest = np.linalg.solve(factor, matrix)
    np.testing.assert_allclose(np.tril(rest), np.eye(len(matrix)), atol=1e-14)
    assert (np.diag(factor) > 0).all()


def test_a_row_of_zeros_has_the_factor_of_the_others():
    factor = padded(triangular_factor(LOBATTO["A"]))
    assert not factor[0].any()
    np.testing.assert_array_equal(factor[:, 0], [0, 5 / 24, 1 / 6])
    rest = np.linalg.solve(factor[1:, 1:], np.array(LOBATTO["A"])[1:, 1:])
    np.testing.assert_allclose(np.tril(rest), np.eye(2), atol=1e-14)


def test_a_tableau_without_a_triangular_factor_is_rejected():
    """Only where it is needed."""
    march(VanDerPol(), ImplicitRungeKutta(LOBATTO_IIIB), {"initial_x": 1, "initial_y": 1}, 0.1, 1)
    message = (
        "tableau.A: found a zero pivot in row 2, expected none outside rows of zeros, for a "
        "system whose points are coupled; try sdirk2, gauss2 or radau_iia"
    )
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        march(Heat(), ImplicitRungeKutta(LOBATTO_IIIB), {"rate": 1}, 0.1, 1)
