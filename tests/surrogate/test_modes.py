"""The modes of a forecast, against surrogates whose forecasts are known."""

from dataclasses import dataclass, replace
from pathlib import Path
from textwrap import dedent
from typing import ClassVar

import numpy as np
import pytest
import xarray as xr

from led.autoencoders.base import Autoencoder
from led.config import roles
from led.data.scaling import Scaling
from led.data.simulate import simulate
from led.dynamics.base import Member
from led.jobs import registry
from led.solvers.runge_kutta import RungeKutta
from led.surrogate import named, run
from led.surrogate.description import Description
from led.surrogate.modes.base import Mode, Task
from led.surrogate.modes.multiscale import Turns
from led.surrogate.surrogate import Surrogate
from led.systems.base import System

# A damped oscillator whose steps of the solver are a matrix, so that a surrogate can be exact.
MATRIX = np.array([[-0.05, 1.0], [-1.0, -0.05]])


@dataclass(frozen=True)
class Oscillator(System):
    components: ClassVar[tuple[str, ...]] = ("u", "w")

    def draw(self, rng):
        return {"first": rng.uniform(1, 2), "second": rng.uniform(-1, 1)}

    def initial_state(self, drawn):
        return np.stack([drawn["first"], drawn["second"]])

    def rhs(self, time, state, prepared):
        return np.tensordot(MATRIX, state, 1)


DT, EVERY = 0.05, 2  # of the solver; steps from frame to frame
SIMULATION = {"system": Oscillator(), "solver": RungeKutta(), "dt": DT, "output_every": EVERY}
SIMULATION |= {"seed": 1, "split": "test"}


def propagator(frames):
    """The matrix that RK4 applies in so many frames: its stability polynomial, to a power."""
    z = DT * MATRIX
    step = np.eye(2) + z @ (np.eye(2) + z @ (np.eye(2) + z @ (np.eye(2) + z / 4) / 3) / 2)
    return np.linalg.matrix_power(step, EVERY * frames)


class Exact(Member):
    """The next latents by a matrix; `wrong` is added in each step."""

    def __init__(self, stride=1, wrong=0.0):
        self.stride, self.wrong = stride, wrong
        self.matrix = propagator(stride)

    def listen(self, latents, memory=None, inputs=None):
        return latents[:, -1:]

    def advance(self, memory, steps, inputs=None):
        series = [memory.astype(float)]
        for _ in range(steps):
            series.append(series[-1] @ self.matrix.T + self.wrong)
        series = np.concatenate(series[1:], axis=1).astype(np.float32)
        return series, series[:, -1:]


@pytest.fixture(scope="module")
def state():
    options = {"samples": range(3), "duration": 12.0}
    found = simulate(SIMULATION["system"], SIMULATION["solver"], **options, **DRAWING)
    return found["state"].astype(np.float32)


DRAWING = {key: SIMULATION[key] for key in ("dt", "output_every", "seed", "split")}


def surrogate(*members, smoothing=None):
    identity = registry.create(Autoencoder, name="identity")
    model = identity.build((2,), Scaling(np.zeros(2), np.ones(2)))
    settings = {"components": ["u", "w"], "grid": {}, "interval": 0.1, "warmup": 2.0}
    return Surrogate(Description(**settings, smoothing=smoothing), model, members or (Exact(),))


def forecast(mode, led, state, every=None, times=None, **options):
    given = {"horizon": 8.0, "simulation": SIMULATION, "every": every, "times": times}
    return named.forecast(registry.create(Mode, mode, **options), led, state, **given)


MODES = {
    "latent": {},
    "state": {},
    "teacher_forced": {},
    "multiscale": {"micro": 0.6, "ratio": 2},  # phases that do not end with the horizon
}


@pytest.mark.parametrize("mode", MODES)
def test_an_exact_surrogate_forecasts_what_the_solver_does(mode, state):
    """To the rounding of float32."""
    found = forecast(mode, surrogate(), state, **MODES[mode])
    np.testing.assert_allclose(found["prediction"], found["truth"], atol=2e-6)
    xr.testing.assert_equal(found["truth"], state[:, 20:100])
    assert found["prediction"].dims == state.dims
    assert found["stage"].values[-1] == "solver"
    assert (found["seconds"] > 0).all()
    assert found["seconds"].attrs["forecast_steps"] == 160


