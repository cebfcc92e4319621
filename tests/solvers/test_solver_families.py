"""All time integrators: their orders, stiffness, and tableaux that are none."""

import re

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from led.evaluation.convergence import Rotation
from led.jobs import registry
from led.solvers.base import Solver, SolverError
from led.solvers.tableaux import TABLEAUX, tableau
from led.systems.base import Problem
from led.systems.fitzhugh_nagumo import FitzHughNagumo
from led.systems.van_der_pol import VanDerPol
from tests.solvers.test_solvers import advance, march

LOBATTO = {  # IIIA, order 4; its first row is empty, so A has no inverse
    "A": [[0, 0, 0], [5 / 24, 1 / 3, -1 / 24], [1 / 6, 2 / 3, 1 / 6]],
    "b": [1 / 6, 2 / 3, 1 / 6],
    "c": [0, 1 / 2, 1],
}
TRAPEZOID = {"A": [[0, 0], [1 / 2, 1 / 2]], "b": [1 / 2, 1 / 2], "c": [0, 1]}
MIDPOINT = {"A": [[0, 0], [0.5, 0]], "b": [0, 1], "c": [0, 0.5]}
IMPLICIT = [
    ({"name": "theta", "theta": 1.0}, 1),
    ({"name": "theta", "theta": 0.5}, 2),
    ({"name": "implicit_runge_kutta", "tableau": "sdirk2"}, 2),
    ({"name": "implicit_runge_kutta", "tableau": TRAPEZOID}, 2),
    ({"name": "implicit_runge_kutta", "tableau": "radau_iia"}, 3),
    ({"name": "implicit_runge_kutta", "tableau": "gauss2"}, 4),
    ({"name": "implicit_runge_kutta", "tableau": LOBATTO}, 4),
]
EXPLICIT = [
    ({"name": "theta", "theta": 0.0}, 1),
    ({"name": "runge_kutta", "tableau": MIDPOINT}, 2),
    ({"name": "implicit_runge_kutta", "tableau": MIDPOINT}, 2),
    ({"name": "runge_kutta", "tableau": "heun"}, 2),
    ({"name": "runge_kutta", "tableau": "ralston"}, 2),
    ({"name": "runge_kutta", "tableau": "rk4"}, 4),
    ({"name": "runge_kutta", "tableau": "rk38"}, 4),
    ({"name": "runge_kutta", "tableau": "butcher5"}, 5),
    *[({"name": "adams_bashforth", "order": order}, order) for order in range(1, 6)],
]


def solver(options):
    if options["name"] in ("theta", "implicit_runge_kutta"):
        options = options | {"tolerance": 1e-13}
    return registry.create(Solver, **options)


@pytest.mark.parametrize(("options", "order"), IMPLICIT + EXPLICIT)
def test_order_on_a_linear_problem(options, order):
    """x' = -y, y' = x, x(0) = y(0) = 1."""
    exact = np.array([np.cos(2) - np.sin(2), np.cos(2) + np.sin(2)])
    steps = (100, 200) if order > 2 else (400, 800)
    errors = [
        np.linalg.norm(march(Rotation(), solver(options), {"initial": 1}, 2 / n, n) - exact)
        for n in steps
    ]
    assert np.log2(errors[0] / errors[1]) == pytest.approx(order, abs=0.1)


class Nonlinear(Rotation):
    """x' = -(1 + t) x^2 y, y' = x - y^2: the time counts, in the Jacobian as well."""

    def rhs(self, time, state, prepared):
        x, y = state
        return np.stack([-(1 + time) * x * x * y, x - y * y])

    def jacobian(self, time, state, prepared):
        x, y = state
        return [[-2 * (1 + time) * x * y, -(1 + time) * x * x], [1.0, -2 * y]]


@pytest.fixture(scope="module")
def exact():
    options = {"method": "DOP853", "rtol": 3e-14, "atol": 1e-15}
    return solve_ivp(
        lambda t, s: [-(1 + t) * s[0] * s[0] * s[1], s[0] - s[1] * s[1]], (0, 2), [1, 1], **options
    ).y[:, -1]


@pytest.mark.parametrize(("options", "order"), IMPLICIT + EXPLICIT)
def test_order_on_a_nonlinear_problem(options, order, exact):
    # coarse enough to stay above rounding, fine enough for the order to show
    steps = (800, 1600) if order < 3 else (160, 320)
    if options == {"name": "runge_kutta", "tableau": "butcher5"}:
        steps = (80, 160)
    errors = [
        np.linalg.norm(march(Nonlinear(), solver(options), {"initial": 1}, 2 / n, n) - exact)
        for n in steps
    ]
    assert np.log2(errors[0] / errors[1]) == pytest.approx(order, abs=0.1)


