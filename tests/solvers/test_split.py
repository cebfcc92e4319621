"""Solvers that take a stiff linear part by itself, against exact solutions and scipy."""

import numpy as np
import pytest

from led.jobs import registry
from led.solvers.base import Solver
from led.solvers.etdrk4 import Etdrk4, coefficients
from led.solvers.imex import DIAGONAL, EXPLICIT, IMPLICIT, TIMES, Imex
from led.systems.base import Problem, System
from led.systems.grids import laplacian
from led.systems.spectral import SpectralSystem
from led.systems.split import SplitSystem
from led.systems.van_der_pol import VanDerPol
from tests.solvers.test_solvers import advance
from tests.solvers.test_stencils import exact
from tests.systems.test_grids import axis

SOLVERS = [(Etdrk4(), 4), (Imex(), 3)]


class Burgers(SpectralSystem):
    """u' = D lap u - u u_x + v sin t,  v' = 2 D lap v + v_x - u v, on periodic axes."""

    components = ("u", "v")

    def __init__(self, *sides):
        self.sides = dict(zip("xyz", sides, strict=False))

    @property
    def axes(self):
        return self.sides

    def draw(self, rng):
        return {"D": 0.1}

    def initial_state(self, drawn):
        points = np.meshgrid(*self.grid.values(), indexing="ij")
        waves = sum(np.sin(2 * np.pi * x + 1) for x in points)
        return np.stack([waves / 4, 1 + waves / 4])[:, None] + 0 * self.column(drawn["D"])

    def column(self, values):
        return values.reshape(-1, *[1] * len(self.sides))

    def symbol(self, prepared):
        flow = self.column(prepared["D"]) * sum(self.wave_numbers(2))
        return np.stack([flow + 0j, 2 * flow + self.wave_numbers()[0]])

    def nonlinear(self, time, state, prepared):
        u, v = state
        axes = tuple(range(1, u.ndim))
        u_x = np.fft.irfftn(self.wave_numbers()[0] * np.fft.rfftn(u, axes=axes), u.shape[1:], axes)
        return np.stack([-u * u_x + v * np.sin(time), -u * v])


class Wall(SplitSystem):
    """u' = D lap u + (1 + t) u (1 - u) at any boundary."""

    components = ("u",)
    stencil = 1
    draw = Burgers.draw

    def __init__(self, *sides):
        self.axes = dict(zip("xyz", sides, strict=False))

    axes = None

    def initial_state(self, drawn):
        shape = [len(points) for points in self.grid.values()]
        return 0.3 + 0.2 * np.random.default_rng(0).uniform(size=(1, len(drawn["D"]), *shape))

    def linear(self, state, prepared):
        D = prepared["D"].reshape(-1, *[1] * len(self.axes))
        return D * laplacian(state, self.axes)

    def nonlinear(self, time, state, prepared):
        return (1 + time) * state * (1 - state)


def order_of(method, system, rates, end, steps):
    drawn = {"D": np.array(rates)}
    problem, start = Problem.of(system, drawn), system.initial_state(drawn)
    expected = exact(problem, start, end)
    errors = [
        np.linalg.norm(advance(method, problem, start, end / n, range(n))[0] - expected)
        for n in steps
    ]
    return np.log2(errors[0] / errors[1])


@pytest.mark.parametrize(("method", "order"), SOLVERS)
@pytest.mark.parametrize("counts", [(16,), (15,), (6, 5), (4, 5, 6)])
def test_order_on_a_periodic_grid(method, order, counts):
    system = Burgers(*(axis(count, "periodic") for count in counts))
    assert order_of(method, system, [0.1, 0.05], 0.2, (40, 80)) == pytest.approx(order, abs=0.1)


@pytest.mark.parametrize(
    "sides",
    [
        [axis(12, "no_flux")],
        [axis(9, "fixed", values=(0.2, 0.7))],
        [axis(5, "periodic"), axis(4, "no_flux", True)],
    ],
)
def test_order_at_any_boundary(sides):
    found = order_of(Imex(), Wall(*sides), [0.01, 0.02], 1.0, (100, 200))
    assert found == pytest.approx(3, abs=0.1)


def test_the_coefficients_satisfy_the_conditions_of_order_three():
    """Also those that couple both tables (Kennedy, Carpenter, Appl. Numer. Math. 44, 2003)."""
    size = len(TIMES) + 1
    implicit, explicit = np.zeros((2, size, size))
    for row, (below, before) in enumerate(zip(IMPLICIT, EXPLICIT, strict=True), start=1):
        implicit[row, 1 : row + 1] = [*below, DIAGONAL]
        explicit[row, : len(before)] = before
    c = np.array([*TIMES, 1])
    for table in (implicit, explicit):
        np.testing.assert_allclose(table.sum(axis=1), c, atol=1e-15)
        b = table[-1]
        assert (b.sum(), b @ c, b @ c**2) == pytest.approx((1, 1 / 2, 1 / 3))
        for other in (implicit, explicit):
            assert b @ other @ c == pytest.approx(1 / 6)


