"""Implicit methods on systems that give a stencil only, against modes, scipy and own solvers."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from led.jobs import registry
from led.solvers.base import Solver, SolverError
from led.solvers.implicit_runge_kutta import ImplicitRungeKutta
from led.solvers.runge_kutta import RungeKutta
from led.solvers.theta import Theta
from led.systems import stencils
from led.systems.base import Problem, System
from led.systems.fitzhugh_nagumo_1d import FitzHughNagumo1D
from led.systems.grids import Axis, derivative, gradient, laplacian
from led.systems.linear import solve_blocks
from tests.solvers.test_coupled import FULL, Fronts
from tests.solvers.test_solver_families import IMPLICIT, solver
from tests.solvers.test_solvers import advance
from tests.systems.test_grids import axis

ORDERS = [(options, order) for options, order in IMPLICIT if order > 1]


class Brusselator(System):
    """u' = 1 + u^2 v - 4 u + D lap u - c u_x,  v' = 3 u - u^2 v + 2 D lap v, on any axes."""

    components = ("u", "v")
    stencil = 1

    def __init__(self, axes):
        self.sides = axes

    @property
    def axes(self):
        return self.sides

    def draw(self, rng):
        return {"D": 0.02}

    def initial_state(self, drawn):
        noise = np.random.default_rng(0).uniform(size=[len(x.points) for x in self.sides.values()])
        smooth = noise - 0.1 * sum(gradient(noise, self.sides))
        return np.stack([1 + 0.2 * smooth, 3 - 0.1 * noise])[:, None] * np.ones_like(
            drawn["D"]
        ).reshape(1, -1, *[1] * noise.ndim)

    def rhs(self, time, state, prepared):
        u, v = state
        reaction = u * u * v - 3 * u
        D = prepared["D"].reshape(-1, *[1] * (u.ndim - 1))
        drift = derivative(u, self.sides, "x") * np.sin(1 + time)
        flux = D * laplacian(u, self.sides), 2 * D * laplacian(v, self.sides)
        return np.stack([1 + reaction - u + flux[0] - drift, -reaction + flux[1]])


def setting(*sides, D=(0.02,)):
    system = Brusselator(dict(zip("xyz", sides, strict=False)))
    drawn = {"D": np.array(D)}
    return Problem.of(system, drawn), system.initial_state(drawn)


def exact(problem, start, end):
    return (
        solve_ivp(
            lambda t, y: problem.rhs(t, y.reshape(start.shape)).ravel(),
            (0, end),
            start.ravel(),
            method="DOP853",
            rtol=1e-13,
            atol=1e-14,
        )
        .y[:, -1]
        .reshape(start.shape)
    )


@pytest.mark.parametrize("boundary", ["periodic", "fixed"])
@pytest.mark.parametrize(("options", "order"), ORDERS)
def test_order_on_a_nonlinear_equation(options, order, boundary):
    problem, start = setting(axis(9, boundary, values=(1.0, 1.5)), D=(0.002, 0.001))
    end, errors = 0.5, []
    expected = exact(problem, start, end)
    steps = (12, 24) if order > 2 else (30, 60)
    for n in steps:
        found, _ = advance(solver(options), problem, start, end / n, range(n))
        errors.append(np.linalg.norm(found - expected))
    assert np.log2(errors[0] / errors[1]) == pytest.approx(order, abs=0.1)


def test_the_front_of_the_led_paper_needs_no_solver_of_its_own():
    """Steps of Crank-Nicolson that an explicit method cannot make, of order 2 against scipy."""
    system = FitzHughNagumo1D(nx=41)
    drawn = {"phase": np.array([0.7]), "radius": np.array([1.0])}
    problem, start = Problem.of(system, drawn), system.initial_state(drawn)
    expected = exact(problem, start, 4.0)
    errors = []
    for n in (40, 80):
        found, _ = advance(Theta(), problem, start, 4 / n, range(n))
        errors.append(np.abs(found - expected).max())
    assert np.log2(errors[0] / errors[1]) == pytest.approx(2, abs=0.1)
    assert np.abs(expected - start).max() > 30 * errors[0]


@pytest.mark.parametrize(
    "sides",
    [
        [axis(5, "periodic"), axis(4, "no_flux")],
        [axis(3, "no_flux", True), axis(7, "periodic")],
        [axis(4, "fixed"), axis(3, "periodic"), axis(5, "no_flux")],
    ],
)
def test_the_matrix_is_the_jacobian_in_two_and_three_dimensions(sides):
    """Against central differences of one entry of the state after the other."""
    problem, start = setting(*sides, D=(0.2, 0.05))
    h, size = 0.3, start[:, 0].size
    right = np.random.default_rng(1).normal(size=start.shape)
    found = problem.solve(0.7, start, h, right)
    for sample in range(2):
        alone = problem.subset([sample])
        state = start[:, [sample]]
        shift = 1e-5 * np.eye(size).reshape(size, *state.shape)
        columns = [
            (alone.rhs(0.7, state + e) - alone.rhs(0.7, state - e)).ravel() / 2e-5 for e in shift
        ]
        matrix = np.eye(size) - h * np.array(columns).T
        expected = np.linalg.solve(matrix, right[:, sample].ravel())
        np.testing.assert_allclose(found[:, sample].ravel(), expected, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("chosen", ["sdirk2", *FULL])
def test_it_finds_what_a_solver_of_its_own_finds(chosen):
    class Coloured(Fronts):
        stencil = 1
        axes = {"x": Axis(np.arange(16.0), "no_flux")}
        solve = System.solve

    method, start = ImplicitRungeKutta(chosen), 0.4 + 0.3 * Fronts().mode(2)[0][None, None]
    results = [
        advance(method, Problem.of(system, {"rate": np.ones(1)}), start, 0.1, range(5))[0]
        for system in (Fronts(), Coloured())
    ]
    np.testing.assert_allclose(*results, rtol=1e-8)


def test_a_wide_stencil_of_a_stiff_equation():
    """u' = -u_xxxx on a ring: modes decay by the amplification of Crank-Nicolson."""

    class Beam(Brusselator):
        components = ("u",)
        stencil = 2

        def rhs(self, time, state, prepared):
            return -laplacian(laplacian(state, self.sides), self.sides)

    ring = axis(23, "periodic")
    problem = Problem.of(Beam({"x": ring}), {"D": np.ones(1)})
    start, expected = 0, 0
    for k in (0, 1, 4, 11):
        mode = np.cos(2 * np.pi * k * ring.points + k)
        z = -(((2 - 2 * np.cos(2 * np.pi * k / 23)) * 23**2) ** 2) * 1e-3 / 2
        start = start + mode
        expected = expected + ((1 + z) / (1 - z)) ** 10 * mode
    found, _ = advance(Theta(0.5), problem, start[None, None], 1e-3, range(10))
    np.testing.assert_allclose(found[0, 0], expected, atol=1e-7)


