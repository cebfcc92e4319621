"""The adaptive cycle: a perfect, a random and a failing surrogate of a system that is known."""

from dataclasses import dataclass, replace

import keras
import numpy as np
import pytest
import xarray as xr
from keras import ops

from led.autoencoders.base import Autoencoder
from led.data.scaling import Scaling
from led.data.simulation import Simulation
from led.dynamics.base import Dynamics, Member
from led.jobs import registry
from led.solvers.base import SolverError
from led.solvers.runge_kutta import RungeKutta
from led.surrogate.adaptive import limits, measures
from led.surrogate.adaptive.cycle import COMPARE, MACRO, MICRO, WARMUP, Cycle
from led.surrogate.adaptive.ensemble import Ensemble
from led.surrogate.adaptive.novelty import Novelty
from led.surrogate.adaptive.rules import Rules
from led.surrogate.description import Description
from led.surrogate.modes.adaptive import Adaptive
from led.surrogate.modes.base import Task
from led.surrogate.surrogate import Surrogate
from led.systems.base import System

DT, EVERY, KNOWN, FRAMES = 0.05, 2, 3, 200
RULES = Rules(error=0.01, spread=0.01, compare=5, shortest=10, longest=14)
GENERATOR = np.array([[-0.01, 1.0], [-1.0, -0.01]])  # a slowly damped oscillator


@dataclass(frozen=True)
class Oscillator(System):
    """x' = y, y' = -x, a little damped; outside |x| < 100 it is not defined."""

    components = ("x", "y")

    def draw(self, rng):
        return {"angle": rng.uniform(0, 2 * np.pi)}

    def initial_state(self, drawn):
        return np.stack([np.cos(drawn["angle"]), np.sin(drawn["angle"])])

    def rhs(self, time, state, prepared):
        state = np.where(np.abs(state) < 100, state, np.nan)
        return np.tensordot(GENERATOR, state, axes=1)


def exact():
    """Return the matrix by which rk4 takes a state to the next frame."""
    z = DT * GENERATOR
    step = np.eye(2) + z + z @ z / 2 + z @ z @ z / 6 + z @ z @ z @ z / 24
    return np.linalg.matrix_power(step, EVERY)


class Linear(Member):
    """latents -> matrix times latents; its memory is the last latents."""

    def __init__(self, matrix, stride=1):
        self.matrix, self.stride = matrix, stride
        dynamics = registry.create(Dynamics, name="least_squares")
        self.model = dynamics.build(Scaling(np.zeros(2), np.ones(2)))  # has the scaling alone

    def listen(self, latents, memory=None, inputs=None):
        return latents[:, -1].astype(float)

    def advance(self, memory, steps, inputs=None):
        powers = [np.linalg.matrix_power(self.matrix, n) for n in range(1, steps + 1)]
        latents = np.stack([memory @ power.T for power in powers], axis=1)
        return latents.astype(np.float32), latents[:, -1]


def surrogate(*members):
    model = registry.create(Autoencoder, name="identity").build(
        (2,), Scaling(np.zeros(2), np.ones(2)), "float64"
    )
    settings = {"components": ["x", "y"], "grid": {}, "interval": DT * EVERY, "warmup": 0.3}
    return Surrogate(Description(**settings), model, members)


def task(samples=3, frames=FRAMES):
    """Return the task of forecasting some samples, and their states over time."""
    drawing = {"seed": 1, "split": "test", "samples": np.arange(samples)}
    simulation = Simulation.of(Oscillator(), RungeKutta(), dt=DT, output_every=EVERY, **drawing)
    drawn = simulation.problem.prepared
    state = Oscillator().initial_state(drawn)
    steps = EVERY * (KNOWN + frames - 1)
    states = RungeKutta().integrate(simulation.problem, state, DT, steps, EVERY)
    times = DT * EVERY * np.arange(KNOWN + frames)
    coords = {"sample": np.arange(samples), "time": times, "component": ["x", "y"]}
    truth = xr.DataArray(states, coords, ("sample", "time", "component"))
    window = truth[:, :KNOWN]
    return Task(window, times[KNOWN:], np.arange(frames), simulation=simulation), truth