@pytest.mark.parametrize("mode", MODES)
def test_between_the_steps_of_an_exact_surrogate_lies_a_spline(mode, state):
    """Its error is of fourth order in steps of 0.3."""
    found = forecast(mode, surrogate(Exact(3)), state, **MODES[mode])
    np.testing.assert_allclose(found["prediction"], found["truth"], atol=2e-3)


@pytest.mark.parametrize("mode", MODES)
def test_nothing_sees_the_future_but_a_diagnosis(mode, state):
    changed = state.copy()
    changed[:, 20:] = np.random.default_rng(0).normal(size=changed[:, 20:].shape)
    both = [forecast(mode, surrogate(), each, **MODES[mode]) for each in (state, changed)]
    same = (both[0]["prediction"] == both[1]["prediction"]).all()
    assert same != (mode == "teacher_forced")
    if mode == "teacher_forced":  # the first step is from the warm-up
        np.testing.assert_array_equal(*(each["prediction"][:, 0] for each in both))


@pytest.mark.parametrize("stride", [1, 3])
def test_a_diagnosis_begins_each_step_with_the_truth(stride, state):
    """So it is wrong by the error of one step, wherever it is; frames in between come before it."""
    found = forecast("teacher_forced", surrogate(Exact(stride, 0.25)), state)
    wrong = (found["prediction"] - found["truth"]).values
    np.testing.assert_allclose(wrong[:, stride - 1 :: stride], 0.25, atol=1e-6)
    assert abs(wrong).max() < 0.3


def test_phases_take_turns_and_the_solver_goes_on_from_the_decoded_state(state):
    """A macro phase of 4 frames is wrong by 1 a frame; 2 frames of the solver carry that on."""
    found = forecast("multiscale", surrogate(Exact(1, 1.0)), state, micro=0.2, ratio=2)
    assert found["micro"].values.tolist() == ([0, 0, 0, 0, 1, 1] * 14)[:80]
    expected, series = state[:, 19].values.astype(float), []
    for by_solver in found["micro"].values:
        expected = expected @ propagator(1).T + (0.0 if by_solver else 1.0)
        series.append(expected)
    np.testing.assert_allclose(found["prediction"], np.stack(series, axis=1), atol=1e-5)


class Heard(Exact):
    """Notes what it listens to."""

    def __init__(self, stride):
        super().__init__(stride)
        self.windows = []

    def listen(self, latents, memory=None, inputs=None):
        self.windows.append(latents)
        return super().listen(latents)