@pytest.mark.parametrize("sides", [[axis(9, "periodic")], [axis(6, "no_flux"), axis(5, "fixed")]])
def test_a_sample_has_the_same_bits_alone(sides):
    problem, start = setting(*sides, D=(0.1, 0.02, 0.5))
    method = Theta()
    together, _ = advance(method, problem, start, 0.1, range(4))
    for sample in range(3):
        alone, _ = advance(method, problem.subset([sample]), start[:, [sample]], 0.1, range(4))
        np.testing.assert_array_equal(alone[:, 0], together[:, sample])


@pytest.mark.parametrize(
    "options",
    [{"name": "theta"}, {"name": "implicit_runge_kutta", "tableau": "gauss2"}],
)
@pytest.mark.parametrize("sides", [[axis(3, "periodic")], [axis(8, "no_flux"), axis(5, "fixed")]])
def test_points_that_are_coupled_without_a_word_are_reported(options, sides):
    class Silent(Brusselator):
        stencil = 0

    system = Silent(dict(zip("xy", sides, strict=False)))
    drawn = {"D": np.array([0.0, 0.02])}
    problem, start = Problem.of(system, drawn), system.initial_state(drawn)
    message = "^Silent: found points that depend on others more than 0 points away, expected .*"
    implicit = registry.create(Solver, **options)
    with pytest.raises(ValueError, match=message + "give it `stencil`"):
        implicit.integrate(problem, start, 0.01, 1)
    for explicit in (RungeKutta(), Theta(0.0), ImplicitRungeKutta("heun")):
        explicit.integrate(problem, start, 0.0001, 1)


def test_a_stencil_that_is_too_narrow_is_reported():
    class Narrow(Brusselator):
        def rhs(self, time, state, prepared):
            return -laplacian(laplacian(state, self.sides), self.sides)

    problem = Problem.of(Narrow({"x": axis(16, "no_flux")}), {"D": np.ones(1)})
    with pytest.raises(ValueError, match=r"^Narrow: found points that .* more than 1 points away"):
        Theta().start(problem, 0.0, np.ones((2, 1, 16)))


def test_points_that_are_independent_pass():
    class Lonely(Brusselator):
        stencil = 0

        def rhs(self, time, state, prepared):
            u, v = state
            return np.stack([np.exp(u) * v, np.sin(u) - np.sum(state, axis=0)])

    for sides in ([axis(9, "no_flux")], [axis(4, "fixed"), axis(5, "periodic")]):
        problem, start = Problem.of(Lonely(dict(zip("xy", sides, strict=False))), {}, [0]), None
        start = np.random.default_rng(0).normal(size=(2, 1, *[len(s.points) for s in sides]))
        problem.check_coupling(0.0, start)


def test_a_stencil_wider_than_the_grid_is_rejected():
    class Wide(Brusselator):
        stencil = 2

    system = Wide({"x": axis(9, "periodic"), "y": axis(4, "periodic")})
    problem = Problem.of(system, {"D": np.ones(1)})
    start = system.initial_state({"D": np.ones(1)})
    with pytest.raises(ValueError, match="dimension 'y': found 4 points, expected at least 5"):
        Theta().integrate(problem, start, 0.01, 1)


def test_a_singular_step_has_no_solution():
    """1 - h J = 0 for u' = u at h = 1."""

    class Growth(Brusselator):
        components = ("u",)

        def rhs(self, time, state, prepared):
            return state

    for boundary in ("periodic", "no_flux"):
        problem = Problem.of(Growth({"x": axis(4, boundary)}), {"D": np.ones(1)})
        with pytest.raises(SolverError, match=r"^sample 0: Newton.* did not converge"):
            Theta(1.0).integrate(problem, np.ones((1, 1, 4)), 1.0, 1)


def test_colours_do_not_overlap():
    for points in range(3, 40):
        for width in (1, 2, 3, 5):
            colours = stencils._colours(points, width)
            for colour in set(colours):
                (same,) = np.nonzero(colours == colour)
                gaps = np.diff([*same, same[0] + points])
                assert len(same) == 1 or gaps.min() >= width


def test_a_system_without_coupling_is_solved_point_by_point():
    class Lonely(Brusselator):
        stencil = 0

    problem, start = setting(axis(5, "periodic"))
    lonely = Problem(Lonely(problem.system.sides), problem.prepared, problem.samples)
    expected = solve_blocks(lonely.jacobian(0.0, start), 0.1, start)
    np.testing.assert_array_equal(lonely.solve(0.0, start, 0.1, start), expected)