def test_a_perfect_surrogate_equals_the_solver_and_reaches_the_ceiling():
    given, truth = task()
    run = Cycle(surrogate(Linear(exact()), Linear(exact())), given, RULES).run()
    np.testing.assert_allclose(run.states, truth, atol=3e-6)  # networks round to float32
    drawn, frames = [], -KNOWN  # the window is the first warm-up
    while frames < FRAMES:
        drawn.append(RULES.length(len(drawn)))
        frames += KNOWN + RULES.compare + drawn[-1]
    macro = sum(drawn) - max(0, min(drawn[-1], frames - FRAMES))
    np.testing.assert_allclose(measures.utilisation(run), macro / FRAMES)
    found = measures.cycles(run)
    assert found["accepted"].all()
    assert (found["error"] < 1e-10).all()
    assert (found["mean_distance"].dropna() < 3e-6).all()
    assert set(found["macro"][found["ended"] == "length"]) <= set(range(10, 15))


def test_a_random_surrogate_equals_the_solver_alone_to_the_last_bit():
    given, truth = task()
    rng = np.random.default_rng(0)
    run = Cycle(surrogate(*(Linear(rng.normal(size=(2, 2))) for _ in range(2))), given, RULES).run()
    np.testing.assert_array_equal(run.states, truth)
    assert (measures.utilisation(run) == 0).all()
    assert not measures.cycles(run)["accepted"].any()
    assert set(np.unique(run.stages)) == {WARMUP, COMPARE, MICRO}


class Spoiled(Linear):
    """Right for some steps after it has listened, then wrong."""

    def __init__(self, matrix, right, then, stride=1):
        super().__init__(matrix, stride)
        self.right, self.then = right, then

    def listen(self, latents, memory=None, inputs=None):
        return [super().listen(latents, memory), np.zeros((len(latents), 1))]

    def advance(self, memory, steps, inputs=None):
        latents, inner = super().advance(memory[0], steps)
        after = memory[1] + np.arange(1, steps + 1)
        spoiled = np.where(after[..., None] > self.right, self.then(latents), latents)
        return spoiled.astype(np.float32), [inner, after[:, -1:]]


def outside(states):
    return 1e3 * states  # where the equations are not defined


def broken(latent):
    return ops.where(ops.abs(latent[:, :1]) < 0.9, latent, np.nan)


def test_a_macro_stage_from_which_the_solver_cannot_go_on_is_taken_back():
    given, truth = task()
    wrong = Spoiled(exact(), RULES.compare, outside)
    run = Cycle(surrogate(wrong, wrong), given, RULES).run()
    found = measures.cycles(run)
    later = found[found["ended"] != "end"]  # what the end has cut was not found out
    assert len(later) > 20
    assert not later["accepted"].any()
    assert (later["macro"] == 0).all()
    assert set(later["ended"]) == {"failed"}
    proved = round(later["begin"].max() / (DT * EVERY))
    np.testing.assert_allclose(run.states[:, :proved], truth[:, :proved], atol=1e-12)
    assert not (run.stages[:, :proved] == MACRO).any()


def test_no_forecast_holds_what_is_no_number():
    """The decoder fails on some states: these comparisons are rejected, these stages taken back."""
    given, truth = task()
    latent = keras.Input((2,))
    led = replace(surrogate(Linear(exact())), decoder=keras.Model(latent, broken(latent)))
    run = Cycle(led, given, replace(RULES, compare=2)).run()
    np.testing.assert_allclose(run.states, truth, atol=3e-6)
    found = measures.cycles(run)
    assert {"failed", "length"} <= set(found["ended"])
    assert found["error"].isna().any()
    assert 0 < measures.utilisation(run).mean() < 0.5


