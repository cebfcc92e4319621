"""The theta method in machine code, against that of NumPy."""

import numpy as np
import pytest

from led.data.simulate import simulate
from led.jobs import registry
from led.solvers import machine_code
from led.solvers.base import Solver, SolverError
from led.solvers.theta import Theta
from led.systems.base import Problem, System
from led.systems.fitzhugh_nagumo import FitzHughNagumo
from led.systems.pointwise import PointwiseSystem


class Growth(PointwiseSystem):
    """x' = scale x, y' = -y."""

    components = ("x", "y")

    def draw(self, rng):
        return {"scale": 1.0}

    def initial_state(self, drawn):
        return np.ones((2, len(drawn["scale"])))

    def rates(self, time, state, prepared):
        x, y = state
        return prepared.scale * x, -y

    def slopes(self, time, state, prepared):
        return (prepared.scale, 0.0), (0.0, -1.0)


def waves(samples):
    """Return waves through a grid that is no multiple of a vector register."""
    system = FitzHughNagumo(nx=7, ny=5, speed=0.05)
    firing_x, firing_y = np.random.default_rng(0).uniform(size=(2, 7))
    drawn = {"firing_x": firing_x[samples], "firing_y": firing_y[samples]}
    problem = Problem.of(system, drawn, samples=10 + np.arange(7)[samples])
    return problem, system.initial_state(drawn)


def test_it_needs_no_folder_that_can_be_written(monkeypatch):
    """Numba refuses to cache where neither the code's folder nor the user's can be."""
    plain = machine_code.njit

    def uncached(*function, cache=False, **options):
        def refuse(function):
            raise RuntimeError("cannot cache function 'march': no locator available")

        return refuse if cache else plain(*function, **options)

    monkeypatch.setattr(machine_code, "njit", uncached)
    machine_code.cached.cache_clear()
    problem = Problem.of(Growth(), {"scale": np.array([0.5])})
    found = Theta().integrate(problem, np.ones((2, 1)), 0.001, 1000)
    np.testing.assert_allclose(found[0, -1], [np.exp(0.5), np.exp(-1)], rtol=1e-6)
    machine_code.cached.cache_clear()


@pytest.mark.parametrize("solver", [Theta(), Theta(1.0), Theta(0.7, tolerance=1e-12)])
@pytest.mark.parametrize("time", [0.0, 4.0])
def test_numpy_finds_the_same(solver, time):
    problem, start = waves(slice(None))
    options = {"output_every": 3, "start": time}
    found = solver.integrate(problem, start, 0.1, 1000, **options)
    expected = Solver.integrate(solver, problem, start, 0.1, 1000, **options)
    assert np.abs(expected).max() > 0.9
    assert not start.any()
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-7)


def test_a_run_may_start_before_the_stimulus():
    """At rest, nothing happens before t = 0."""
    problem, start = waves(slice(None))
    whole = Theta().integrate(problem, start, 0.125, 400)
    early = Theta().integrate(problem, start, 0.125, 404, start=-0.5)
    assert not early[:, :5].any()
    np.testing.assert_array_equal(early[:, 4:], whole)


def test_a_sample_has_the_same_bits_alone():
    together = Theta().integrate(*waves(slice(None)), 0.5, 200)
    for sample in range(7):
        alone = Theta().integrate(*waves(slice(sample, sample + 1)), 0.5, 200)
        np.testing.assert_array_equal(alone[0], together[sample])


@pytest.mark.parametrize("time", [0.0, -3.0])
def test_one_iteration_is_too_few_as_soon_as_the_stimulus_comes(time):
    """At rest, no update is needed. The message is that of NumPy."""
    solver = Theta(max_iterations=1)
    problem, start = waves(slice(2, 4))
    with pytest.raises(SolverError) as found:
        solver.integrate(problem, start, 0.5, 200, start=time)
    with pytest.raises(SolverError) as expected:
        solver.integrate(problem.subset([0]), start[:, :1], 0.5, 200, start=time)
    assert str(found.value) == str(expected.value)
    assert str(found.value).startswith("sample 12: Newton's method did not converge in 1 iter")
    with pytest.raises(SolverError) as of_numpy:
        Solver.integrate(solver, problem.subset([0]), start[:, :1], 0.5, 200, start=time)
    assert str(found.value) == str(of_numpy.value)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(("start", "time"), [(0, "17.595"), (1, "18.595")])
