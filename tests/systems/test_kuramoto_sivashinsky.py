"""The Kuramoto-Sivashinsky equation: growth of waves, balance of energy, scipy, and symmetries."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from led.data.simulate import draw
from led.solvers.etdrk4 import Etdrk4
from led.solvers.imex import Imex
from led.solvers.theta import Theta
from led.systems import symmetries
from led.systems.base import Problem
from led.systems.kuramoto_sivashinsky import KuramotoSivashinsky

SYSTEM = KuramotoSivashinsky()
LENGTH, POINTS = 22.0, 64


@pytest.fixture(scope="module")
def attractor():
    """Return a problem of three samples, and states on their way along the attractor."""
    drawn = draw(SYSTEM, 0, "train", range(3))
    problem = Problem.of(SYSTEM, drawn)
    states = Etdrk4().integrate(problem, SYSTEM.initial_state(drawn), 0.1, 1000, 1000)[:, -1]
    return problem, np.moveaxis(states, -1, 0)


def run(problem, start, dt, duration, every=None, method=None):
    steps = round(duration / dt)
    states = (method or Etdrk4()).integrate(problem, start, dt, steps, every or steps)
    return np.moveaxis(states[..., 0], 1, 0)


def test_small_waves_grow_at_their_linear_rate():
    """k^2 - k^4; the waves 1 to 3 grow at a length of 22, the others decay."""
    problem = Problem.of(SYSTEM, {"initial_u": np.zeros((5, POINTS))})
    k = 2 * np.pi * np.arange(1, 6) / LENGTH
    waves = 1e-9 * np.sin(np.outer(k, SYSTEM.grid["x"]) + 0.3)
    last = run(problem, waves[None], 0.1, 10.0)[-1]
    found = np.log(np.sqrt((last**2).mean(axis=-1) / (waves**2).mean(axis=-1))) / 10
    np.testing.assert_allclose(found, k**2 - k**4, atol=1e-6)
    assert (found > 0).tolist() == [True, True, True, False, False]


def derivative(state, order):
    """Return a derivative by a matrix of waves, which the system does not use."""
    x, numbers = np.arange(POINTS) * LENGTH / POINTS, np.arange(-31, 32)
    waves = np.exp(2j * np.pi * np.outer(numbers, x) / LENGTH)
    symbol = (2j * np.pi * numbers / LENGTH) ** order
    return ((state @ waves.conj().T / POINTS * symbol) @ waves).real


def test_energy_is_gained_by_long_waves_and_lost_by_short_ones(attractor):
    """d/dt mean(u^2) / 2 = mean(u_x^2) - mean(u_xx^2): the product only moves it."""
    dt = 0.005
    states = run(*attractor, dt, 4.0, every=1)
    energy = (states**2).mean(axis=-1) / 2
    gain = (derivative(states, 1) ** 2 - derivative(states, 2) ** 2).mean(axis=-1)
    change = (energy[:-4] - 8 * energy[1:-3] + 8 * energy[3:-1] - energy[4:]) / (12 * dt)
    np.testing.assert_allclose(change, gain[2:-2], atol=1e-6 * np.abs(gain).max())
    assert np.abs(gain).max() > 0.1
    assert np.abs(states.mean(axis=-1)).max() < 1e-12


def test_it_agrees_with_scipy(attractor):
    """Galerkin's equations for the waves 1 to 21, as sums over pairs, by an implicit solver."""
    problem, start = attractor
    start = start[0, 0]
    most = POINTS // 3
    k = 2 * np.pi * np.arange(most + 1) / LENGTH

    def rates(_, values):
        half = np.zeros(most + 1, complex)
        half[1:] = values[:most] + 1j * values[most:]
        both = np.concatenate([half[:0:-1].conj(), half])  # waves -21 to 21
        products = np.convolve(both, both)[2 * most : 3 * most + 1]
        change = (k**2 - k**4) * half - 0.5j * k * products
        return np.concatenate([change[1:].real, change[1:].imag])

    modes = np.fft.rfft(start)[1 : most + 1] / POINTS
    values = np.concatenate([modes.real, modes.imag])
    found = solve_ivp(rates, (0, 5), values, method="Radau", rtol=1e-9, atol=1e-11).y[:, -1]
    expected = np.zeros(POINTS // 2 + 1, complex)
    expected[1 : most + 1] = found[:most] + 1j * found[most:]
    expected = np.fft.irfft(expected * POINTS, POINTS)
    alone = problem.subset([0])
    last = run(alone, start[None, None], 1 / 64, 5.0)[-1, 0]
    assert np.abs(last - start).max() > 0.5
    np.testing.assert_allclose(last, expected, atol=2e-6)


@pytest.mark.parametrize(
    ("method", "order", "steps"), [(Etdrk4(), 4, (256, 512)), (Imex(), 3, (768, 1536))]
)
def test_the_order_in_time(attractor, method, order, steps):
    """Reached where a step is short for the wave 21, which decays at a rate of 1,300."""
    problem, start = attractor
    exact = run(problem, start, 1 / 4096, 0.25)[-1]
    errors = [
        np.linalg.norm(run(problem, start, 1 / n, 0.25, method=method)[-1] - exact) for n in steps
    ]
    assert np.log2(errors[0] / errors[1]) == pytest.approx(order, abs=0.1)


def test_the_steps_of_config_yaml_are_as_exact_as_it_says(attractor):
    problem, start = attractor
    exact = run(problem, start, 1 / 512, 1.0)[-1]
    error = np.sqrt(np.square(run(problem, start, 1 / 16, 1.0)[-1] - exact).mean())
    assert 1e-7 < error / start.std() < 3e-6


def test_twice_as_many_points_find_the_same(attractor):
    problem, start = attractor
    fine = Problem.of(KuramotoSivashinsky(nx=2 * POINTS), {"initial_u": start[0]})
    start = start.copy()
    modes = np.fft.rfft(start)
    modes[..., -1] = 0
    start, finer = np.fft.irfft(modes), 2 * np.fft.irfft(modes, 2 * POINTS)
    same = run(fine, finer, 1 / 32, 5.0)[-1]
    np.testing.assert_allclose(run(problem, start, 1 / 32, 5.0)[-1], same[:, ::2], atol=1e-6)


def test_symmetric_copies_are_solutions(attractor):
    problem, start = attractor
    maps = symmetries.of({"name": "kuramoto_sivashinsky"}, (POINTS, 1))
    assert len(maps) == 16  # drawn from 128
    last = run(problem, start, 0.1, 3.0)[-1]
    for map_ in (*maps, *SYSTEM.symmetries):
        copy = map_(start[0][..., None])[None, ..., 0]
        expected = map_(last[..., None])[..., 0]
        np.testing.assert_allclose(run(problem, copy, 0.1, 3.0)[-1], expected, atol=1e-9)


def test_samples_reach_the_attractor():
    """Its standard deviation over space and time is 1.2, that of the draws 1 without a mean."""
    drawn = draw(SYSTEM, 1, "train", range(20))
    start = SYSTEM.initial_state(drawn)
    assert np.abs(start.mean(axis=-1)).max() < 1e-12
    assert 0.7 < start.std() < 1.3
    states = run(Problem.of(SYSTEM, drawn), start, 0.25, 250.0, every=4)
    late = states[100:]
    assert late.std() == pytest.approx(states[175:].std(), rel=0.03)
    assert 1.1 < late.std() < 1.3
    assert np.abs(late).max() < 4


def test_an_implicit_solver_names_what_the_system_lacks(attractor):
    with pytest.raises(ValueError, match=r"^KuramotoSivashinsky: found points that depend on oth"):
        run(*attractor, 0.1, 0.1, method=Theta())
