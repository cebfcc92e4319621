"""Time integrators, against exact solutions and scipy."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from led.evaluation.convergence import Rotation
from led.solvers.base import SolverError
from led.solvers.implicit_runge_kutta import ImplicitRungeKutta
from led.solvers.newton import solve_step
from led.solvers.runge_kutta import RungeKutta
from led.solvers.theta import Theta
from led.systems.base import Problem, System
from led.systems.fitzhugh_nagumo import FitzHughNagumo
from led.systems.linear import solve_blocks
from led.systems.van_der_pol import VanDerPol


class Parabola(System):
    """y' = y^2 / scale + t: one component, with a scale for each sample."""

    components = ("y",)

    def draw(self, rng):
        return {"scale": 1.0}

    def initial_state(self, drawn):
        return drawn["scale"][None]

    def rhs(self, time, state, prepared):
        return state**2 / prepared["scale"] + time

    def jacobian(self, time, state, prepared):
        return [[2 * state[0] / prepared["scale"]]]


class Growth(Parabola):
    """y' = scale y."""

    def rhs(self, time, state, prepared):
        return prepared["scale"] * state


def integrate(system, solver, drawn, dt, steps, **options):
    drawn = {name: np.atleast_1d(np.asarray(value, float)) for name, value in drawn.items()}
    problem = Problem.of(system, drawn)
    return solver.integrate(problem, system.initial_state(drawn), dt, steps, **options)


def march(system, solver, drawn, dt, steps):
    """Return the last state of the first sample in double precision."""
    drawn = {name: np.atleast_1d(np.asarray(value, float)) for name, value in drawn.items()}
    problem, state = Problem.of(system, drawn), system.initial_state(drawn)
    return advance(solver, problem, state, dt, range(steps))[0][:, 0]


def advance(solver, problem, state, dt, steps, memory=None):
    """Return state and memory after the steps of these numbers; step n begins at n dt."""
    memory = solver.start(problem, steps[0] * dt, state) if memory is None else memory
    for step in steps:
        state, memory = solver.step(problem, step * dt, state, dt, memory)
    return state, memory


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


def test_newton_finds_the_root_at_any_scale():
    """y = s + y^2 / 5 s has the root s (5 - sqrt 5) / 2; the tolerance is relative to y."""
    scales = np.array([1e-6, 1.0, 1e6])
    system = Parabola()
    for alone in [slice(0, 1), slice(1, 2), slice(2, 3), slice(0, 3)]:
        scale = scales[alone]
        problem = Problem.of(system, {"scale": scale})
        found = solve_step(problem, 0.0, 0.2, scale[None], scale[None], 1e-4, 5)
        np.testing.assert_allclose(found[0], scale * (5 - np.sqrt(5)) / 2, rtol=1e-7)


def test_a_sample_does_not_depend_on_the_others():
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


def test_kept_states_are_those_of_the_steps_with_the_components_last():
    system = FitzHughNagumo(nx=4, ny=3, speed=0.05)
    drawn = {"firing_x": np.array([0.2, 0.7]), "firing_y": np.array([0.5, 0.1])}
    problem, start = Problem.of(system, drawn), system.initial_state(drawn)
    kept = Theta().integrate(problem, start, 0.5, 5, output_every=2)
    states = [start]
    memory = Theta().start(problem, 0.0, start)
    for step in range(5):
        state, memory = Theta().step(problem, step * 0.5, states[-1], 0.5, memory)
        states.append(state)
    assert np.isfinite(kept).all()
    assert kept.dtype == np.float64
    expected = np.stack(states[::2], axis=2)  # (component, sample, time, x, y)
    np.testing.assert_array_equal(kept, expected.transpose(1, 2, 3, 4, 0))


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(("solver", "time"), [(Theta(0.0), 2.5), (RungeKutta("rk4"), 1)])
def test_divergence_names_sample_and_time(solver, time):
    """By one message and no warnings of NumPy."""
    start = {"initial_x": [0.1, 50.0], "initial_y": [0.0, 0.0]}
    message = (
        f"^sample 1: the state is not finite at t = {time}; expected finite values: try a smaller "
        "dt or an implicit solver$"
    )
    with pytest.raises(SolverError, match=message):
        integrate(VanDerPol(), solver, start, 0.5, 20)


@pytest.mark.filterwarnings("error")
def test_what_a_file_cannot_hold_has_diverged():
    """The slope, 1600 exp(40 t), passes 1.8e308, the largest number of a file, at t = 17.560."""
    with pytest.raises(SolverError, match=r"^sample 0: the state is not finite at t = 17.565;"):
        integrate(Growth(), RungeKutta("rk4"), {"scale": 40}, 0.005, 3600)


def test_divergence_in_one_cell_is_enough():
    system = FitzHughNagumo(nx=4, ny=3, speed=0.05)
    drawn = {"firing_x": np.array([0.2, 0.7]), "firing_y": np.array([0.5, 0.1])}
    start = system.initial_state(drawn)
    start[0, 1, 3, 2] = 1e4
    problem = Problem.of(system, drawn, samples=np.array([8, 9]))
    with pytest.raises(SolverError, match=r"^sample 9: the state is not finite at t = "):
        Theta(0.0).integrate(problem, start, 0.5, 20)


def test_the_progress_counts_time_steps(capsys):
    integrate(VanDerPol(), Theta(), {"initial_x": [1.0], "initial_y": [2.0]}, 0.1, 20)
    assert capsys.readouterr().out.startswith("time step 20 of 20 done")


def test_newton_that_does_not_converge_names_sample_time_and_residual():
    """Two iterations by hand: only sample 40, that starts at its root, is done.

    y = c + h (y^2 + t) with h = 1/4 and t = 2: from y = 0, c = 7/2 the updates lead to 4 and, with
    the residual 4 - 7/2 - 1/4 (16 + 2) = -4 and 1 - 2 h y = -1, to 0 again.
    """
    problem = Problem.of(Parabola(), {"scale": np.ones(2)}, samples=np.array([40, 41]))
    constant, guess = np.array([[-0.5, 3.5]]), np.zeros((1, 2))
    message = (
        "^sample 41: Newton's method did not converge in 2 iterations at t = 2; residual 4, "
        "relative tolerance 1e-10$"
    )
    with pytest.raises(SolverError, match=message):
        solve_step(problem, 2.0, 0.25, constant, guess, 1e-10, 2)


@pytest.mark.parametrize(
    ("solver", "time"),
    [
        (Theta(max_iterations=2), 0.5),
        (ImplicitRungeKutta("sdirk2", max_iterations=2), (1 - np.sqrt(0.5)) * 0.5),
        (ImplicitRungeKutta("radau_iia", max_iterations=2), 0.0),  # all stages of the first step
    ],
)
def test_implicit_methods_report_where_newton_did_not_converge(solver, time):
    drawn = {"initial_x": np.array([1.0, 5.0]), "initial_y": np.array([0.0, 5.0])}
    system = VanDerPol()
    problem = Problem.of(system, drawn, samples=np.array([40, 41]))
    message = rf"sample 4\d: .* in 2 iterations at t = {time:g}; residual .*tolerance 1e-10"
    with pytest.raises(SolverError, match=message):
        solver.integrate(problem, system.initial_state(drawn), 0.5, 3)


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
