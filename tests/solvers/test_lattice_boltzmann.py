"""The lattice Boltzmann method: against scipy, an exact decay, and what it has to conserve."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from led.data.simulate import simulate
from led.solvers.base import Solver, SolverError
from led.solvers.lattice_boltzmann import LatticeBoltzmann
from led.solvers.runge_kutta import RungeKutta
from led.systems.base import Problem
from led.systems.fitzhugh_nagumo_1d import FitzHughNagumo1D
from led.systems.reaction_diffusion import ReactionDiffusion
from led.systems.van_der_pol import VanDerPol


@dataclass(frozen=True)
class Chemicals(ReactionDiffusion):
    """Three components on 20 cells of [0, 1], each one sample with a rate of its own."""

    rate: float = 0.0
    components = ("a", "b", "c")
    diffusivities = (0.1, 0.05, 0.02)
    grid = {"x": (np.arange(20) + 0.5) / 20}

    def draw(self, rng):
        return {"factor": rng.uniform(0.5, 1.5)}

    def initial_state(self, drawn):
        wave = np.cos(np.pi * self.grid["x"])
        return np.ones((3, len(drawn["factor"]), 1)) + drawn["factor"][:, None] * wave

    def prepare(self, drawn):
        return {"factor": drawn["factor"][:, None]}

    def reaction(self, time, state, prepared):
        a, b, _ = state
        change = self.rate * prepared.factor * a * b
        return -change, -change, change


def problem_of(system, **drawn):
    drawn = {name: np.array(values) for name, values in drawn.items()}
    return Problem.of(system, drawn), system.initial_state(drawn)


def fronts(**options):
    return problem_of(FitzHughNagumo1D(**options), phase=[0.5, 4.0], radius=[0.8, 1.1])


def test_diffusion_alone_decays_as_a_cosine():
    """exp(-D pi^2 t) cos(pi x) is exact, whatever the mean."""
    problem, start = problem_of(Chemicals(), factor=[1.0, 0.5])
    found = LatticeBoltzmann().integrate(problem, start, 1e-3, 1000, 500)
    wave = np.cos(np.pi * Chemicals.grid["x"])
    for component, diffusivity in enumerate(Chemicals.diffusivities):
        for sample, factor in enumerate((1.0, 0.5)):
            decay = np.exp(-diffusivity * np.pi**2 * np.array([0, 0.5, 1.0]))
            expected = 1 + factor * decay[:, None] * wave
            np.testing.assert_allclose(found[sample, ..., component], expected, atol=4e-3)


def test_diffusion_is_of_second_order_in_space():
    """With dt / dx^2 fixed, as the method asks for."""

    def error(points):
        @dataclass(frozen=True)
        class Heat(Chemicals):
            grid = {"x": (np.arange(points) + 0.5) / points}

        problem, start = problem_of(Heat(), factor=[1.0])
        steps = 10 * points**2 // 100
        state, memory = start, LatticeBoltzmann().start(problem, 0.0, start)
        for step in range(steps):
            state, memory = LatticeBoltzmann().step(problem, step / steps, state, 1 / steps, memory)
        expected = 1 + np.exp(-0.1 * np.pi**2) * np.cos(np.pi * Heat.grid["x"])
        return np.abs(state[0, 0] - expected).max()

    assert np.log2(error(20) / error(40)) == pytest.approx(2, abs=0.1)


@pytest.mark.parametrize("rate", [0.0, 5.0])
def test_mass_is_conserved(rate):
    """Without reaction, each component's; with a + b -> c, those of a + c and b + c."""
    problem, start = problem_of(Chemicals(rate=rate), factor=[1.0, 0.5])
    solver, state = LatticeBoltzmann(), start
    memory = solver.start(problem, 0.0, state)
    for step in range(500):
        state, memory = solver.step(problem, step * 1e-3, state, 1e-3, memory)
    mass, before = state.sum(axis=-1), start.sum(axis=-1)
    if rate:
        assert (mass[2] > before[2] + 1).all()
        mass, before = mass[:2] + mass[2], before[:2] + before[2]
    np.testing.assert_allclose(mass, before, rtol=1e-13)


def test_it_solves_the_equations_that_scipy_solves():
    """Finite differences have other errors, so the difference falls by four with each halving."""
    differences = []
    for spacing, dt in ((0.2, 0.005), (0.1, 0.00125)):
        points = round(20.2 / spacing)
        problem, start = fronts(nx=points, length=20.2 - spacing)
        found = LatticeBoltzmann().integrate(problem, start, dt, round(20 / dt), round(20 / dt))

        def rhs(time, state, problem=problem, shape=start.shape):
            return problem.rhs(time, state.reshape(shape)).ravel()

        exact = solve_ivp(rhs, (0, 20), start.ravel(), method="DOP853", rtol=1e-6, atol=1e-8)
        exact = exact.y[:, -1].reshape(start.shape)
        assert np.abs(exact - start).max() > 0.5
        differences.append(np.abs(np.moveaxis(found[:, -1], -1, 0) - exact).max())
    assert differences[0] < 0.01
    assert differences[0] / differences[1] == pytest.approx(4, rel=0.1)