@pytest.mark.parametrize("z", [0.0, 1e-6, -1e-3, -1.0, -40.0, -1e6, 0.3j, -2 + 5j])
def test_the_weights_are_those_of_the_exact_functions(z):
    """Against the series of phi_k(z) = sum z^n / (n + k)! near 0, and their recursion far away."""

    def phi(k, z):
        if abs(z) < 3:
            factorials = np.cumprod([1.0, *range(1, 60)])
            return sum(z**n / factorials[n + k] for n in range(40))
        return np.exp(z) if k == 0 else (phi(k - 1, z) - phi(k - 1, 0)) / z

    def expected(z):
        p1, p2, p3 = (phi(k, z) for k in (1, 2, 3))
        weights = p1 - 3 * p2 + 4 * p3, 2 * p2 - 4 * p3, 4 * p3 - p2
        return np.exp(z), np.exp(z / 2), phi(1, z / 2) / 2, *weights

    np.testing.assert_allclose(coefficients(np.array(z)), expected(z), rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize(("method", "_"), SOLVERS)
def test_stiff_waves_leave_the_slow_ones_alone(method, _):
    """Diffusion alone, with steps 1e4 times as long as the shortest wave lives."""

    class Heat(Burgers):
        def nonlinear(self, time, state, prepared):
            return 0 * state

    system = Heat(axis(256, "periodic"))
    x = system.grid["x"]
    slow = np.sin(2 * np.pi * x)
    problem = Problem.of(system, {"D": np.array([1 / (2 * np.pi) ** 2])})
    start = (slow + np.cos(np.pi * 256 * x))[None, None] * [[[1.0]], [[0.0]]]
    found, _ = advance(method, problem, start, 0.1, range(20))
    np.testing.assert_allclose(found[0, 0], np.exp(-2) * slow, atol=3e-5)


@pytest.mark.parametrize(("method", "_"), SOLVERS)
def test_a_sample_has_the_same_bits_alone(method, _):
    systems = [Burgers(axis(64, "periodic")), Burgers(axis(10, "periodic"), axis(7, "periodic"))]
    systems += [Wall(axis(9, "no_flux")), Wall(axis(6, "fixed"), axis(5, "periodic"))]
    for system in systems[: 2 if isinstance(method, Etdrk4) else 4]:
        drawn = {"D": np.array([0.1, 0.02, 0.5, 0.03, 0.04])}
        problem, start = Problem.of(system, drawn), system.initial_state(drawn)
        together, _ = advance(method, problem, start, 0.01, range(20))
        for sample in range(5):
            alone = problem.subset([sample]), start[:, [sample]]
            found, _ = advance(method, *alone, 0.01, range(20))
            np.testing.assert_array_equal(found[:, 0], together[:, sample])


@pytest.mark.parametrize(("method", "_"), SOLVERS)
def test_the_step_may_change(method, _):
    system, drawn = Burgers(axis(8, "periodic")), {"D": np.array([0.1])}
    problem, state = Problem.of(system, drawn), system.initial_state(drawn)
    half, memory = advance(method, problem, state, 0.01, range(3))
    found, _ = method.step(problem, 0.03, half, 0.005, memory)
    expected, _ = method.step(problem, 0.03, half, 0.005, method.start(problem, 0.03, half))
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("name", ["etdrk4", "imex"])
def test_a_system_without_a_linear_part_is_rejected(name):
    problem = Problem.of(VanDerPol(), {"initial_x": np.ones(1), "initial_y": np.ones(1)})
    with pytest.raises(TypeError, match=f"^solver {name}: found the system VanDerPol, expected a"):
        registry.create(Solver, name=name).integrate(problem, np.ones((2, 1)), 0.1, 1)


def test_a_linear_part_that_reaches_farther_is_reported():
    class Silent(Wall):
        stencil = 0

    problem = Problem.of(Silent(axis(8, "no_flux")), {"D": np.ones(1)})
    with pytest.raises(ValueError, match=r"^Silent: found points .* more than 0 "):
        Imex().integrate(problem, np.ones((1, 1, 8)), 0.1, 1)


def test_fourier_modes_need_a_periodic_grid():
    with pytest.raises(ValueError, match="'y': found the boundary 'no_flux', expected periodic"):
        Burgers(axis(8, "periodic"), axis(8, "no_flux")).wave_numbers()


def test_the_linear_part_is_the_derivative_of_waves():
    system = Burgers(axis(9, "periodic"), axis(8, "periodic"))
    x, y = np.meshgrid(*system.grid.values(), indexing="ij")
    phase = 2 * np.pi * (2 * x - 3 * y) + 0.4
    D, state = np.array([0.1]), np.stack([np.sin(phase), np.cos(phase)])[:, None]
    found = system.linear(state, {"D": D})[:, 0]
    decay = -0.1 * (2 * np.pi) ** 2 * 13
    expected = [decay * np.sin(phase), 2 * decay * np.cos(phase) - 4 * np.pi * np.sin(phase)]
    np.testing.assert_allclose(found, expected, atol=1e-9)
    assert isinstance(system, System)


class Damped(Burgers):
    def rhs(self, time, state, prepared):
        return super().rhs(time, state, prepared) - 0.5 * state


@pytest.mark.parametrize("solver", [Etdrk4(), Imex()])
def test_rates_that_are_not_in_the_parts_are_refused(solver):
    """Both solvers use the parts, and would leave the damping out."""
    drawn = {"D": np.array([0.1])}
    for kind in (Burgers, Damped):
        system = kind(axis(16, "periodic"))
        problem, start = Problem.of(system, drawn), system.initial_state(drawn)
        if kind is Burgers:
            solver.integrate(problem, start, 0.01, 2)
            continue
        message = "^Damped.rhs: found other rates than those of the parts that SplitSystem adds up"
        with pytest.raises(ValueError, match=message):
            solver.integrate(problem, start, 0.01, 2)