def test_what_a_file_cannot_hold_has_diverged(start, time):
    """The slope, 40 exp(40 t), passes 1.8e308, the largest number of a file; by theta at 17.594."""
    problem = Problem.of(Growth(), {"scale": np.array([1.0, 40.0])}, samples=np.array([3, 8]))
    with pytest.raises(SolverError, match=f"^sample 8: Newton.* at t = {time}; residual nan"):
        Theta().integrate(problem, np.ones((2, 2)), 0.005, 3600, start=start)


@pytest.mark.filterwarnings("error")
def test_a_step_whose_equations_are_singular_has_no_solution():
    """1 - dt theta scale = 0."""
    problem = Problem.of(Growth(), {"scale": np.array([4.0])})
    with pytest.raises(SolverError, match=r"^sample 0: Newton.* at t = 0.5; residual nan"):
        Theta().integrate(problem, np.ones((2, 1)), 0.5, 3)


class Sources(PointwiseSystem):
    """x' = source x, y' = rate - scale y / 2, on two points; the samples share source and rate."""

    components = ("x", "y")
    shared = ("source", "rate")
    grid = {"point": np.arange(2)}

    def draw(self, rng):
        return {"scale": 1.0}

    def initial_state(self, drawn):
        return np.ones((2, 1, 2)) * drawn["scale"][:, None]

    def prepare(self, drawn):
        return {"source": np.array([1.0, -2.0]), "rate": 0.25, "half": drawn["scale"][:, None] / 2}

    def rates(self, time, state, prepared):
        x, y = state
        return prepared.source * x, prepared.rate - prepared.half * y

    def slopes(self, time, state, prepared):
        return (prepared.source, 0.0), (0.0, -prepared.half)


def test_what_samples_share_is_compiled_too():
    """As many samples as points: a shared array differs from another by its name alone."""
    drawn = {"scale": np.array([1.0, 3.0])}
    problem, start = Problem.of(Sources(), drawn), Sources().initial_state(drawn)
    found = Theta().integrate(problem, start, 0.01, 100)
    np.testing.assert_array_equal(found, Solver.integrate(Theta(), problem, start, 0.01, 100))
    expected = drawn["scale"][:, None] * np.exp([1.0, -2.0])
    np.testing.assert_allclose(found[:, -1, :, 0], expected, rtol=1e-4)


class Waves(FitzHughNagumo):
    """A system of points that diffusion couples, so its `solve` is its own."""

    def rhs(self, time, state, prepared):
        rates = super().rhs(time, state, prepared)
        rates[0] += self.diffusion(state[0])
        return rates

    def solve(self, time, state, h, right, prepared):
        """Solve by iteration: diffusion is weak."""
        solution = right
        for _ in range(30):
            coupled = right.copy()
            coupled[0] += h * self.diffusion(solution[0])
            solution = super().solve(time, state, h, coupled, prepared)
        return solution

    @staticmethod
    def diffusion(u):
        return 0.1 * sum(np.roll(u, shift, axis=-1) - u for shift in (1, -1))


def test_a_system_whose_points_are_coupled_is_not_compiled():
    system = Waves(nx=3, ny=5, speed=0.05)
    drawn = {"firing_x": np.array([0.1]), "firing_y": np.array([0.2])}
    problem, start = Problem.of(system, drawn), system.initial_state(drawn)
    found = Theta().integrate(problem, start, 0.1, 100)
    np.testing.assert_array_equal(found, Solver.integrate(Theta(), problem, start, 0.1, 100))
    uncoupled = Problem.of(FitzHughNagumo(nx=3, ny=5, speed=0.05), drawn)
    assert np.abs(found - Theta().integrate(uncoupled, start, 0.1, 100)).max() > 0.1


def test_what_is_compiled_follows_the_source(tmp_path):
    """Also a constant of the module, and back again."""
    path = tmp_path / "decay.py"
    source = """
import numpy as np
from led.systems.pointwise import PointwiseSystem

RATE = {rate}

class Decay(PointwiseSystem):
    components = ("x", "y")

    def draw(self, rng):
        return {{"start": 1.0}}

    def initial_state(self, drawn):
        return np.stack([drawn["start"], drawn["start"]])

    def rates(self, time, state, prepared):
        return -RATE * state[0], -RATE * state[1]

    def slopes(self, time, state, prepared):
        return (-RATE, 0.0), (0.0, -RATE)
"""
    for rate in (1.0, 2.0, 1.0):
        path.write_text(source.format(rate=rate))
        system = registry.create(System, name=f"{path}:Decay")
        options = {"seed": 0, "split": "train", "samples": range(2), "duration": 1.0, "dt": 0.01}
        state = simulate(system, Theta(), **options)["state"]
        np.testing.assert_allclose(state[:, -1], np.exp(-rate), rtol=1e-4)
