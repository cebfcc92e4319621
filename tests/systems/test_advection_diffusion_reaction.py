"""Advection, diffusion and reaction of a wave, against the exact solution."""

import numpy as np
import pytest

from led.data.simulate import draw, simulate
from led.solvers.etdrk4 import Etdrk4
from led.solvers.imex import Imex
from led.systems import symmetries
from led.systems.advection_diffusion_reaction import AdvectionDiffusionReaction
from led.systems.base import Problem

OPTIONS = {"seed": 1, "split": "train", "samples": range(7), "duration": 5.0, "dt": 0.05}


def exact(states):
    m1, m2, m3 = states["m1"], states["m2"], states["m3"]
    wave = np.cos(np.pi * (states["x"] + m2 * states["time"]))
    solution = np.exp(-(m1 * np.pi**2 + m3) * states["time"]) * wave
    return solution.transpose("sample", "time", "x").values


@pytest.mark.parametrize("nx", [100, 33])
@pytest.mark.parametrize(("solver", "error"), [(Etdrk4(), 1e-13), (Imex(), 1e-5)])
def test_each_sample_follows_the_exact_solution(nx, solver, error):
    found = simulate(AdvectionDiffusionReaction(nx=nx), solver, **OPTIONS)
    assert found.sizes == {"sample": 7, "time": 101, "x": nx, "component": 1}
    np.testing.assert_allclose(found["state"][..., 0], exact(found), atol=error)


def test_the_ranges_are_options():
    names, low, high = ("m1", "m2", "m3"), (0.0, -0.1, 0.0), (0.05, 0.1, 0.01)
    drawn = draw(AdvectionDiffusionReaction(), 0, "test", range(300))
    for name, least, most in zip(names, low, high, strict=True):
        assert least <= drawn[name].min() < least + 0.05 * (most - least)
        assert most - 0.05 * (most - least) < drawn[name].max() <= most
    other = AdvectionDiffusionReaction(m1_min=1, m1_max=2, m2_min=3, m2_max=3, m3_min=-5, m3_max=-4)
    for name, (least, most) in {"m1": (1, 2), "m2": (3, 3), "m3": (-5, -4)}.items():
        values = draw(other, 0, "test", range(30))[name]
        assert values.min() >= least
        assert values.max() <= most


def test_symmetric_copies_are_solutions_with_the_same_coefficients():
    system = AdvectionDiffusionReaction(nx=10)
    drawn = draw(system, 0, "train", range(4))
    problem, start = Problem.of(system, drawn), system.initial_state(drawn)
    rest = Etdrk4().integrate(problem, start, 0.5, 4)[:, -1]
    maps = symmetries.of({"name": "advection_diffusion_reaction", "nx": 10}, (10, 1))
    assert len(maps) == 20
    for map_ in maps:
        copy = np.moveaxis(map_(np.moveaxis(start, 0, -1)), -1, 0)
        found = Etdrk4().integrate(problem, copy, 0.5, 4)[:, -1]
        np.testing.assert_allclose(found, map_(rest), atol=1e-12)