@pytest.mark.parametrize(("micro", "stride"), [(0.3, 3), (0.8, 2), (3.0, 1)])
def test_the_networks_keep_their_memory_and_listen_to_each_step_of_the_solver(micro, stride, state):
    """Steps are `stride` frames apart from the end of the warm-up on."""
    member = Heard(stride)
    found = forecast("multiscale", surrogate(member), state, micro=micro, ratio=1)
    heard, *others = member.windows[len(member.windows) // 2 :]  # it is run twice
    np.testing.assert_array_equal(heard, state[:, 19 % stride : 20 : stride])
    by_solver = found["micro"].values[stride - 1 :: stride].astype(bool)
    expected = found["prediction"].values[:, stride - 1 :: stride][:, by_solver]
    np.testing.assert_allclose(np.concatenate(others, axis=1), expected, atol=1e-6)


class Counted(Exact):
    """Its memory counts the steps that were heard and advanced."""

    def listen(self, latents, memory=None, inputs=None):
        count = memory[1] if memory else 0
        return latents[:, -1:], count + latents.shape[1]

    def advance(self, memory, steps, inputs=None):
        ahead, last = super().advance(memory[0], steps)
        return ahead, (last, memory[1] + steps)


@pytest.mark.parametrize("stride", [1, 3, 6])
def test_each_step_is_in_the_memory_once(stride, state, monkeypatch):
    """Also where the horizon ends between two steps: the one behind it only draws the spline."""
    kept, turns = [], Turns.by_solver
    monkeypatch.setattr(
        Turns,
        "by_solver",
        lambda self, *frames: turns(self, *frames) or kept.append((self.memories[0][1], frames[1])),
    )
    forecast("multiscale", surrogate(Counted(stride)), state, micro=0.6, ratio=2)
    before = len(range(19 % stride, 20, stride))
    assert kept
    for count, stop in kept:
        assert count == before + stop // stride


def test_smoothing_is_that_of_the_warm_up_in_every_window(state):
    """The filter changes hardly anything in what is smooth, across the phases too."""
    found = forecast(
        "multiscale", surrogate(smoothing={"window": 5, "order": 4}), state, micro=0.5, ratio=1
    )
    np.testing.assert_allclose(found["prediction"], found["truth"], atol=1e-4)


def test_each_step_of_the_state_is_decoded_and_encoded_again(state):
    """The decoder here halves what is left: by 2^-n after n steps."""
    led = surrogate()
    halved = registry.create(Autoencoder, name="identity").build(
        (2,), Scaling(np.zeros(2), np.full(2, 0.5))
    )
    led = replace(led, decoder=halved.get_layer("decoder"))
    found = forecast("state", led, state)
    share = 0.5 ** np.arange(1, 81)[:, None]
    exact = np.stack([state[:, 19].values @ propagator(n).T for n in range(1, 81)], axis=1)
    np.testing.assert_allclose(found["prediction"], share * exact, rtol=1e-3, atol=1e-7)


def test_samples_that_store_more_are_forecast_on_the_frames_of_the_training(state):
    """Of every frame the networks were trained on every second."""
    led = surrogate(Exact(2))
    described = replace(led.description, interval=0.2)
    member = Exact(1)
    member.matrix = propagator(2)
    led = replace(led, description=described, members=(member,))
    found = forecast("multiscale", led, state, micro=0.4, ratio=2)
    np.testing.assert_allclose(found["time"], 2.0 + 0.2 * np.arange(40))
    np.testing.assert_allclose(found["prediction"], found["truth"], atol=2e-6)
    whole = forecast("latent", led, state)
    assert whole.sizes["time"] == 80


def test_phases_that_are_no_frames_are_refused(state):
    for options, message in {
        (0.25, 2): "micro: found phases of 0.25, expected a multiple of 0.1, the time of a step",
        (0.5, 0.5): "ratio: found phases of 0.25, expected a multiple of 0.1, the time of a step",
    }.items():
        with pytest.raises(ValueError, match=f"^{message}"):
            forecast("multiscale", surrogate(), state, micro=options[0], ratio=options[1])


def test_the_mode_latent_is_the_forecast_that_is_always_there(state):
    found = forecast("latent", surrogate(Exact(1, 0.1)), state)
    expected = run.score(surrogate(Exact(1, 0.1)), state, horizon=8.0)
    for name in ("prediction", "truth", "latents"):
        xr.testing.assert_equal(found[name], expected[name])


@pytest.mark.parametrize("mode", MODES)
def test_some_frames_are_those_of_the_whole_forecast(mode, state):
    """To the bit; and the horizon ends with the last one. The solver stores no more either."""
    led = surrogate(Exact(3, 0.1))
    whole = forecast(mode, led, state, **MODES[mode])
    third = forecast(mode, led, state, every=3, **MODES[mode])
    xr.testing.assert_equal(third["prediction"], whole["prediction"][:, 2::3])
    xr.testing.assert_equal(third["truth"], whole["truth"][:, 2::3])
    assert third["seconds"].attrs["forecast_steps"] == 156  # 26 times 3 frames
    two = forecast(mode, led, state, times=[4.0, 2.5], **MODES[mode])
    assert two["time"].values.tolist() == [2.5, 4.0]
    xr.testing.assert_allclose(two["prediction"], whole["prediction"][:, [5, 20]], rtol=1e-6)
    assert two["seconds"].attrs["forecast_steps"] == 42


def test_a_forecast_by_hand_of_some_frames(state):
    led, window = surrogate(Exact(1, 0.1)), state[:, :20]
    whole = led.forecast(window, 8.0)
    xr.testing.assert_equal(led.forecast(window, 8.0, every=20), whole[:, 19::20])
    xr.testing.assert_equal(led.forecast(window, 8.0, times=[9.9]), whole[:, [79]])
    with pytest.raises(ValueError, match=r"^times: found 10, expected .*: 2 to 9.9 in steps"):
        led.forecast(window, 8.0, times=[10.0])
    with pytest.raises(ValueError, match=r"^every: found 81, expected at most 80, the frames"):
        led.forecast(window, 8.0, every=81)


@pytest.mark.parametrize(
    ("stride", "smoothing", "expected"),
    [(7, None, [5, 12, 19]), (1, {"window": 3, "order": 1}, range(20)), (15, {}, range(2, 20))],
)
def test_only_frames_that_networks_and_filter_need_are_encoded(
    stride, smoothing, expected, state, monkeypatch
):
    """With a filter of five frames also two before the first that is heard."""
    smoothing = {"window": 5, "order": 1} if smoothing == {} else smoothing
    led, encoded, decoded = surrogate(Exact(stride), smoothing=smoothing), [], []
    encode, decode = Surrogate.encode, Surrogate.decode
    monkeypatch.setattr(
        Surrogate, "encode", lambda self, states: encoded.append(states) or encode(self, states)
    )
    monkeypatch.setattr(
        Surrogate, "decode", lambda self, z, inputs=None: decoded.append(z) or decode(self, z)
    )
    led.forecast(state[:, :20], 8.0, every=40)
    np.testing.assert_array_equal(encoded[0], state[:, list(expected)])
    assert decoded[0].shape[1] == 2


def test_what_lies_beyond_a_shorter_split_is_its_last_frame(state):
    for options, expected in ({"times": [5.0, 25.0, 30.0]}, [5.0, 12.0]), ({"every": 200}, [12.0]):
        given = {"horizon": 30.0, "capped": True} | options
        found = named.forecast(registry.create(Mode, "latent"), surrogate(), state, **given)
        np.testing.assert_allclose(found["time"], expected)


class Driven(Member):
    """The next latents are the last ones and what drives them at the next step."""

    def __init__(self, stride=1):
        self.stride = stride

    def listen(self, latents, memory=None, inputs=None):
        assert latents.shape[:2] == inputs.shape[:2]
        return latents[:, -1:]

    def advance(self, memory, steps, inputs=None):
        assert inputs.shape[1] == steps
        series = memory + np.cumsum(inputs, axis=1)
        return series, series[:, -1:]


class Summed:
    """A solver that knows the truth."""

    def __init__(self, truth):
        self.truth = truth

    def advance(self, states, time, frames):
        start = round(10 * time) + 1
        return self.truth[:, start : start + frames].astype(float)


@pytest.mark.parametrize("mode", MODES)
def test_what_drives_the_networks_is_that_of_each_frame(mode, state):
    """A state is the sum of all inputs up to its time."""
    inputs = np.random.default_rng(1).normal(size=(3, 100, 2)).astype(np.float32)
    truth = state[:, :100].copy(data=np.cumsum(inputs, axis=1))
    given = truth[:, :20], truth["time"].values[20:], np.arange(80), 1, inputs
    task = Task(*given, Summed(truth.values), truth.values[:, 20:])
    led = surrogate(Driven())
    found = registry.create(Mode, mode, **MODES[mode]).forecast(led, task)
    np.testing.assert_allclose(found["prediction"], truth[:, 20:], atol=1e-5)


def test_a_forecast_that_diverges_is_named_before_the_solver_continues_it(state):
    message = r"^sample 0: found a forecast that is not finite at t = 2.1, expected a state"
    with np.errstate(over="ignore", invalid="ignore"), pytest.raises(ValueError, match=message):
        forecast("multiscale", surrogate(Exact(1, 1e39)), state, micro=0.2, ratio=1)


def test_symmetric_copies_are_mapped_back_and_the_mean_is_continued(state):
    """Under the sign, a wrong step of one copy is the opposite of the other's."""
    both = ((np.asarray, np.asarray), (np.negative, np.negative))
    for mode in MODES:
        led = replace(surrogate(Exact(1, 0.1)), symmetries=both)
        found = forecast(mode, led, state, **MODES[mode])
        np.testing.assert_allclose(found["prediction"], found["truth"], atol=1e-5)


def test_the_mode_of_the_documentation_can_be_chosen(state, tmp_path, monkeypatch):
    """From a file of the user; it is planned with its summary."""
    page = (Path(__file__).parents[2] / "docs/forecasts.md").read_text()
    (tmp_path / "mine.py").write_text(dedent(page[page.index("    from dataclasses") :]))
    monkeypatch.chdir(tmp_path)
    found = forecast("mine.py:Still", surrogate(), state, every=2)
    assert found.sizes["time"] == 40
    np.testing.assert_allclose(found["prediction"], state[:, [19] * 40].values, atol=1e-6)
    assert roles.summary("surrogate/modes", "mine.py:Still").startswith("the last state of the")
    assert not roles.attribute("surrogate/modes", "mine.py:Still", "needs_solver")
    assert roles.attribute("surrogate/modes", "multiscale", "needs_solver")
