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


LINE = {"x": 64}


def commutes(map_, field):
    """Whether a map of states of u turns solutions of u_t = -u u_x into solutions."""

    def rates(u):
        return -u * (np.roll(u, -1, axis=-2) - np.roll(u, 1, axis=-2))

    return np.allclose(map_(rates(field)), rates(map_(field)))


def test_a_group_too_large_to_enumerate_is_drawn_from():
    """Shifts by one of 64 points, and the reflection u(x) -> -u(-x): 128 maps."""
    listed = [{"shift": "x"}, {"flip": "x", "sign": "u"}]
    maps = of(listed, (64, 1), LINE, ["u"])
    assert len(maps) == 16
    field = np.random.default_rng(1).normal(size=(3, 64, 1))
    assert maps[0](field) is field
    images = [map_(field) for map_ in maps]
    for map_, image in zip(maps, images, strict=True):
        assert commutes(map_, field)
        found = [
            sign * np.roll(field[:, ::sign], shift, axis=1)
            for sign in (1, -1)
            for shift in range(64)
        ]
        assert sum(np.array_equal(image, other) for other in found) == 1
    assert not any(
        np.array_equal(one, other) for n, one in enumerate(images) for other in images[:n]
    )
    assert not commutes(of([{"flip": "x"}], (64, 1), LINE, ["u"])[1], field)


def test_what_is_drawn_is_the_same_for_all_jobs_and_for_a_system_of_these_maps(monkeypatch):
    generators = symmetries.named([{"shift": "x"}, {"flip": "x", "sign": "all"}], LINE, ["u"])
    field = np.random.default_rng(1).normal(size=(64, 1)).astype(np.float32)
    first, second = (group(generators, (64, 1)) for _ in range(2))
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one(field), other(field))
        assert one(field).dtype == np.float32
        assert one(field[None][:0]).shape == (0, 64, 1)
    chosen = [{"shift": "x"}, {"flip": "x", "sign": "all"}]
    for map_, inverse in pairs(chosen, (64, 1), LINE, ["u"]):
        np.testing.assert_array_equal(inverse(map_(field)), field)
        np.testing.assert_array_equal(map_(inverse(field)), field)


def test_drawn_maps_are_spread_over_the_whole_group(monkeypatch):
    """Of 128 maps 100: about half of them are reflections, and all shifts are about as likely."""
    monkeypatch.setattr(symmetries, "DRAWN", 101)
    maps = of([{"shift": "x"}, {"flip": "x"}], (64, 1), LINE, ["u"])
    images = [map_(np.arange(64.0)[:, None])[:2, 0] for map_ in maps[1:]]
    reflected = sum((first - second) % 64 == 1 for first, second in images)
    assert 35 <= reflected <= 65
    assert len({first for first, _ in images}) > 55


def test_shifts_and_a_transposition_move_both_dimensions():
    """Shifts along y follow from those along x; all maps are of the torus of 8 x 8 points."""
    maps = of([{"shift": "x"}, {"transpose": ["x", "y"]}], (8, 8, 1), ("x", "y"), ["u"])
    field = np.random.default_rng(0).normal(size=(2, 8, 8, 1))
    torus = [
        np.roll(copy, (i, j), axis=(1, 2))
        for copy in (field, field.swapaxes(1, 2))
        for i in range(8)
        for j in range(8)
    ]
    numbers = [
        next(n for n, other in enumerate(torus) if np.array_equal(map_(field), other))
        for map_ in maps
    ]
    assert len(set(numbers)) == len(maps) == 16
    assert len({n % 64 // 8 for n in numbers}) > 3
    assert len({n % 8 for n in numbers}) > 3


def test_a_small_group_is_made_of_the_same_maps_whoever_lists_it():
    """To the last bit and in the same order: the square, and the oscillator."""
    system = registry.create(System, name="fitzhugh_nagumo", nx=4, ny=4)
    listed = [{"flip": "x"}, {"flip": "y"}, {"transpose": ["x", "y"]}]
    state = np.random.default_rng(0).normal(size=(3, 4, 4, 2))
    ours = of(listed, (4, 4, 2), ("x", "y"), ["u", "w"])
    theirs = group(system.symmetries, (4, 4, 2))
    assert len(ours) == len(theirs) == 8
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(one(state), other(state))
    turned = of([{"sign": "all"}], (2,), (), ["x", "y"])[1]
    np.testing.assert_array_equal(turned(state), -state)
    one_sign = of([{"sign": "w"}], (4, 4, 2), ("x", "y"), ["u", "w"])[1]
    np.testing.assert_array_equal(one_sign(state), state * [1, -1])


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"shift": "z"}, "found the dimension 'z', expected one of x, y$"),
        (
            {"transpose": ["x", "y"]},
            "found the transposition of x and y, which have 4 and 3 points",
        ),
        ({"sign": "v"}, "found the sign of 'v', expected all or one of u, w$"),
    ],
)
def test_what_a_list_cannot_mean_is_refused(entry, message):
    with pytest.raises(ValueError, match=f"^symmetries: {message}"):
        of([entry], (4, 3, 2), ("x", "y"), ["u", "w"])


def test_a_map_of_unending_order_is_refused():
    """It moves numbers, but comes back after 2 x 3 x 5 x 7 x 11 x 13 x 17 times only."""
    lengths = (2, 3, 5, 7, 11, 13, 17)
    ends = np.cumsum(lengths)
    places = np.concatenate(
        [np.roll(np.arange(e - n, e), 1) for e, n in zip(ends, lengths, strict=True)]
    )
    with pytest.raises(
        ValueError, match="more than 48 maps, expected maps that change nothing 100"
    ):
        group([lambda state: state[..., places, :]], (58, 1))
