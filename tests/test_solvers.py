"""Time integrators, against exact solutions and scipy."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from led.convergence import Rotation
from led.linear import solve_blocks
from led.solvers.base import SolverError
from led.solvers.theta import Theta
from led.systems.base import Problem
from led.systems.van_der_pol import VanDerPol


def integrate(system, solver, drawn, dt, steps, **options):
    drawn = {name: np.atleast_1d(np.asarray(value, float)) for name, value in drawn.items()}
    problem = Problem.of(system, drawn)
    return solver.integrate(problem, system.initial_state(drawn), dt, steps, **options)


def march(system, solver, drawn, dt, steps):
    """Return the last state in double precision."""
    drawn = {name: np.atleast_1d(np.asarray(value, float)) for name, value in drawn.items()}
    marching = solver.march(Problem.of(system, drawn), system.initial_state(drawn), dt)
    for _ in range(steps):
        state = next(marching)
    return state[:, 0]


@pytest.mark.parametrize(("theta", "order"), [(1.0, 1), (0.5, 2), (0.0, 1), (0.7, 1)])
def test_theta_has_its_order(theta, order):
    exact = [np.cos(2) - np.sin(2), np.cos(2) + np.sin(2)]
    errors = [
        np.linalg.norm(march(Rotation(), Theta(theta), {"initial": 1}, 2 / n, n) - exact)
        for n in (200, 400)
    ]
    assert np.log2(errors[0] / errors[1]) == pytest.approx(order, abs=0.1)


def test_theta_weights_the_new_time_level():
    """One step of x' = -y, y' = x by hand: backward Euler divides by 1 + dt^2."""
    dt = 0.5
    x, y = march(Rotation(), Theta(1.0), {"initial": 1}, dt, 1)
    assert (x, y) == pytest.approx(((1 - dt) / (1 + dt**2), (1 + dt) / (1 + dt**2)))
    x, y = march(Rotation(), Theta(0.0), {"initial": 1}, dt, 1)
    assert (x, y) == pytest.approx((1 - dt, 1 + dt))


def test_van_der_pol_agrees_with_scipy():
    start = {"initial_x": 1.5, "initial_y": -2.0}
    exact = solve_ivp(
        lambda t, s: [s[0] - s[0] ** 3 / 3 - s[1], s[0]], (0, 8), [1.5, -2], rtol=1e-11, atol=1e-12
    ).y[:, -1]
    errors = [
        np.abs(march(VanDerPol(), Theta(), start, 8 / n, n) - exact).max() for n in (4000, 8000)
    ]
    assert errors[1] < 2e-6
    assert np.log2(errors[0] / errors[1]) == pytest.approx(2, abs=0.1)


def test_stiff_oscillator_is_integrated_by_large_steps():
    """mu = 100: the slow manifold y = x - x^3 / 3 attracts within 1 / mu."""
    x, y = march(VanDerPol(mu=100.0), Theta(1.0), {"initial_x": 2, "initial_y": 1}, 0.5, 40)
    assert y == pytest.approx(x - x**3 / 3, abs=1e-2)


def test_newton_converges_to_the_tolerance():
    tight = march(VanDerPol(), Theta(), {"initial_x": 4, "initial_y": 4}, 0.1, 100)
    exact = march(VanDerPol(), Theta(tolerance=1e-13), {"initial_x": 4, "initial_y": 4}, 0.1, 100)
    loose = march(VanDerPol(), Theta(tolerance=1e-2), {"initial_x": 4, "initial_y": 4}, 0.1, 100)
    assert np.abs(tight - exact).max() < 1e-9
    assert np.abs(loose - exact).max() > 1e-9


def test_a_sample_does_not_depend_on_those_beside_it():
    starts = np.linspace(-5, 5, 7)
    together = integrate(
        VanDerPol(), Theta(), {"initial_x": starts, "initial_y": starts[::-1]}, 0.1, 50
    )
    for number, (x, y) in enumerate(zip(starts, starts[::-1], strict=True)):
        alone = integrate(VanDerPol(), Theta(), {"initial_x": x, "initial_y": y}, 0.1, 50)
        np.testing.assert_array_equal(alone[0], together[number])


def test_output_every_keeps_every_nth_state():
    start = {"initial_x": [1.0], "initial_y": [2.0]}
    all_states = integrate(VanDerPol(), Theta(), start, 0.1, 20)
    some = integrate(VanDerPol(), Theta(), start, 0.1, 20, output_every=6)
    np.testing.assert_array_equal(some, all_states[:, ::6])


def test_divergence_names_sample_and_time():
    start = {"initial_x": [0.1, 50.0], "initial_y": [0.0, 0.0]}
    with pytest.raises(
        SolverError, match=r"sample 1: the state is not finite at t = 2.5; expected finite"
    ):
        integrate(VanDerPol(), Theta(0.0), start, 0.5, 20)


def test_newton_that_does_not_converge_names_sample_time_and_residual():
    drawn = {"initial_x": np.array([1.0, 5.0]), "initial_y": np.array([0.0, 5.0])}
    system = VanDerPol()
    problem = Problem.of(system, drawn, samples=np.array([40, 41]))
    with pytest.raises(SolverError, match=r"sample 4\d: .* t = 0.5; residual .*tolerance 1e-10"):
        Theta(max_iterations=2).integrate(problem, system.initial_state(drawn), 0.5, 3)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_blocks_solve_the_linear_system(size):
    rng = np.random.default_rng(size)
    jacobian = rng.normal(size=(size, size, 4, 5))
    right = rng.normal(size=(size, 4, 5))
    solution = solve_blocks([list(row) for row in jacobian], 0.3, right)
    for place in np.ndindex(4, 5):
        matrix = np.eye(size) - 0.3 * jacobian[(slice(None), slice(None), *place)]
        back = matrix @ solution[(slice(None), *place)]
        np.testing.assert_allclose(back, right[(slice(None), *place)], atol=1e-12)


def test_a_singular_block_is_not_finite():
    identity = [[1.0, 0, 0], [0, 1.0, 0], [0, 0, 1.0]]
    assert not np.isfinite(solve_blocks(identity, 1.0, np.ones((3, 2)))).any()
