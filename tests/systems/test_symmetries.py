"""Symmetries: groups of the right size, and copies of solutions that are solutions."""

from functools import partial

import numpy as np
import pytest

from led.jobs import registry
from led.solvers.base import Solver
from led.systems import symmetries
from led.systems.base import Problem, System
from led.systems.symmetries import group, of, pairs

FLIP = partial(np.flip, axis=-2)


def solutions(system, drawn):
    solver = registry.create(Solver, name="theta", theta=0.5, tolerance=1e-10, max_iterations=25)
    drawn = {name: np.asarray(values) for name, values in drawn.items()}
    return solver.integrate(Problem.of(system, drawn), system.initial_state(drawn), 0.5, 120, 1)


@pytest.mark.parametrize(
    ("options", "size"),
    [({"nx": 6, "ny": 6}, 8), ({"nx": 6, "ny": 4}, 4)],  # of the square, of the rectangle
)
def test_symmetric_copies_of_waves_are_waves_of_other_firing_points(options, size):
    system = registry.create(System, name="fitzhugh_nagumo", speed=0.02, **options)
    nx, ny = options["nx"], options["ny"]
    maps = group(system.symmetries, (nx, ny, 2))
    assert len(maps) == size
    x, y = 0.3, 0.65
    points = {(a, b) for a in (x, (nx - 1) / nx - x) for b in (y, (ny - 1) / ny - y)}
    if nx == ny:
        points |= {(b, a) for a, b in points}
    points = sorted(points)
    drawn = {"firing_x": [p[0] for p in points], "firing_y": [p[1] for p in points]}
    waves = solutions(system, drawn)
    one = waves[points.index((x, y))]
    for map_ in maps:
        distances = np.abs(waves - map_(one)).reshape(size, -1).max(axis=1)
        assert np.sort(distances)[0] < 1e-9
        assert np.sort(distances)[1] > 0.1


def test_the_oscillator_may_be_turned_by_half_a_turn():
    system = registry.create(System, name="van_der_pol")
    maps = group(system.symmetries, (2,))
    there, back = solutions(system, {"initial_x": [2.0, -2.0], "initial_y": [0.5, -0.5]})
    assert len(maps) == 2
    np.testing.assert_allclose(maps[1](there), back, atol=1e-9)


def test_a_system_without_symmetries_has_the_identity_alone():
    maps = group((), (4, 2))
    assert len(maps) == 1
    state = np.ones((3, 4, 2))
    assert maps[0](state) is state


@pytest.mark.parametrize(
    ("system", "shape"),
    [
        ({"name": "fitzhugh_nagumo", "nx": 4, "ny": 4}, (4, 4, 2)),
        ({"name": "van_der_pol"}, (2,)),
    ],
)
def test_inverses_undo_their_maps(system, shape):
    state = np.random.default_rng(0).normal(size=(3, *shape))
    found = pairs(system, shape)
    assert len(found) == len(of(system, shape))
    np.testing.assert_array_equal(found[0][0](state), state)
    for map_, inverse in found:
        np.testing.assert_array_equal(inverse(map_(state)), state)
    turns = len(shape) == 3  # by a quarter, which does not undo itself
    assert any(map_ is not inverse for map_, inverse in found) == turns
    assert pairs(None, shape) == ()


def test_maps_that_are_no_group_of_states_are_refused():
    with pytest.raises(ValueError, match=r"found a map of \(3, 2\) to \(2, 3\)"):
        group([np.transpose], (3, 2))
    with pytest.raises(ValueError, match="found more than 48 maps"):
        group([lambda state: state + 1, FLIP], (3, 2))


def test_a_map_that_cannot_be_undone_is_refused(monkeypatch):
    monkeypatch.setattr(symmetries, "of", lambda *given: group([lambda state: 0 * state], (3, 2)))
    with pytest.raises(ValueError, match="found a map without an inverse, expected a group"):
        pairs({"name": "mine"}, (3, 2))
