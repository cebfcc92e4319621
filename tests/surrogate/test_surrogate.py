"""The forecast: blind to the future, on the right times, with all of its cost."""

import re
from dataclasses import replace
from functools import partial

import keras
import numpy as np
import pytest
import xarray as xr
from scipy.interpolate import CubicSpline
from scipy.signal import savgol_filter

from led.autoencoders.base import Autoencoder
from led.autoencoders.trained import decode, encode
from led.data.scaling import Scaling
from led.data.simulate import simulate
from led.dynamics.base import Dynamics, Member
from led.jobs import registry
from led.jobs.files import FileError
from led.solvers.theta import Theta
from led.surrogate.calibration import Calibration, calibrate
from led.surrogate.description import Description
from led.surrogate.run import score
from led.surrogate.surrogate import Surrogate
from led.systems import symmetries
from led.systems.fitzhugh_nagumo import FitzHughNagumo
from led.training.loop import fit
from tests.dynamics.test_dynamics import STATEFUL, WINDOWED

SYSTEM = FitzHughNagumo(nx=4, ny=3, speed=0.05)
SIMULATION = {"seed": 3, "dt": 0.5, "output_every": 2}


@pytest.fixture(scope="module")
def state():
    return simulate(SYSTEM, Theta(), split="test", samples=range(3), duration=40.0, **SIMULATION)[
        "state"
    ]


def described(state, **settings):
    options = {"warmup": 16.0, "smoothing": {"window": 5, "order": 2}} | settings
    space = {name: state[name].values.tolist() for name in state.dims[2:-1]}
    components = state["component"].values.tolist()
    return Description(components=components, grid=space, interval=1.0, **options)


def trained(state, rnn, members=1):
    keras.utils.set_random_seed(0)
    model = registry.create(Autoencoder, name="pca", latent_dim=2).objective(state, state).model
    latents = encode(model, state.values)
    dynamics = registry.create(Dynamics, **rnn)
    networks = []
    for _ in range(members):
        objective = dynamics.objective(latents, latents, 16)
        fit(objective)
        networks.append(dynamics.member(objective.model))
    return Surrogate(described(state, rnn=rnn), model, tuple(networks))


@pytest.fixture(scope="module")
def led(state):
    return trained(state, STATEFUL)


@pytest.mark.parametrize("rnn", [STATEFUL | {"stride": 3}, WINDOWED])
def test_nothing_sees_the_future(state, rnn):
    """What follows the warm-up changes no bit of the forecast."""
    led = trained(state, rnn)
    changed = state.copy()
    changed[:, 16:] = np.random.default_rng(0).normal(size=changed[:, 16:].shape)
    forecasts = [score(led, values) for values in (state, changed)]
    for name in ("prediction", "latents"):
        np.testing.assert_array_equal(forecasts[0][name], forecasts[1][name])
    assert (forecasts[0]["truth"] != forecasts[1]["truth"]).any()
    earlier = state.copy()
    earlier[:, 12] += 0.1
    assert (score(led, earlier)["prediction"] != forecasts[0]["prediction"]).any()


def test_an_ensemble_forecasts_the_mean_of_its_members(state):
    both = trained(state, STATEFUL, members=2)
    alone = [score(replace(both, members=(member,)), state) for member in both.members]
    latents = [found["latents"].values[0] for found in alone]
    assert np.abs(latents[0] - latents[1]).max() > 1e-3
    together = score(both, state)
    np.testing.assert_allclose(together["latents"], latents, atol=1e-6)
    expected = decode(both.autoencoder, np.mean(latents, axis=0))
    np.testing.assert_allclose(together["prediction"], expected, atol=1e-5)


def saved(led, state, folder, rnn=STATEFUL):
    """Write a surrogate as the workflow does."""
    (folder / "rnn").mkdir(parents=True)
    paths = [folder / f"rnn/{number}.keras" for number in range(len(led.members))]
    led.autoencoder.save(folder / "autoencoder.keras")
    for path, member in zip(paths, led.members, strict=True):
        member.model.save(path)
    settings = {"warmup": 16.0, "smoothing": led.description.smoothing, "symmetries": None}
    autoencoder = folder / "autoencoder.keras"
    found = Description.of(
        folder, state, autoencoder=autoencoder, members=paths, rnn=rnn, **settings
    )
    found.write(folder)
    return found