@pytest.mark.parametrize("options", [o for o, _ in IMPLICIT if o.get("tableau") is not LOBATTO])
def test_implicit_methods_hold_on_a_stiff_problem(options):
    """mu = 100 with steps fifty times beyond the limit of explicit methods."""
    start = {"initial_x": 2.0, "initial_y": 2.0 - 8 / 3}
    x, y = march(VanDerPol(mu=100.0), solver(options), start, 0.5, 40)
    exact = solve_ivp(
        lambda t, s: [100 * (s[0] - s[0] ** 3 / 3 - s[1]), s[0] / 100],
        (0, 20),
        list(start.values()),
        method="Radau",
        rtol=1e-10,
        atol=1e-12,
    ).y[:, -1]
    assert (x, y) == pytest.approx(exact, abs=5e-3)


class Relaxation(Rotation):
    """x' = 1e10 (cos t - x) - sin t, with the solution cos t: Prothero and Robinson's problem."""

    components = ("x",)

    def initial_state(self, drawn):
        return drawn["initial"][None]

    def rhs(self, time, state, prepared):
        return 1e10 * (np.cos(time) - state) - np.sin(time)

    def jacobian(self, time, state, prepared):
        return [[-1e10]]


@pytest.mark.parametrize(
    "options",
    [
        {"name": "theta", "theta": 1.0},
        {"name": "implicit_runge_kutta", "tableau": "sdirk2"},
        {"name": "implicit_runge_kutta", "tableau": "radau_iia"},
    ],
)
def test_rounding_errors_are_not_amplified_on_a_stiff_problem(options):
    """The right-hand side itself would turn 1e-16 into 1e-6."""
    x = march(Relaxation(), solver(options), {"initial": 1}, 0.01, 200)
    assert x == pytest.approx(np.cos(2), abs=1e-12)


@pytest.mark.parametrize("options", [options for options, _ in EXPLICIT])
def test_explicit_methods_report_their_divergence_on_a_stiff_problem(options):
    system = VanDerPol(mu=100.0)
    drawn = {"initial_x": np.array([2.0]), "initial_y": np.array([2.0])}
    problem = Problem.of(system, drawn, samples=np.array([17]))
    with pytest.raises(SolverError, match="sample 17: the state is not finite at t = "):
        solver(options).integrate(problem, system.initial_state(drawn), 0.5, 100)


@pytest.mark.parametrize("options", [options for options, _ in IMPLICIT + EXPLICIT])
def test_samples_are_independent(options):
    """To the last bit in double precision, on a grid that is no multiple of a vector register."""
    system = FitzHughNagumo(nx=7, ny=5, speed=0.5)
    firing = np.random.default_rng(0).uniform(size=(2, 7))

    def last_state(chosen):
        drawn = {"firing_x": firing[0, chosen], "firing_y": firing[1, chosen]}
        problem = Problem.of(system, drawn)
        return advance(solver(options), problem, system.initial_state(drawn), 0.05, range(100))[0]

    together = last_state(slice(None))
    assert np.abs(together).max() > 0.1
    for sample in range(7):
        alone = last_state(slice(sample, sample + 1))
        np.testing.assert_array_equal(alone[:, 0], together[:, sample])


@pytest.mark.parametrize("name", TABLEAUX)
def test_built_in_tableaux_are_consistent(name):
    method = tableau(name)
    assert sum(method.b) == pytest.approx(1)
    np.testing.assert_allclose(np.sum(method.A, axis=1), method.c, atol=1e-14)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"A": [[0, 0], [0.5]]}, "tableau.A: found rows of [2, 1] entries, expected 2 rows of 2"),
        ({"b": [1.0]}, "tableau.b: found 1 entries, expected 2, one for each row of A"),
        ({"c": [0, 0.5, 1]}, "tableau.c: found 3 entries, expected 2, one for each row of A"),
        ({"b": [0.5, 0.6]}, "tableau.b: found the sum 1.1, expected 1"),
        ({"c": [0, 0.4]}, "tableau.A: found the sum 0.5 in row 1, expected c[1] = 0.4"),
    ],
)
@pytest.mark.parametrize("name", ["runge_kutta", "implicit_runge_kutta"])
def test_a_wrong_tableau_has_a_message_of_its_own(name, change, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        registry.create(Solver, name=name, tableau=MIDPOINT | change)


@pytest.mark.parametrize("chosen", ["gauss2", "sdirk2"])
def test_explicit_methods_refuse_an_implicit_tableau(chosen):
    message = (
        "^tableau.A: found entries on or above the diagonal, expected a strictly lower triangular "
        "matrix; implicit_runge_kutta takes any$"
    )
    with pytest.raises(ValueError, match=message):
        registry.create(Solver, name="runge_kutta", tableau=chosen)