def test_machine_code_finds_the_same_as_numpy():
    """Over more steps than the moving populations have room for."""
    for problem, start in (fronts(), problem_of(Chemicals(rate=5.0), factor=[1.0, 0.5])):
        dt = 1e-3
        found = LatticeBoltzmann().integrate(problem, start, dt, 300, 50, start=2.0)
        expected = Solver.integrate(LatticeBoltzmann(), problem, start, dt, 300, 50, start=2.0)
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)


def test_the_limit_cycle_has_the_published_period():
    """186.16 in the files of the LED paper, whose ends let a little through."""
    problem, start = problem_of(FitzHughNagumo1D(), phase=[2.4, 3.9], radius=[0.8, 1.1])
    found = LatticeBoltzmann().integrate(problem, start, 0.005, 2400 * 200, 200)
    for u in found[:, 1200:, 50, 0]:
        before = np.flatnonzero((u[:-1] < 0) & (u[1:] >= 0))
        crossings = before - u[before] / (u[before + 1] - u[before])
        assert np.diff(crossings).mean() == pytest.approx(186.415, abs=0.01)
        assert np.diff(crossings).mean() == pytest.approx(186.16, rel=0.002)


def test_steps_are_the_same_wherever_they_are_split():
    problem, start = fronts()
    solver, state = LatticeBoltzmann(), start
    memory = solver.start(problem, 0.0, state)
    halves = []
    for step in range(20):
        halves.append((state, memory, state.copy(), memory.copy()))
        state, memory = solver.step(problem, step * 0.005, state, 0.005, memory)
    again, memory, *_ = halves[10]
    for step in range(10, 20):
        again, memory = solver.step(problem, step * 0.005, again, 0.005, memory)
    np.testing.assert_array_equal(again, state)
    for state, memory, as_it_was, memory_as_it_was in halves:
        np.testing.assert_array_equal(state, as_it_was)
        np.testing.assert_array_equal(memory, memory_as_it_was)


def test_a_system_without_diffusivities_is_refused():
    options = {"seed": 0, "split": "train", "samples": range(2), "duration": 1.0, "dt": 0.1}
    with pytest.raises(
        TypeError, match=r"^solver lattice_boltzmann: found the system VanDerPol, expected"
    ):
        simulate(VanDerPol(), LatticeBoltzmann(), **options)


@pytest.mark.filterwarnings("error")
def test_divergence_names_sample_and_time():
    problem, start = problem_of(Chemicals(rate=-1e3), factor=[0.0, 1.0])
    with pytest.raises(SolverError, match=r"^sample 1: the state is not finite at t = 0.0"):
        LatticeBoltzmann().integrate(problem, start, 1e-3, 100, 5)


@dataclass(frozen=True)
class Decay(ReactionDiffusion):
    """Eight points that do not depend on each other, in each sample with a rate of its own."""

    components = ("u",)
    diffusivities = (0.0,)
    grid = {"x": np.arange(8.0)}

    def draw(self, rng):
        return {"rate": rng.uniform(0.5, 1.5)}

    def initial_state(self, drawn):
        return np.ones((1, len(drawn["rate"]), 8))

    def reaction(self, time, state, prepared):
        return (-prepared.rate * state[0],)


@pytest.mark.parametrize("samples", [3, 8])
def test_a_number_of_each_sample_is_that_of_all_its_points(samples):
    rates = np.linspace(0.5, 1.5, samples)
    problem, start = problem_of(Decay(), rate=rates)
    expected = np.exp(-rates)[:, None, None] * np.ones((8, 1))
    for solver in (RungeKutta("rk4"), LatticeBoltzmann()):
        found = solver.integrate(problem, start, 1e-3, 1000, 1000)[:, -1]
        np.testing.assert_allclose(found, expected, rtol=2e-3)
        state, memory = start, solver.start(problem, 0.0, start)
        stepped, _ = solver.step(problem, 0.0, state, 1e-3, memory)
        np.testing.assert_allclose(stepped[0], np.exp(-1e-3 * rates)[:, None] * np.ones(8), 1e-5)


class Ring(FitzHughNagumo1D):
    @property
    def axes(self):
        return {name: replace(axis, boundary="periodic") for name, axis in super().axes.items()}


class Carried(FitzHughNagumo1D):
    def rhs(self, time, state, prepared):
        return super().rhs(time, state, prepared) + 0.5


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        (Ring, "^Ring: found the axis x with the boundary periodic and .*, expected no_flux"),
        (Carried, "^Carried.rhs: found other rates than those of the parts that ReactionDiffus"),
    ],
)
def test_what_the_method_would_leave_out_is_refused(kind, message):
    problem, start = problem_of(kind(), phase=[0.5], radius=[0.8])
    with pytest.raises(ValueError, match=message):
        LatticeBoltzmann().integrate(problem, start, 5e-3, 4)
    with pytest.raises(ValueError, match=message):
        LatticeBoltzmann().start(problem, 0.0, start)
