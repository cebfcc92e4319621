"""Runs that begin at any time and go on from any step."""

import numpy as np
import pytest

from led.solvers.base import SolverError
from led.solvers.runge_kutta import RungeKutta
from led.systems.base import Problem, System
from tests.solvers.test_solver_families import EXPLICIT, IMPLICIT, Nonlinear, solver
from tests.solvers.test_solvers import Growth, advance

ALL = IMPLICIT + EXPLICIT
ONE_STEP = [(options, order) for options, order in ALL if options["name"] != "adams_bashforth"]


class Decay(System):
    """y' = -2 t y^2, with the solution 1 / (c + t^2)."""

    components = ("y",)

    def draw(self, rng):
        return {"c": 1.0}

    def initial_state(self, drawn):
        return 1 / drawn["c"][None]

    def rhs(self, time, state, prepared):
        return -2 * time * state**2

    def jacobian(self, time, state, prepared):
        return [[-4 * time * state[0]]]


def problem_of(system, **drawn):
    drawn = {name: np.array(values) for name, values in drawn.items()}
    return Problem.of(system, drawn), system.initial_state(drawn)


def arrays(memory):
    """Return copies of the arrays in a memory."""
    parts = memory if isinstance(memory, tuple) else (memory,)
    return [part.copy() for part in parts if part is not None]


@pytest.mark.parametrize("options", [options for options, _ in ALL])
def test_steps_are_the_same_wherever_they_are_split(options):
    """To the last bit. The second part is run twice: the first one has not changed its start."""
    problem, start = problem_of(Nonlinear(), initial=[1.0, 0.3])
    together, _ = advance(solver(options), problem, start, 0.1, range(12))
    for split in range(1, 12):
        state, memory = advance(solver(options), problem, start, 0.1, range(split))
        for _ in range(2):
            rest, _ = advance(solver(options), problem, state, 0.1, range(split, 12), memory)
            np.testing.assert_array_equal(rest, together)


@pytest.mark.parametrize("options", [options for options, _ in ALL])
def test_what_a_step_returned_is_never_changed(options):
    problem, state = problem_of(Nonlinear(), initial=[1.0, 0.3])
    memory = solver(options).start(problem, 0.0, state)
    returned = []
    for step in range(8):
        returned.append((state, memory, state.copy(), arrays(memory)))
        state, memory = solver(options).step(problem, step * 0.1, state, 0.1, memory)
    for state, memory, as_it_was, arrays_as_they_were in returned:
        np.testing.assert_array_equal(state, as_it_was)
        for found, expected in zip(arrays(memory), arrays_as_they_were, strict=True):
            np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize(("options", "order"), ALL)
def test_a_run_that_starts_in_the_middle_has_the_order_of_its_method(options, order):
    """From the exact solution at t = 1, on to t = 2."""
    problem, _ = problem_of(Decay(), c=[1.0])
    errors = []
    for n in (200, 400) if order < 3 else (40, 80):
        begun = range(n, 2 * n)
        found, _ = advance(solver(options), problem, np.array([[1 / 2]]), 1 / n, begun)
        errors.append(abs(found[0, 0] - 1 / 5))
    assert np.log2(errors[0] / errors[1]) == pytest.approx(order, abs=0.2)


@pytest.mark.parametrize("options", [options for options, _ in ALL])
def test_integration_from_the_middle_is_the_tail_of_that_from_the_beginning(options):
    problem, start = problem_of(Decay(), c=[1.0, 2.0])
    dt = 1 / 128  # all times are exact
    whole = solver(options).integrate(problem, start, dt, 128)
    middle, _ = advance(solver(options), problem, start, dt, range(64))
    tail = solver(options).integrate(problem, middle, dt, 64, start=0.5)
    tolerance = 1e-4 if options["name"] == "adams_bashforth" else 1e-7  # its slopes are lost
    np.testing.assert_allclose(tail, whole[:, 64:], rtol=tolerance)
    np.testing.assert_allclose(tail[:, -1, 0], [1 / 2, 1 / 3], rtol=1e-2)


def test_divergence_names_the_time_from_the_start_on():
    problem, start = problem_of(Growth(), scale=[40.0])
    with pytest.raises(SolverError, match=r"^sample 0: the state is not finite at t = 18.565;"):
        RungeKutta("rk4").integrate(problem, start, 0.005, 3600, start=1.0)


@pytest.mark.parametrize(("options", "order"), ONE_STEP)
def test_steps_may_change_their_size(options, order):
    """Each third one is twice as long."""
    problem, _ = problem_of(Decay(), c=[1.0])
    errors = []
    for n in (200, 400) if order < 3 else (40, 80):
        time, state = 0.0, np.ones((1, 1))
        memory = solver(options).start(problem, time, state)
        for dt in np.tile([1 / n, 1 / n, 2 / n], n // 4):
            state, memory = solver(options).step(problem, time, state, dt, memory)
            time += dt
        errors.append(abs(state[0, 0] - 1 / (1 + time**2)))
    assert np.log2(errors[0] / errors[1]) == pytest.approx(order, abs=0.2)
