"""Systems: Jacobians against differences, FitzHugh-Nagumo against what is known of it exactly."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from led.solvers.base import SolverError
from led.solvers.runge_kutta import RungeKutta
from led.solvers.theta import Theta
from led.systems.base import Problem, System
from led.systems.fitzhugh_nagumo import FitzHughNagumo
from led.systems.fitzhugh_nagumo_diffusion import FitzHughNagumoDiffusion
from led.systems.van_der_pol import VanDerPol


@pytest.mark.parametrize("system", [FitzHughNagumo(nx=3, ny=2), VanDerPol(mu=2.5)])
def test_jacobian_is_the_derivative_of_the_right_hand_side(system):
    rng = np.random.default_rng(0)
    drawn = {
        name: np.array([value, value * 0.7])
        for name, value in system.draw(np.random.default_rng(1)).items()
    }
    problem = Problem.of(system, drawn)
    state = rng.uniform(-1, 1, size=system.initial_state(drawn).shape)
    rows = problem.jacobian(3.0, state)
    for j in range(len(state)):
        shift = np.zeros_like(state)
        shift[j] = 1e-6
        slope = (problem.rhs(3.0, state + shift) - problem.rhs(3.0, state - shift)) / 2e-6
        for i in range(len(state)):
            np.testing.assert_allclose(
                np.broadcast_to(rows[i][j], slope[i].shape), slope[i], atol=1e-7
            )


def simulate(system, firing_x, firing_y, dt=0.5, steps=400):
    drawn = {"firing_x": np.array([firing_x]), "firing_y": np.array([firing_y])}
    problem = Problem.of(system, drawn)
    return Theta().integrate(problem, system.initial_state(drawn), dt, steps)[0]


def test_cells_are_copies_shifted_by_their_delay():
    """No diffusion: cells whose delays differ by a multiple of dt differ by a shift in time."""
    system = FitzHughNagumo(nx=20, ny=20)
    states = simulate(system, 0.0, 0.0)
    reference = states[:, 1, 0]  # at a distance of 1 / 20: a delay of 10 ms, 20 steps
    for i, j in [(2, 0), (0, 3), (7, 0), (3, 4), (6, 8), (12, 5)]:
        shift = round(20 * np.hypot(i, j)) - 20
        np.testing.assert_allclose(states[shift:, i, j], reference[: 401 - shift], atol=1e-6)
        assert np.abs(states[: shift + 20, i, j]).max() == 0
    assert reference[:, 0].max() > 0.9  # and the cell did fire


def test_a_cell_agrees_with_scipy():
    """The theta method on one cell, against a tight solver that stops at each switch.

    Crank-Nicolson takes the mean of the stimulus at both ends of a step, so one that is switched
    on at a time level acts from half a step before it.
    """
    system = FitzHughNagumo(nx=4, ny=1)

    def rhs(t, state, current):
        u, w = state
        return [8 * u * (u - 0.15) * (1 - u) - w + current, 0.01 * (u - 0.1 * w)]

    def exact(dt):
        start, stop = 50.0 - dt / 2, 52.0 - dt / 2  # cell (1, 0): at a distance of 1 / 4
        options = {"rtol": 1e-11, "atol": 1e-13, "method": "DOP853"}
        excited = solve_ivp(rhs, (start, stop), [0, 0], args=(0.125,), **options).y[:, -1]
        return solve_ivp(rhs, (stop, 58.0), excited, args=(0.0,), **options).y[:, -1]

    errors = [
        np.abs(simulate(system, 0.0, 0.0, dt, round(58 / dt))[-1, 1, 0] - exact(dt)).max()
        for dt in (0.1, 0.05)
    ]
    assert errors[1] < 1e-3
    assert errors[0] / errors[1] == pytest.approx(4, rel=0.2)


def test_cells_lie_at_i_over_nx_and_j_over_ny():
    system = FitzHughNagumo(nx=5, ny=2)
    assert system.grid["x"].tolist() == pytest.approx([0, 0.2, 0.4, 0.6, 0.8])
    assert system.grid["y"].tolist() == pytest.approx([0, 0.5])
    states = simulate(system, 0.4, 0.5, steps=300)
    assert states.shape == (301, 5, 2, 2)
    fired = (states[..., 0] > 0.5).argmax(axis=0)
    assert fired[2, 1] == fired.min()
    assert fired[1, 1] == fired[3, 1]
    assert fired[2, 0] > fired[0, 1]  # 0.5 away, against 0.4


def test_values_stay_in_the_published_range():
    states = simulate(FitzHughNagumo(), 0.3, 0.6, steps=1000)
    assert states[..., 0].min() == pytest.approx(-0.26, abs=0.01)
    assert states[..., 0].max() == pytest.approx(1.0, abs=0.01)
    assert states[..., 1].max() == pytest.approx(0.96, abs=0.01)


def test_draws_are_uniform_over_their_range():
    rng = np.random.default_rng(0)
    firing = np.array([list(FitzHughNagumo().draw(rng).values()) for _ in range(2000)])
    assert firing.min() >= 0
    assert firing.max() <= 1
    np.testing.assert_allclose(firing.mean(axis=0), 0.5, atol=0.03)
    outside = np.array(
        [list(FitzHughNagumo(firing=(1.5, 2)).draw(rng).values()) for _ in range(99)]
    )
    assert outside.min() >= 1.5
    assert outside.max() <= 2
    starts = np.array([list(VanDerPol().draw(rng).values()) for _ in range(2000)])
    assert np.abs(starts).max() <= 5
    np.testing.assert_allclose(starts.std(axis=0), 5 / np.sqrt(3), rtol=0.05)


class Diffusion(VanDerPol):
    """Heat on a ring of points: a system whose points are coupled has a `solve` of its own."""

    components = ("x",)
    points = 8
    matrix = np.eye(8, k=1) + np.eye(8, k=-1) - 2 * np.eye(8)
    matrix[0, -1] = matrix[-1, 0] = 1

    def initial_state(self, drawn):
        wave = np.cos(2 * np.pi * np.arange(self.points) / self.points)
        return drawn["initial_x"][None, :, None] * wave

    def rhs(self, time, state, prepared):
        return state @ self.matrix

    def solve(self, time, state, h, right, prepared):
        return np.linalg.solve(np.eye(self.points) - h * self.matrix, right[..., None])[..., 0]


def test_systems_coupled_in_space_join():
    """A wave on a ring decays at the rate of its wave number."""
    system, drawn = Diffusion(), {"initial_x": np.array([1.0, 3.0]), "initial_y": np.zeros(2)}
    problem = Problem.of(system, drawn)
    states = Theta().integrate(problem, system.initial_state(drawn), 0.01, 200)
    rate = 2 - 2 * np.cos(2 * np.pi / 8)
    np.testing.assert_allclose(states[1, -1, 0, 0], 3 * np.exp(-2 * rate), rtol=1e-4)


class Reaction(VanDerPol):
    """x' = rate (A x - x^3) on three points that a matrix A, shared by all samples, couples."""

    components = ("x",)
    shared = ("matrix",)

    def initial_state(self, drawn):
        return drawn["initial_x"][None, :, None] * np.array([1.0, -0.5, 2.0])

    def prepare(self, drawn):
        matrix = np.array([[-1.0, 0.5, 0.2], [0.3, -2.0, 0.4], [0.1, 0.6, -1.5]])
        return {"matrix": matrix, "rate": drawn["initial_y"][:, None]}

    def rhs(self, time, state, prepared):
        coupling = (prepared["matrix"] * state[..., None, :]).sum(axis=-1)
        return prepared["rate"] * (coupling - state**3)

    def solve(self, time, state, h, right, prepared):
        jacobian = prepared["matrix"] - 3 * state[..., None] ** 2 * np.eye(3)
        matrix = np.eye(3) - h * prepared["rate"][..., None] * jacobian
        return np.linalg.solve(matrix, right[..., None])[..., 0]


