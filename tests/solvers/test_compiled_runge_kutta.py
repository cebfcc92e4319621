"""Explicit Runge-Kutta methods in machine code, against those of NumPy and exact solutions."""

import importlib.util
import sys

import numpy as np
import pytest

from led.data.simulate import simulate
from led.solvers.base import Solver, SolverError
from led.solvers.runge_kutta import RungeKutta
from led.solvers.theta import Theta
from led.systems.base import Problem
from led.systems.fitzhugh_nagumo import FitzHughNagumo
from led.systems.grids import Axis
from led.systems.pointwise import PointwiseSystem
from led.systems.spatial import SpatialSystem

RALSTON_3 = {"A": [[0, 0, 0], [1 / 2, 0, 0], [0, 3 / 4, 0]], "b": [2 / 9, 1 / 3, 4 / 9]}
METHODS = ["heun", "rk4", "butcher5", RALSTON_3 | {"c": [0, 1 / 2, 3 / 4]}]
FIXED = {"values": (0.7, -0.4)}
BOUNDARIES = {
    "periodic": {"boundary": "periodic"},
    "no_flux": {"boundary": "no_flux"},
    "no_flux at nodes": {"boundary": "no_flux", "nodes": True},
    "fixed": {"boundary": "fixed"} | FIXED,
    "fixed at nodes": {"boundary": "fixed", "nodes": True} | FIXED,
}


class Transport(SpatialSystem):
    """Components that diffuse, are carried along, and act on each other."""

    def __init__(self, components, **axes):
        self.components = tuple(f"c{number}" for number in range(components))
        self.lines = axes
        self.decay = 0.3

    @property
    def axes(self):
        return self.lines

    def draw(self, rng):
        return {"diffusivity": rng.uniform(0.01, 0.05), "gain": rng.normal(size=self.shape)}

    @property
    def shape(self):
        return tuple(len(points) for points in self.grid.values())

    def initial_state(self, drawn):
        rng = np.random.default_rng(5)
        return 0.3 * rng.normal(size=(len(self.components), len(drawn["gain"]), *self.shape))


class Alone(Transport):
    def rates(self, time, state, laplacian, gradient, prepared):
        (u,), (of_u,), (slopes,) = state, laplacian, gradient
        return (prepared.diffusivity * of_u - slopes[0] * u - self.decay * u * prepared.gain,)


class Pair(Transport):
    def rates(self, time, state, laplacian, gradient, prepared):
        u, v = state
        of_u, of_v = laplacian
        first, last = gradient[0][0], gradient[1][1]
        return (
            prepared.diffusivity * of_u - first * v + time * u,
            prepared.diffusivity * of_v - self.decay * last + prepared.gain * u * v,
        )


class Three(Transport):
    def rates(self, time, state, laplacian, gradient, prepared):
        u, v, w = state
        along = gradient[2]
        return (
            prepared.diffusivity * laplacian[0] - v * w,
            prepared.diffusivity * laplacian[1] + prepared.gain * u,
            prepared.diffusivity * laplacian[2] - u - along[0] + along[2] * v,
        )


def both(system, method, dt, steps, samples=2, **options):
    drawn = [system.draw(np.random.default_rng(number)) for number in range(samples)]
    drawn = {name: np.array([one[name] for one in drawn]) for name in drawn[0]}
    problem, start = Problem.of(system, drawn), system.initial_state(drawn)
    solver = RungeKutta(method)
    assert system.at_a_point
    found = solver.integrate(problem, start, dt, steps, **options)
    expected = Solver.integrate(solver, problem, start, dt, steps, **options)
    assert np.abs(expected[:, -1] - expected[:, 0]).max() > 0.01
    return found, expected


@pytest.mark.parametrize("boundary", BOUNDARIES.values(), ids=BOUNDARIES)
def test_numpy_finds_the_same_at_any_boundary(boundary):
    x, y = Axis(np.arange(7) * 0.5, **boundary), Axis(np.arange(5) * 0.4, **boundary)
    found, expected = both(Pair(2, x=x, y=y), "rk4", 0.05, 20, output_every=3, start=0.2)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("method", METHODS)