def test_a_loaded_surrogate_forecasts_the_same(state, tmp_path):
    rnn = STATEFUL | {"stride": 2}
    led = trained(state, rnn, members=2)
    found = saved(led, state, tmp_path / "led", rnn)
    assert found.interval == 1.0  # measured, not configured
    assert found.units == {"time": "ms", "x": "1", "y": "1", "state": "u: 1, w: 1"}
    assert found.members == ["rnn/0.keras", "rnn/1.keras"]

    scored = score(led, state, horizon=8.0)
    window = state[:, :16]
    found = Surrogate.load(tmp_path / "led").forecast(window, horizon=8.0)
    xr.testing.assert_equal(found, scored["prediction"])
    assert found["time"].attrs["units"] == "ms"
    alone = led.forecast(window[1], horizon=8.0)
    assert alone.dims == ("time", "x", "y", "component")
    np.testing.assert_allclose(alone, found[1], atol=1e-5)


def test_networks_that_changed_since_are_refused(led, state, tmp_path):
    saved(led, state, tmp_path / "led")
    with open(tmp_path / "led/rnn/0.keras", "ab") as file:
        file.write(b"more")
    with pytest.raises(FileError, match=r"rnn/0\.keras: found another network than the one that"):
        Surrogate.load(tmp_path / "led")
    (tmp_path / "led/rnn/0.keras").unlink()
    with pytest.raises(FileError, match=r"rnn/0\.keras: found no such file"):
        Surrogate.load(tmp_path / "led")
    (tmp_path / "led/surrogate.json").write_text('{"grid": 1}')
    with pytest.raises(FileError, match=r"surrogate\.json: not the description of a surrogate"):
        Surrogate.load(tmp_path / "led")


def test_a_window_that_does_not_fit_is_refused(led, state):
    window = state[:, :16]
    named = window.assign_coords(component=["w", "u"])
    for wrong, message in {
        "transposed": (window.transpose("sample", "time", "y", "x", "component"), "the dimensions"),
        "renamed": (window.rename(x="z"), "the dimensions"),
        "components": (named, r"the components \['w', 'u'\], expected \['u', 'w'\]"),
        "points": (window[:, :, :3], "3 points along x, 0 to 0.5, expected 4, 0 to 0.75"),
        "grid": (window.assign_coords(y=2 * window["y"]), "3 points along y, 0 to 1.33333"),
        "far and near": (window.assign_coords(x=window["x"] + 1e-3), "4 points along x, 0.001 to"),
        "short": (window[:, :15], "15 frames, expected at least 16: the warm-up lasts 16"),
        "one frame": (window[:, :1], "1 frames, expected at least 16: the warm-up"),
        "a late gap": (
            window.assign_coords(time=[*range(14), 15, 17]),
            "time steps from 1 to 2, expected one that is the same",
        ),
        "a hole": (
            (later := window.assign_coords(time=window["time"] + 5)).where(later["time"] != 8),
            r"72 values that are no numbers, the first at {'sample': 0, 'time': 8.0, 'x': 0.0",
        ),
    }.values():
        with pytest.raises(ValueError, match=f"^window: found {message}"):
            led.forecast(wrong, 8.0)
    named = replace(led, description=replace(led.description, units={"time": "ms", "state": "mV"}))
    for wrong, message in {
        "s": (window.assign_coords(time=window["time"].assign_attrs(units="s")), "time: found the"),
        "V": (window.assign_attrs(units="u: V, w: mV"), "u: found the unit 'V', expected 'mV' as"),
    }.values():
        with pytest.raises(ValueError, match=f"^window: {message}"):
            named.forecast(wrong, 8.0)
    named.forecast(window.assign_attrs(units="u: 1, w: mV"), 8.0)  # 1 states nothing
    coarse = window.assign_coords(time=2 * window["time"])
    with pytest.raises(ValueError, match="time: found a step of 2, expected 1, that of the train"):
        led.forecast(coarse, 8.0)
    unnamed = window.drop_vars("component")
    np.testing.assert_array_equal(led.forecast(unnamed, 8.0), led.forecast(window, 8.0))