@pytest.mark.parametrize("then", [lambda z: z + 0.5, lambda z: z + np.nan])
def test_a_macro_stage_ends_before_the_spread_passes_its_limit(then):
    given, truth = task()
    wrong = Spoiled(exact(), RULES.compare + 2, then)
    run = Cycle(surrogate(Linear(exact()), wrong), given, RULES).run()
    found = measures.cycles(run)
    assert found["accepted"].all()  # a member listens anew when it is accepted, and is right again
    whole = found[found["ended"] != "end"]
    assert len(whole) > 20
    assert (whole["macro"] == RULES.compare + 2).all()
    assert set(whole["ended"]) == {"spread"}
    np.testing.assert_allclose(run.states, truth, atol=3e-6)
    macro = run.stages == MACRO
    assert (run.spread[macro] <= RULES.spread).all()
    assert np.isnan(run.spread[(run.stages == WARMUP) | (run.stages == MICRO)]).all()


def test_a_comparison_looks_at_all_of_its_frames():
    """These members are wrong in the middle of it, and right at its end."""

    class Brief(Spoiled):
        def advance(self, memory, steps, inputs=None):
            latents, after = super().advance(memory, steps)
            late = memory[1] + np.arange(1, steps + 1) > self.right + 1
            right, _ = Linear.advance(self, memory[0], steps)
            return np.where(late[..., None], right, latents), after

    given, _ = task()
    wrong = Brief(exact(), 2, lambda z: z + 0.5)
    run = Cycle(surrogate(wrong, wrong), given, RULES).run()
    found = measures.cycles(run)
    assert not found["accepted"].any()
    np.testing.assert_allclose(found["error"].dropna(), 0.25, rtol=1e-3)


def test_a_sample_is_the_same_among_others_and_alone():
    """One of three gets members that are wrong, so that the stages of the others differ."""
    given, _ = task()
    wrong = Spoiled(exact(), 7, lambda z: np.where(z[..., :1] > 0, z + 0.5, z))
    run = Cycle(surrogate(Linear(exact()), wrong), given, RULES).run()
    assert len({tuple(row) for row in run.stages.tolist()}) > 1
    for sample in range(3):
        alone = replace(
            given,
            window=given.window[[sample]],
            simulation=replace(given.simulation, problem=given.simulation.problem.subset([sample])),
        )
        one = Cycle(surrogate(Linear(exact()), wrong), alone, RULES).run()
        np.testing.assert_array_equal(one.stages[0], run.stages[sample])
        np.testing.assert_allclose(one.states[0], run.states[sample], atol=1e-6)


def test_steps_of_networks_may_be_longer_than_frames():
    """Two frames a step: the spline between is exact to its order, the stages are whole steps."""
    given, truth = task()
    members = (Linear(np.linalg.matrix_power(exact(), 2), stride=2) for _ in range(2))
    run = Cycle(surrogate(*members), given, RULES).run()
    np.testing.assert_allclose(run.states, truth, atol=1e-3)
    found = measures.cycles(run)
    assert found["accepted"].all()
    assert (found["macro"][found["ended"] == "length"] % 2 == 0).all()
    assert measures.utilisation(run).min() > 0.5


def test_errors_have_names():
    given, _ = task()
    with pytest.raises(ValueError, match=r"^compare: found 300 frames, expected at most 200"):
        Cycle(surrogate(Linear(exact())), given, replace(RULES, compare=300))
    far = given.window.copy(data=given.window.values * 1e4)
    with pytest.raises(SolverError, match=r"^sample 0: the state is not finite at t = 0\.25"):
        Cycle(surrogate(Linear(exact())), replace(given, window=far), RULES).run()
    short, _ = task(frames=RULES.compare)
    run = Cycle(surrogate(Linear(exact())), short, RULES).run()
    assert (run.stages[:, KNOWN:] == COMPARE).all()
    assert [entry["ended"] for entry in run.cycles] == ["end"] * 3


def test_distances_are_those_to_a_solver_that_goes_on_from_the_comparison():
    """The members turn a little too fast, so their distance grows; nothing is compared later."""
    given, _ = task(samples=2)
    slow = exact() * 0.999
    run = Cycle(surrogate(Linear(slow), Linear(slow)), given, RULES).run()
    found = measures.cycles(run)
    assert found["accepted"].all()
    whole = found[found["ended"] == "length"]
    for _, entry in whole.iterrows():
        row, begin = int(entry["sample"]), round(entry["begin"] / (DT * EVERY))
        radius = np.linalg.norm(run.states[row, begin])
        decay = np.linalg.norm(exact() @ [1.0, 0.0]) ** np.arange(1, entry["macro"] + 1)
        apart = radius * decay * (1 - 0.999 ** np.arange(1, entry["macro"] + 1))
        np.testing.assert_allclose(entry["mean_distance"], apart.mean(), rtol=1e-2)
        np.testing.assert_allclose(entry["final_distance"], apart[-1], rtol=1e-2)