def test_a_subset_of_the_samples_shares_what_all_share():
    """As many samples as points, whose Newton iterations end one after the other."""
    initial, rate = np.array([1e-3, 1.0, 30.0]), np.array([0.1, 1.0, 10.0])
    system = Reaction()

    def run(chosen, max_iterations=25):
        drawn = {"initial_x": initial[chosen], "initial_y": rate[chosen]}
        problem, solver = Problem.of(system, drawn), Theta(1.0, max_iterations=max_iterations)
        return solver.integrate(problem, system.initial_state(drawn), 0.5, 1)

    together = run(slice(None))
    for sample in range(3):
        np.testing.assert_array_equal(run([sample])[0], together[sample])
    run([0], max_iterations=3)
    run([1], max_iterations=7)
    for sample, iterations in [(1, 3), (2, 7)]:
        with pytest.raises(SolverError, match="did not converge"):
            run([sample], max_iterations=iterations)


def test_a_system_without_a_jacobian_has_differences():
    class Plain(VanDerPol):
        jacobian = System.jacobian

    drawn = {"initial_x": np.array([2.0, -1.0]), "initial_y": np.array([0.5, 3.0])}
    state = Plain().initial_state(drawn)
    for found, exact in zip(
        Plain().jacobian(0.0, state, drawn), VanDerPol().jacobian(0.0, state, drawn), strict=True
    ):
        for entry, expected in zip(found, exact, strict=True):
            np.testing.assert_allclose(entry, np.broadcast_to(expected, 2), atol=1e-9)