def test_a_symmetrized_forecast_has_the_symmetries_of_the_system(led, state):
    """The networks alone do not: they forecast otherwise from a symmetric copy of the warm-up."""
    pairs = symmetries.pairs({"name": "fitzhugh_nagumo", "nx": 4, "ny": 3}, (4, 3, 2))
    assert len(pairs) == 4
    window, given = state[:, :16], replace(led, symmetries=pairs)
    section = {"name": "fitzhugh_nagumo", "nx": 4, "ny": 3}
    for surrogate, largest in (
        *((led, np.inf), (given, 1e-5)),
        *((led.symmetrized(section), 1e-5), (given.symmetrized(None), np.inf)),
    ):
        expected = surrogate.forecast(window, 8.0).values
        for map_, inverse in pairs[1:]:
            copy = surrogate.forecast(window.copy(data=map_(window.values)), 8.0)
            difference = np.abs(inverse(copy.values) - expected).max()
            assert difference < largest
            assert difference > 0.01 or largest < 1


def test_what_cannot_be_forecast_is_refused(led, state, tmp_path):
    with pytest.raises(ValueError, match="warmup: found 50, expected 1 to 40"):
        score(replace(led, description=described(state, warmup=50.0)), state)
    with pytest.raises(ValueError, match="horizon: found 30, expected 1 to 25"):
        score(led, state, 30.0)
    with pytest.raises(ValueError, match=r"^horizon: found 0.2, expected at least 1, a time step$"):
        led.forecast(state[:, :16], 0.2)
    message = (
        f"{tmp_path}: found no surrogate.json, expected the results of an experiment: "
        f"snakemake --cores 2 {tmp_path}/surrogate.json"
    )
    with pytest.raises(FileError, match=f"^{re.escape(message)}$"):
        Surrogate.load(tmp_path)


class Drift(Member):
    """A number or (latent,): by so much the latents grow from frame to frame."""

    def __init__(self, drift):
        self.drift = drift

    def listen(self, latents, memory=None):
        return latents[:, -1:]

    def advance(self, memory, steps):
        ahead = memory + np.arange(1, steps + 1, dtype=np.float32)[:, None] * self.drift
        return ahead, ahead[:, -1:]


DEVIATION = np.array([2.0, 4.0])


def drifting(smoothing=None):
    """Latents are standardised states; the mean of the members grows by 0.3 a frame."""
    identity = registry.create(Autoencoder, name="identity")
    model = identity.build((3, 2), Scaling(np.array([1.0, -5.0]), DEVIATION))
    settings = {"components": ["u", "w"], "grid": {"x": [0, 1, 2]}, "interval": 0.5}
    description = Description(**settings, warmup=5.0, smoothing=smoothing)
    return Surrogate(description, model, (Drift(0.1), Drift(0.5)))


def test_the_spacing_says_how_near_the_points_of_a_grid_are(noise):
    """Of a line of nanometres, and of one far from the origin; as single precision has it."""
    for points in (np.array([1e-9, 2e-9, 4e-9]), 5.4e6 + 10 * np.arange(3.0)):
        grid = {"x": points.tolist()}
        led = replace(drifting(), description=replace(drifting().description, grid=grid))
        for right in (points, points.astype(np.float32).astype(float)):
            led.forecast(noise[:, :10].assign_coords(x=right), 2.0)
        for wrong in (points[::-1], 1.5 * points, points + 2 * (points[1] - points[0])):
            with pytest.raises(ValueError, match=r"3 points along x, .* as in the training"):
                led.forecast(noise[:, :10].assign_coords(x=wrong), 2.0)


@pytest.fixture
def noise():
    """Frames every 0.5 from t = 20 on."""
    values = np.random.default_rng(5).normal(size=(2, 30, 3, 2)).astype(np.float32)
    coords = {
        "sample": [7, 9],
        "time": ("time", 20 + 0.5 * np.arange(30), {"units": "s"}),
        "component": ["u", "w"],
    }
    return xr.DataArray(values, coords, ("sample", "time", "x", "component"))


def drifted(last, frames):
    ahead = 0.3 * np.arange(1, frames + 1)
    return last[:, None] + ahead[:, None, None] * DEVIATION