def test_windows_of_the_training_are_as_long_as_those_of_a_comparison(monkeypatch):
    """Both in whole steps of the networks: 3 frames of a warm-up, 5 of a comparison, 2 a step."""
    given, truth = task()
    led = surrogate(Linear(exact() @ exact(), stride=2), Linear(exact() @ exact(), stride=2))
    lengths = []
    measure = Novelty.distance

    def recorded(self, latents):
        lengths.append(latents.shape[1])
        return measure(self, latents)

    monkeypatch.setattr(Novelty, "distance", recorded)
    given = replace(given, training={"train": truth, "validation": truth})
    mode = Adaptive(compare=0.5, length=[1.0, 1.4], distance=0.1)
    rules, novelty = mode._rules(led, given)
    assert rules.compare == 6
    run = Cycle(led, given, rules, novelty=novelty).run()
    assert set(lengths) == {KNOWN + 6}
    assert max(entry["distance"] for entry in run.cycles if entry["accepted"]) < 0.02


def test_latents_in_one_unit_are_measured_by_their_own_variances():
    """`scale: largest` divides by the largest deviation: the spread is a share of the mean."""
    dynamics = registry.create(Dynamics, name="stateful", units=[2])
    scaling = Scaling(np.zeros(2), np.array([3.0, 1.0]))
    for given in (scaling, scaling.together()):
        member = dynamics.member(dynamics.build(given))
        assert Ensemble([member]).variance == 5.0


def test_limits_are_quantiles_of_comparisons_of_a_split():
    """The error of the last frame is the largest: (1 - 0.99^5)^2 of the mean square there."""
    _, truth = task(samples=4, frames=40)
    led = surrogate(Linear(exact() * 0.99), Linear(exact() * 0.97))
    errors, spreads, distances = limits.measured(led, truth, KNOWN, RULES.compare)
    assert (distances == 0).all()
    assert len(errors) == len(spreads) == 4 * limits.WINDOWS
    factors = np.array([0.99, 0.97]) ** 5
    starts = np.unique(np.linspace(0, 43 - 8, limits.WINDOWS).astype(int))
    last = truth.values[:, starts + KNOWN + RULES.compare - 1]
    squares = (last**2).mean(axis=-1).T.ravel()
    np.testing.assert_allclose(errors, squares * (1 - factors.mean()) ** 2, rtol=1e-3)
    np.testing.assert_allclose(spreads, squares * factors.var(), rtol=1e-3)
    with pytest.raises(ValueError, match=r"^compare: found 100 frames, expected at most 40, those"):
        limits.measured(led, truth, KNOWN, 100)


def test_a_comparison_far_from_the_training_samples_is_rejected():
    """Training samples are circles of radius 1; one sample starts on another circle."""
    given, truth = task()
    led = surrogate(Linear(exact()), Linear(exact()))
    frames = KNOWN + RULES.compare
    novelty = Novelty.of(led, Ensemble(led.members), truth, frames)
    window = given.window.copy()
    window[1] *= 1.5
    given = replace(given, window=window)
    run = Cycle(led, given, replace(RULES, distance=0.1), novelty=novelty).run()
    found = measures.cycles(run)
    assert (found["error"].dropna() < 1e-10).all()
    first = found.groupby("sample").first()
    assert first["accepted"].tolist() == [True, False, True]
    np.testing.assert_allclose(first["distance"][1], 0.5 / np.sqrt(2), rtol=0.05)
    assert measures.utilisation(run)[1] < 0.3 < measures.utilisation(run)[0]
    points = np.array([[[0.0, 0.0]] * 8, [[3.0, 4.0]] * 8])
    np.testing.assert_allclose(
        Novelty(points, 4.0).distance(points + np.array([0.0, 2.0])), np.sqrt(0.5)
    )
