"""Lambda-omega: exact solutions, scipy, symmetries, and spirals as they were published."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from led.solvers.runge_kutta import RungeKutta
from led.solvers.theta import Theta
from led.systems import symmetries
from led.systems.base import Problem
from led.systems.grids import Axis
from led.systems.lambda_omega import LambdaOmega

SMALL = {"nx": 8, "ny": 8, "length": 4.0}


def advance(system, state, time=1.0, dt=0.02, d=None, solver=None):
    """Return the state after some time, for states of shape (component, *grid)."""
    drawn = {"phase": np.zeros(1)} | ({} if d is None else {"d": np.array([d])})
    steps, solver = round(time / dt), solver or RungeKutta()
    found = solver.integrate(Problem.of(system, drawn), state[:, None], dt, steps, steps)
    return np.moveaxis(found[0, -1], -1, 0)


@pytest.mark.parametrize("radius", [0.1, 1.0, 1.7])
def test_without_space_the_radius_follows_a_formula(radius):
    """r^2 = 1 / (1 + (1 / r0^2 - 1) exp(-2 t)), and the angle falls by beta times its integral."""
    system, time = LambdaOmega(**SMALL, beta=1.3), 2.0
    start = np.multiply.outer([radius * np.cos(0.4), radius * np.sin(0.4)], np.ones((8, 8)))
    u, v = advance(system, start, time, dt=0.01)
    square = 1 / (1 + (1 / radius**2 - 1) * np.exp(-2 * time))
    angle = 0.4 - 1.3 / 2 * np.log(1 + radius**2 * (np.exp(2 * time) - 1))
    np.testing.assert_allclose(u, np.sqrt(square) * np.cos(angle), atol=1e-7)
    np.testing.assert_allclose(v, np.sqrt(square) * np.sin(angle), atol=1e-7)


class Periodic(LambdaOmega):
    """On a square that continues through its sides."""

    @property
    def axes(self):
        return {name: Axis(axis.points) for name, axis in super().axes.items()}


@pytest.mark.parametrize("d", [0.1, 0.2])
def test_plane_waves_turn_at_the_rate_of_their_radius(d):
    """u + i v = R exp(i (k x + m y - beta R^2 t)) with R^2 = 1 - d (k^2 + m^2) of differences."""
    system = Periodic(nx=16, ny=12, length=20.0, d=d, beta=0.8)
    x, y = system.grid["x"][:, None], system.grid["y"]
    k, m = 2 * np.pi / 20, 4 * np.pi / 20
    squares = sum((2 * np.sin(n * h / 2) / h) ** 2 for n, h in ((k, 20 / 16), (m, 20 / 12)))
    radius, time = np.sqrt(1 - d * squares), 3.0

    def wave(t):
        turned = radius * np.exp(1j * (k * x + m * y - 0.8 * radius**2 * t))
        return np.stack([turned.real, turned.imag])

    np.testing.assert_allclose(advance(system, wave(0), time), wave(time), atol=1e-7)


def second_derivative(points, length):
    """Return the matrix of differences on cells without flux through the ends."""
    matrix = np.eye(points, k=1) + np.eye(points, k=-1) - 2 * np.eye(points)
    matrix[0, 0] = matrix[-1, -1] = -1
    return matrix * (points / length) ** 2


@pytest.mark.parametrize(
    ("solver", "dt", "error"), [(RungeKutta(), 0.01, 1e-7), (Theta(), 0.05, 2e-3)]
)
def test_scipy_finds_the_same(solver, dt, error):
    system = LambdaOmega(nx=7, ny=5, length=3.0, d=[0.05, 0.2], beta=0.7)
    along_x, along_y = second_derivative(7, 3.0), second_derivative(5, 3.0)
    start = np.random.default_rng(0).uniform(-1, 1, size=(2, 7, 5))

    def rhs(_, state):
        a = state[:35].reshape(7, 5) + 1j * state[35:].reshape(7, 5)
        square = np.abs(a) ** 2
        rate = (1 - square - 0.7j * square) * a + 0.13 * (along_x @ a + a @ along_y.T)
        return np.concatenate([rate.real.ravel(), rate.imag.ravel()])

    exact = solve_ivp(rhs, (0, 1), start.ravel(), method="DOP853", rtol=1e-11, atol=1e-12).y[:, -1]
    found = advance(system, start, dt=dt, d=0.13, solver=solver)
    np.testing.assert_allclose(found.ravel(), exact, atol=error)


@pytest.mark.parametrize(("ny", "size"), [(8, 8), (6, 4)])
def test_flips_and_the_transposition_turn_solutions_into_solutions(ny, size):
    system = LambdaOmega(**SMALL | {"ny": ny})
    maps = symmetries.group(system.symmetries, (8, ny, 2))
    assert len(maps) == size
    start = np.random.default_rng(1).uniform(-1, 1, size=(2, 8, ny))

    def mapped(map_, state):
        return np.moveaxis(map_(np.moveaxis(state, 0, -1)), -1, 0)

    end = advance(system, start)
    for map_ in maps:
        np.testing.assert_allclose(
            advance(system, mapped(map_, start)), mapped(map_, end), atol=1e-12
        )


@pytest.mark.parametrize("angle", [0.3, np.pi / 2, 4.0])
def test_a_turn_of_the_components_turns_solutions_into_solutions(angle):
    system = LambdaOmega(**SMALL)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    start = np.random.default_rng(1).uniform(-1, 1, size=(2, 8, 8))
    turned = np.tensordot(turn, start, axes=1)
    expected = np.tensordot(turn, advance(system, start), axes=1)
    np.testing.assert_allclose(advance(system, turned), expected, atol=1e-12)


def draws(system, count):
    drawn = [system.draw(np.random.default_rng(number)) for number in range(count)]
    return {name: np.array([values[name] for values in drawn]) for name in drawn[0]}


def test_the_published_start_is_a_spiral_in_the_middle():
    system = LambdaOmega(random=False)
    start = system.initial_state(draws(system, 1))[:, 0]
    x, y = system.grid["x"][:, None], system.grid["y"]
    radius, angle = np.hypot(x, y), np.arctan2(y, x)
    expected = np.tanh(radius * np.cos(angle - radius)), np.tanh(radius * np.sin(angle - radius))
    np.testing.assert_allclose(start, expected)
    assert system.grid["x"][[0, -1]].tolist() == pytest.approx([-10 + 10 / 96, 10 - 10 / 96])
    assert start.shape == (2, 96, 96)


def test_draws_are_uniform_over_their_range():
    drawn = draws(LambdaOmega(d=[0.05, 0.2], extent=3.0), 2000)
    for name, (low, high) in {
        "centre_x": (-3, 3),
        "centre_y": (-3, 3),
        "phase": (0, 2 * np.pi),
        "d": (0.05, 0.2),
    }.items():
        scaled = (drawn[name] - low) / (high - low)
        assert 0 <= scaled.min() < 0.01
        assert 0.99 < scaled.max() <= 1
        assert scaled.mean() == pytest.approx(0.5, abs=0.03)
    assert set(drawn["chirality"]) == {-1, 1}
    assert drawn["chirality"].mean() == pytest.approx(0, abs=0.1)
    assert "d" not in draws(LambdaOmega(), 1)


def test_a_spiral_turned_over_is_one_of_the_other_chirality():
    system = LambdaOmega(**SMALL)
    drawn = {"centre_x": [0.4, 0.4], "centre_y": [0.2, -0.2], "phase": [0.5, 0.5]}
    drawn = {name: np.array(values) for name, values in drawn.items()}
    first, second = np.swapaxes(
        system.initial_state(drawn | {"chirality": np.array([1, -1])}), 0, 1
    )
    np.testing.assert_allclose(np.flip(first, axis=-1), second, atol=1e-12)