def test_a_symmetrized_forecast_is_the_mean_of_those_of_the_symmetric_copies(noise):
    """By shifts on a ring of three points, of which two are inverses, drifts are averaged."""
    shifts = [partial(np.roll, shift=shift, axis=-2) for shift in range(3)]
    pairs = tuple((shifts[n], shifts[-n]) for n in range(3))
    drift = np.array([0.1, -0.2, 0.7, 0.3, 0.4, 0.5])
    led = replace(drifting(), members=(Drift(drift),), symmetries=pairs)
    found = score(led, noise, horizon=4.0)
    last, ahead = noise.values[:, 9], np.arange(1, 9)
    growth = ahead[:, None, None] * drift.reshape(3, 2).mean(axis=0) * DEVIATION
    np.testing.assert_allclose(found["prediction"], last[:, None] + growth, atol=1e-5)
    first = ((last - [1.0, -5.0]) / DEVIATION).reshape(2, 1, 6) + ahead[:, None] * drift
    np.testing.assert_allclose(found["latents"], first[None], atol=1e-5)


def test_networks_may_be_trained_on_frames_farther_apart(noise):
    """They listen at 20, 21.5, 23, 24.5; the drift is a line, so the spline between is exact."""
    led = drifting({"window": 3, "order": 0})
    described = replace(led.description, interval=1.5, warmup=5.5)
    found = score(replace(led, description=described), noise, horizon=4.0)  # 11 frames and 8
    xr.testing.assert_identical(found["time"], noise["time"][11:19])
    heard = savgol_filter(noise.values[:, [0, 3, 6, 9]], 3, 0, axis=1)
    steps = np.arange(2, 10) / 3  # from 24.5 on
    ahead = heard[:, -1:] + 0.3 * DEVIATION * np.arange(5)[:, None, None]
    spline = CubicSpline(
        [0, 1.5, 3, *4.5 + 1.5 * np.arange(4)],
        np.concatenate([heard[:, :-1], ahead[:, :4]], axis=1),
        axis=1,
    )
    np.testing.assert_allclose(found["prediction"], spline(4.5 + 1.5 * steps), atol=1e-4)
    for step, interval in ((0.4, 1.5), (2.0, 1.5)):
        other = replace(led, description=replace(led.description, interval=interval))
        window = noise.assign_coords(time=step * np.arange(30))
        message = f"time: found a step of {step:g}, expected {interval:g}, that"
        with pytest.raises(ValueError, match=message):
            other.forecast(window, 4.0)


def test_a_forecast_by_hand(noise):
    found = drifting().forecast(noise[:, :10], horizon=2.0)
    assert found.dims == noise.dims
    np.testing.assert_allclose(found, drifted(noise[:, 9].values, 4), atol=1e-5)
    assert found["time"].values.tolist() == [25.0, 25.5, 26.0, 26.5]
    assert found["time"].attrs == {"units": "s"}
    assert found["sample"].values.tolist() == [7, 9]
    assert found["component"].values.tolist() == ["u", "w"]
    apart = drifting().forecast(noise[:, :10], horizon=2.0, members=True)
    xr.testing.assert_equal(apart["prediction"], found)
    assert apart["members"].dims == ("member", *noise.dims)
    np.testing.assert_allclose(apart["members"].std("member"), apart["spread"], atol=1e-6)
    np.testing.assert_allclose(apart["members"].mean("member"), found, atol=1e-5)
    alone = drifting().forecast(noise[1, :10], horizon=0.5)
    assert alone.dims == ("time", "x", "component")
    assert alone["sample"].item() == 9
    np.testing.assert_allclose(alone, found[1, :1], atol=1e-6)


def test_a_forecast_with_an_interval_needs_its_calibration(noise):
    led = drifting()
    window = noise[:, :10]
    with pytest.raises(ValueError, match=r"^interval: found no calibration.nc of these networks"):
        led.forecast(window, horizon=2.0, interval=0.6)
    truth = xr.concat([noise] * 5, "sample").assign_coords(sample=np.arange(10))
    calibrated = replace(
        led, calibration=Calibration(calibrate(score(led, truth), led.description))
    )
    found = calibrated.forecast(window, horizon=10.0, interval=0.6)
    assert list(found) == ["prediction", "lower", "upper"]
    assert found["lower"].attrs["level"] == 0.6
    reach = (found["upper"] - found["lower"]) / 2
    inside = abs(noise[:, 10:] - found["prediction"]) <= reach * (1 + 1e-5)  # one of 6 at the edge
    np.testing.assert_allclose(inside.mean(["sample", "x"]), 4 / 6)  # 0.6 * 11 / 10 of 6 at least
    fewer = calibrated.forecast(window, horizon=10.0, every=4, interval=0.6)
    xr.testing.assert_allclose(fewer, found.isel(time=slice(3, None, 4)))
    one = calibrated.forecast(window[0], horizon=10.0, interval=0.6)
    xr.testing.assert_allclose(one.drop_vars("sample"), found.isel(sample=0, drop=True))