def test_numpy_finds_the_same_by_any_method(method):
    axes = {"x": Axis(np.arange(6) * 0.5), "y": Axis(np.arange(9) * 0.4, "no_flux")}
    found, expected = both(Pair(2, **axes), method, 0.05, 20)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12)


def test_numpy_finds_the_same_in_one_and_three_dimensions():
    x = Axis(np.arange(6) * 0.5)
    y, z = Axis(np.arange(4) * 0.4, "no_flux"), Axis(np.arange(5) * 0.3, "fixed", values=(1, 0))
    for system in (Alone(1, x=y), Three(3, x=x, y=y, z=z)):
        found, expected = both(system, "rk4", 0.05, 10)
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12)


def test_the_boundary_of_each_dimension_is_its_own():
    """Waves along both, against their exact decay by the differences."""

    class Heat(Alone):
        def rates(self, time, state, laplacian, gradient, prepared):
            return (prepared.diffusivity * laplacian[0],)

    x, y = Axis(np.arange(12) / 12), Axis((np.arange(10) + 0.5) / 10, "no_flux")
    system = Heat(1, x=x, y=y)
    wave = np.cos(4 * np.pi * x.points + 0.3)[:, None] * np.cos(3 * np.pi * y.points)
    rate = 4 * 144 * np.sin(np.pi / 6) ** 2 + 4 * 100 * np.sin(3 * np.pi / 20) ** 2
    drawn = {"diffusivity": np.array([0.01]), "gain": np.zeros((1, 12, 10))}
    problem = Problem.of(system, drawn)
    found = RungeKutta("rk4").integrate(problem, wave[None, None], 0.01, 50, 50)[0, -1, ..., 0]
    np.testing.assert_allclose(found, np.exp(-0.5 * 0.01 * rate) * wave, atol=1e-8)


class Chain(PointwiseSystem):
    """y0' = -y0, y1' = y0 - y1, ...: y_i = t^i exp(-t) / i!, for any number of components."""

    def __init__(self, components):
        self.components = tuple(f"c{number}" for number in range(components))

    def draw(self, rng):
        return {"scale": 1.0}

    def initial_state(self, drawn):
        state = np.zeros((len(self.components), len(drawn["scale"])))
        state[0] = drawn["scale"]
        return state

    def exact(self, time):
        factorials = np.cumprod([1, *range(1, len(self.components))])
        return [time**i * np.exp(-time) / f for i, f in enumerate(factorials)]


class ChainOfOne(Chain):
    def rates(self, time, state, prepared):
        return (-state[0],)

    def slopes(self, time, state, prepared):
        return ((-1.0,),)


class ChainOfTwo(Chain):
    def rates(self, time, state, prepared):
        a, b = state
        return -a, a - b

    def slopes(self, time, state, prepared):
        return (-1.0, 0.0), (1.0, -1.0)


class ChainOfFour(Chain):
    """Some entries are whole numbers."""

    def rates(self, time, state, prepared):
        a, b, c, d = state
        return -a, a - b, b - c, c - d

    def slopes(self, time, state, prepared):
        return (-1.0, 0.0, 0, 0), (1.0, -1.0, 0, 0), (0, 1.0, -1.0, 0), (0, 0, 1.0, -1.0)


@pytest.mark.parametrize("system", [ChainOfOne(1), ChainOfTwo(2), ChainOfFour(4)])
@pytest.mark.parametrize("solver", [Theta(), RungeKutta("rk4")])
def test_points_may_have_any_number_of_components(system, solver):
    drawn = {"scale": np.array([1.0, 2.0])}
    problem, start = Problem.of(system, drawn), system.initial_state(drawn)
    found = solver.integrate(problem, start, 0.01, 200)
    np.testing.assert_allclose(found[1, -1], 2 * np.array(system.exact(2.0)), atol=2e-5)
    expected = Solver.integrate(solver, problem, start, 0.01, 200)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12)


class Rotated(Chain):
    """A linear system whose matrix 1 - J begins with a zero."""

    def rates(self, time, state, prepared):
        a, b, c = state
        return a + b, 3 * c - a, b - c

    def slopes(self, time, state, prepared):
        return (1.0, 1.0, 0.0), (-1.0, 0.0, 3.0), (0.0, 1.0, -1.0)