def planar_speed(diffusion, nx):
    """Return how fast a front of u advances along a strip, without w."""
    options = {"nx": nx, "ny": 3, "epsilon": 0.0, "amplitude": 0.0, "diffusion": diffusion}
    system = FitzHughNagumoDiffusion(**options)
    drawn = {"firing_x": np.zeros(1), "firing_y": np.zeros(1)}
    x = system.grid["x"]
    front = (1 - np.tanh((x - 0.25) / np.sqrt(8 * diffusion / system.K))) / 2
    state = np.zeros((2, 1, nx, 3))
    state[0] = front[:, None]
    dt = 0.5 * (1 / nx) ** 2 / diffusion / 2
    steps = round(8 / dt)
    states = RungeKutta().integrate(Problem.of(system, drawn), state, dt, steps, steps // 2)
    np.testing.assert_allclose(states[0, -1, :, 0], states[0, -1, :, 2], atol=1e-12)
    reached = [np.interp(0.5, -u + 1, x) for u in states[0, 1:, :, 1, 0]]
    return (reached[1] - reached[0]) / (steps // 2 * dt)


def test_a_planar_front_of_fitzhugh_nagumo_has_the_speed_of_theory():
    """sqrt(K D / 2) (1 - 2 alpha); the error falls with the square of the spacing."""
    expected = np.sqrt(8 * 1e-3 / 2) * (1 - 2 * 0.15)
    errors = [planar_speed(1e-3, nx) - expected for nx in (100, 200)]
    assert abs(errors[1]) < 3e-3 * expected
    assert errors[0] / errors[1] == pytest.approx(4, rel=0.2)


def test_fitzhugh_nagumo_without_diffusion_is_that_of_separate_cells():
    drawn = {"firing_x": np.array([0.2]), "firing_y": np.array([0.7])}
    found, expected = (
        RungeKutta().integrate(Problem.of(system, drawn), system.initial_state(drawn), 0.1, 300)
        for system in (
            FitzHughNagumoDiffusion(nx=6, ny=5, speed=0.05, diffusion=0.0),
            FitzHughNagumo(nx=6, ny=5, speed=0.05),
        )
    )
    assert expected.max() > 0.9
    np.testing.assert_allclose(found, expected, atol=1e-12)


def test_diffusion_ignites_cells_that_the_stimulus_has_not_reached():
    drawn = {"firing_x": np.zeros(1), "firing_y": np.array([1 / 3])}
    options = {"nx": 20, "ny": 3, "speed": 1e-3, "amplitude": 10.0}
    system = FitzHughNagumoDiffusion(**options, diffusion=0.01)
    problem, start = Problem.of(system, drawn), system.initial_state(drawn)
    for solver, dt in ((RungeKutta(), 0.05), (Theta(), 0.25)):
        steps = round(20 / dt)
        end = solver.integrate(problem, start, dt, steps, steps)[0, -1, ..., 0]
        assert end[-1].min() > 0.5  # after 20 ms, of 950 that the stimulus needs


def test_regimes_of_the_oscillator_agree_with_scipy_piece_by_piece():
    """2 until t = 1.5, 0.5 until t = 3.5, then 2 again; a regime begins with its first time."""
    system = VanDerPol(regimes=[[2.0, 1.5], [0.5, 2.0]])
    times = np.arange(0, 4.55, 0.1)
    mu = system.forcing(times)["mu"]
    expected = np.where((times > 1.45) & (times < 3.45), 0.5, 2.0)
    np.testing.assert_array_equal(mu, expected)
    drawn = {"initial_x": np.array([1.0, -2.0]), "initial_y": np.array([0.5, 1.0])}
    state = system.initial_state(drawn)
    found = RungeKutta("rk4").integrate(Problem.of(system, drawn), state, 0.001, 4500)
    for sample in range(2):
        expected = state[:, sample]
        for value, start, stop in ((2.0, 0.0, 1.5), (0.5, 1.5, 3.5), (2.0, 3.5, 4.5)):
            constant, span = VanDerPol(mu=value), (start, stop)
            solved = solve_ivp(
                lambda t, y, rhs=constant.rhs: rhs(t, y, {}), span, expected, rtol=1e-10, atol=1e-12
            )
            expected = solved.y[:, -1]
            at = found[sample, round(1000 * stop)]
            np.testing.assert_allclose(at, expected, atol=2e-3)  # a stage beyond each switch
    with pytest.raises(ValueError, match="found a range of mu and regimes"):
        VanDerPol(mu=[1.0, 2.0], regimes=[[1.0, 1.0]])