def test_a_description_is_read_by_people_as_well(tmp_path):
    drifting().description.write(tmp_path)
    assert (tmp_path / "surrogate.json").read_text() == (
        '{\n  "components": [\n    "u",\n    "w"\n  ],\n  "grid": {\n    "x": [\n      0,\n'
        '      1,\n      2\n    ]\n  },\n  "units": {},\n  "interval": 0.5,\n  "warmup": 5.0,\n'
        '  "smoothing": null,\n  "symmetries": null,\n  "rnn": {},\n'
        '  "inputs": {},\n  "autoencoder": "autoencoder.keras",\n'
        '  "members": [],\n  "decoder": null,\n  "digests": {}\n}\n'
    )


# Inputs


@pytest.fixture(scope="module")
def driven(state):
    """An untrained surrogate whose dynamics and decoder have the input mu."""
    keras.utils.set_random_seed(1)
    inputs = np.linspace(1, 3, len(state)).repeat(state.sizes["time"]).reshape(len(state), -1, 1)
    both = inputs.astype(np.float32), inputs.astype(np.float32)
    training = {"epochs": 1, "batch_size": 32, "learning_rate": 0.01}
    options = {"encoder_units": [8], "decoder_units": [8], "latent_dim": 2, "training": training}
    autoencoder = registry.create(Autoencoder, name="pointwise", **options)
    model = autoencoder.objective(state, state, inputs=both)
    fit(model)
    dynamics = registry.create(Dynamics, **STATEFUL | {"stride": 2})
    latents = encode(model.model, state.values)
    objective = dynamics.objective(latents, latents, 16, 0, both)
    fit(objective)
    description = described(state, inputs={"mu": [[1.0, 3.0]]})
    return Surrogate(description, model.model, (dynamics.member(objective.model),)), both[0]


def test_a_forecast_has_the_inputs_of_its_future(driven, state):
    led, inputs = driven
    scored = score(led, state, horizon=8.0, inputs=inputs)
    window = state[:, :16]
    found = led.forecast(window, 8.0, inputs={"mu": inputs[:, 0, 0]})
    np.testing.assert_allclose(found, scored["prediction"], atol=1e-4)

    times = np.concatenate([window["time"], found["time"]])
    series = xr.DataArray(inputs[:, : len(times), 0].copy(), dims=("sample", "time"))
    series = series.assign_coords(time=times)
    again = led.forecast(window, 8.0, inputs={"mu": series})
    np.testing.assert_allclose(again, found, atol=1e-4)
    later = xr.where(series["time"] < found["time"][3], series, series + 1).transpose(*series.dims)
    changed = led.forecast(window, 8.0, inputs={"mu": later})
    np.testing.assert_allclose(changed[:, :3], found[:, :3], atol=1e-4)
    assert (abs(changed - found)[:, 3:].max(["x", "y", "component"]) > 1e-2).all()


def test_a_forecast_without_its_inputs_is_refused(driven, led, state):
    window = state[:, :16]
    with pytest.raises(ValueError, match=r"inputs: found \[\], expected \['mu'\]"):
        driven[0].forecast(window, 8.0)
    with pytest.raises(ValueError, match=r"inputs: found \['mu'\], expected \[\]"):
        led.forecast(window, 8.0, inputs={"mu": 1.0})


def test_one_frame_may_be_the_warm_up(driven, state):
    led, inputs = driven
    short = Surrogate(
        replace(led.description, warmup=1.0, smoothing=None), led.autoencoder, led.members
    )
    scored = score(short, state, horizon=8.0, inputs=inputs)
    found = short.forecast(state[:, :1], 8.0, inputs={"mu": inputs[:, 0, 0]})
    np.testing.assert_allclose(found, scored["prediction"], atol=1e-4)
    assert found["time"].values.tolist() == [1, 2, 3, 4, 5, 6, 7, 8]