def test_equations_of_three_components_may_need_pivots():
    system = Rotated(3)
    drawn = {"scale": np.array([1.0])}
    problem, start = Problem.of(system, drawn), system.initial_state(drawn)
    matrix = np.array(system.slopes(0, None, None))
    expected = np.linalg.solve(np.eye(3) - matrix, start[:, 0])
    found = Theta(1.0).integrate(problem, start, 1.0, 1)
    np.testing.assert_allclose(found[0, -1], expected, rtol=1e-12)


def test_a_sample_has_the_same_bits_alone():
    system = FitzHughNagumo(nx=7, ny=5, speed=0.05)
    firing_x, firing_y = np.random.default_rng(0).uniform(size=(2, 3))

    def run(chosen):
        drawn = {"firing_x": firing_x[chosen], "firing_y": firing_y[chosen]}
        problem = Problem.of(system, drawn)
        return RungeKutta().integrate(problem, system.initial_state(drawn), 0.1, 300)

    together = run(slice(None))
    assert together.max() > 0.9
    for sample in range(3):
        np.testing.assert_array_equal(run([sample])[0], together[sample])


@pytest.mark.filterwarnings("error")
def test_what_diverges_is_named():
    """A step beyond the limit of stability of diffusion."""
    system = Alone(1, x=Axis(np.arange(6) * 0.01))
    drawn = {"diffusivity": np.array([1e-9, 5.0]), "gain": np.zeros((2, 6))}
    problem = Problem.of(system, drawn, samples=np.array([3, 8]))
    start = np.zeros((1, 2, 6))
    start[0, 1, 2] = 1.0
    with pytest.raises(SolverError, match=r"^sample 8: the state is not finite at t = "):
        RungeKutta().integrate(problem, start, 0.1, 200)


class Own(Pair):
    """With a right-hand side of its own, which is not compiled."""

    def rhs(self, time, state, prepared):
        return -state


def test_a_right_hand_side_of_its_own_is_not_compiled():
    system = Own(2, x=Axis(np.arange(6) * 0.5), y=Axis(np.arange(6) * 0.5))
    drawn = {"diffusivity": np.ones(1), "gain": np.zeros((1, 6, 6))}
    start = system.initial_state(drawn)
    found = RungeKutta().integrate(Problem.of(system, drawn), start, 0.01, 100)[0, -1]
    np.testing.assert_allclose(found, np.exp(-1) * np.moveaxis(start[:, 0], 0, -1), rtol=1e-8)


DECAY = """
from pathlib import Path
from types import ModuleType
import numpy as np
from led.systems.pointwise import PointwiseSystem

RATE = float((Path(__file__).parent / "rate.txt").read_text())
held = ModuleType("held")
held.RATE = RATE

class Decay(PointwiseSystem):
    components = ("u",)

    def draw(self, rng):
        return {"u0": 1.0}

    def initial_state(self, drawn):
        return drawn["u0"][None]

    def rates(self, time, state, prepared):
        return (-RATE * state[0],)

    def slopes(self, time, state, prepared):
        return ((-RATE,),)
"""


@pytest.mark.parametrize("where", ["RATE", "held.RATE"])
def test_values_of_a_module_are_those_of_this_run(tmp_path, monkeypatch, where):
    """Machine code on disk keeps them; a file that the module reads may have changed since."""
    (tmp_path / "decay.py").write_text(DECAY.replace("-RATE", f"-{where}"))
    for rate in (1.0, 3.0):
        (tmp_path / "rate.txt").write_text(str(rate))
        spec = importlib.util.spec_from_file_location("decay", tmp_path / "decay.py")
        module = importlib.util.module_from_spec(spec)
        monkeypatch.setitem(sys.modules, "decay", module)
        spec.loader.exec_module(module)
        options = {"seed": 0, "split": "train", "samples": [0], "duration": 1.0, "dt": 0.01}
        found = simulate(module.Decay(), RungeKutta("rk4"), **options)
        assert found["state"].values[0, -1, 0] == pytest.approx(np.exp(-rate), rel=1e-6)
