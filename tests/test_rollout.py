"""The forecast: blind to the future, on the right times, with all of its cost."""

import re
from dataclasses import replace

import keras
import numpy as np
import pytest
import xarray as xr
from scipy.interpolate import CubicSpline
from scipy.signal import savgol_filter

from led import dataset, registry, rollout
from led.autoencoders.base import Autoencoder, Scaling, decode, encode
from led.files import FileError
from led.forecasters.base import LatentForecaster
from led.smoothing import smooth
from led.solvers.theta import Theta
from led.systems.fitzhugh_nagumo import FitzHughNagumo
from tests.test_forecasters import STATEFUL, WINDOWED

SYSTEM = FitzHughNagumo(nx=4, ny=3, speed=0.05)
SIMULATION = {"seed": 3, "dt": 0.5, "output_every": 2}


@pytest.fixture(scope="module")
def state():
    return dataset.simulate(
        SYSTEM, Theta(), split="test", samples=range(3), duration=40.0, **SIMULATION
    )["state"]


def trained(state, rnn, members=1):
    keras.utils.set_random_seed(0)
    scaling = Scaling.of(state)
    pca = registry.create(Autoencoder, name="pca", latent_dim=2)
    model = pca.build(state.shape[2:], scaling)
    pca.fit(model, state, state, scaling, 0)
    latents = encode(model, state.values)
    forecaster = registry.create(LatentForecaster, **rnn)
    networks = []
    for _ in range(members):
        networks.append(forecaster.build(Scaling.of(latents)))
        forecaster.fit(networks[-1], latents, latents, 16, Scaling.of(latents), 0)
    return rollout.Forecaster(model, forecaster, tuple(networks), {"window": 5, "order": 2})


@pytest.fixture(scope="module")
def led(state):
    return trained(state, STATEFUL)


@pytest.mark.parametrize("rnn", [STATEFUL | {"stride": 3}, WINDOWED])
def test_nothing_sees_the_future(state, rnn):
    """Whatever comes after the warm-up, the forecast is the same to the last bit."""
    led = trained(state, rnn)
    changed = state.copy()
    changed[:, 16:] = np.random.default_rng(0).normal(size=changed[:, 16:].shape)
    forecasts = [rollout.score(led, values, warmup=16.0) for values in (state, changed)]
    for name in ("prediction", "latents"):
        np.testing.assert_array_equal(forecasts[0][name], forecasts[1][name])
    assert (forecasts[0]["truth"] != forecasts[1]["truth"]).any()
    earlier = state.copy()
    earlier[:, 12] += 0.1
    assert (rollout.score(led, earlier, 16.0)["prediction"] != forecasts[0]["prediction"]).any()


def test_a_forecast_is_on_the_times_that_follow_the_warmup(led, state):
    found = rollout.score(led, state, warmup=16.0, horizon=10.0)
    assert found["time"].values.tolist() == np.arange(16.0, 26.0).tolist()
    assert found["prediction"].dims == state.dims
    xr.testing.assert_equal(found["truth"], state[:, 16:26])
    np.testing.assert_array_equal(found["firing_x"], state["firing_x"])
    expected = decode(led.autoencoder, encode(led.autoencoder, state[:, 16:26].values))
    np.testing.assert_array_equal(found["reconstruction"], expected)
    assert rollout.score(led, state, warmup=16.0)["time"].values[-1] == 40.0


def test_the_reconstruction_from_smoothed_latents_shows_what_smoothing_costs(led, state):
    """Its latents are the targets of the training, also where the horizon is short."""
    latents = smooth(encode(led.autoencoder, state.values), **led.smoothing, warmup=16)
    for frames in (10, 3):  # the filter is five frames long
        found = rollout.score(led, state, warmup=16.0, horizon=float(frames))
        expected = decode(led.autoencoder, latents[:, 16 : 16 + frames])
        np.testing.assert_allclose(found["reconstruction_smooth"], expected, atol=1e-6)
        assert (found["reconstruction_smooth"] != found["reconstruction"]).any()
    plain = rollout.Forecaster(led.autoencoder, led.rnn, led.members)
    assert "reconstruction_smooth" not in rollout.score(plain, state, 16.0, 10.0)


def test_an_ensemble_forecasts_the_mean_of_its_members(state):
    both = trained(state, STATEFUL, members=2)
    alone = [
        rollout.Forecaster(both.autoencoder, both.rnn, (member,), both.smoothing)
        for member in both.members
    ]
    latents = [rollout.score(led, state, 16.0)["latents"].values for led in alone]
    assert np.abs(latents[0] - latents[1]).max() > 1e-3
    together = rollout.score(both, state, 16.0)["latents"].values
    np.testing.assert_allclose(together, np.mean(latents, axis=0), atol=1e-6)


def test_the_cost_of_all_stages_and_of_the_solver_is_told(led, state):
    found = rollout.score(led, state, 16.0, 10.0)
    timed = rollout.with_solver_time(found, system=SYSTEM, solver=Theta(), **SIMULATION)
    assert timed["stage"].values.tolist() == ["encode", "roll", "decode", "solver"]
    assert (timed["seconds"] > 0).all()
    assert timed["seconds"].attrs["solver_steps"] == 50  # to t = 25
    assert timed["seconds"].attrs["forecast_steps"] == 20
    assert timed["seconds"].attrs["samples"] == 3
    xr.testing.assert_identical(timed.drop_dims("stage"), found.drop_dims("stage"))


def test_a_loaded_forecaster_forecasts_the_same(state, tmp_path):
    led = trained(state, STATEFUL | {"stride": 2}, members=2)
    (tmp_path / "rnn").mkdir()
    led.autoencoder.save(tmp_path / "autoencoder.keras")
    for number, member in enumerate(led.members):
        member.save(tmp_path / "rnn" / f"{number}.keras")
    rnn = STATEFUL | {"stride": 2}
    smoothing = {"window": 5, "order": 2}
    rollout.describe(
        tmp_path / "forecaster.json",
        rnn=rnn,
        smoothing=smoothing,
        interval=1.0,
        members=2,
        decoder=False,
        joint=False,
    )

    scored = rollout.score(led, state, warmup=16.0, horizon=8.0)
    window = state[:, :16]
    found = rollout.Forecaster.load(tmp_path).forecast(window, horizon=8.0)
    xr.testing.assert_equal(found, scored["prediction"])
    assert found["time"].attrs["units"] == "ms"
    alone = led.forecast(window[1], horizon=8.0)
    assert alone.dims == ("time", "x", "y", "component")
    np.testing.assert_allclose(alone, found[1], atol=1e-5)


def test_what_cannot_be_forecast_is_told(led, state, tmp_path):
    message = (
        r"^autoencoder: found samples with states of the shape \(4, 2, 2\), expected \(4, 3, 2\), "
        "that of its training samples$"
    )
    with pytest.raises(ValueError, match=message):
        rollout.score(led, state[:, :, :, :2], 16.0)
    with pytest.raises(ValueError, match="warmup: found 50, expected 1 to 40"):
        rollout.score(led, state, 50.0)
    with pytest.raises(ValueError, match="horizon: found 30, expected 1 to 25"):
        rollout.score(led, state, 16.0, 30.0)
    with pytest.raises(ValueError, match=r"^horizon: found 0.2, expected at least 1, a time step$"):
        led.forecast(state[:, :16], 0.2)
    message = (
        f"{tmp_path}: found no forecaster.json, expected the results of an experiment: "
        f"snakemake --cores 2 {tmp_path}/forecast.nc"
    )
    with pytest.raises(FileError, match=f"^{re.escape(message)}$"):
        rollout.Forecaster.load(tmp_path)


class Drift(LatentForecaster):
    """A member is a number: by so much the latents grow from frame to frame."""

    def build(self, scaling):
        raise NotImplementedError

    fit = build

    def rollout(self, model, horizon):
        ahead = model * np.arange(1, horizon + 1, dtype=np.float32)
        return lambda latents: latents[:, -1:] + ahead[:, None]


DEVIATION = np.array([2.0, 4.0])


def drifting(smoothing=None):
    """Latents are standardised states; the mean of the members grows by 0.3 a frame."""
    identity = registry.create(Autoencoder, name="identity")
    model = identity.build((3, 2), Scaling(np.array([1.0, -5.0]), DEVIATION))
    return rollout.Forecaster(model, Drift(), (0.1, 0.5), smoothing)


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


def test_a_score_by_hand(noise):
    found = rollout.score(drifting(), noise, warmup=5.0, horizon=4.0)  # 10 frames and 8
    assert set(found) == {"prediction", "truth", "reconstruction", "latents", "seconds"}
    following = noise[:, 10:18]
    for name in ("prediction", "truth", "reconstruction"):
        assert found[name].dims == noise.dims
        xr.testing.assert_identical(found[name].coords.to_dataset(), following.coords.to_dataset())
    np.testing.assert_allclose(found["prediction"], drifted(noise[:, 9].values, 8), atol=1e-5)
    np.testing.assert_array_equal(found["truth"], following)
    np.testing.assert_allclose(found["reconstruction"], following, atol=1e-5)
    assert found["latents"].dims == ("sample", "time", "latent")
    latents = (found["prediction"] - [1.0, -5.0]) / DEVIATION
    np.testing.assert_allclose(found["latents"], latents.values.reshape(2, 8, 6), atol=1e-5)
    assert found["stage"].values.tolist() == ["encode", "roll", "decode"]
    assert found["seconds"].dims == ("stage",)
    assert found["seconds"].attrs == {"units": "s"}
    whole = rollout.score(drifting(), noise, warmup=5.0)
    np.testing.assert_array_equal(whole["time"], noise["time"][10:])


def test_a_smoothed_score_by_hand(noise):
    """The filter is linear, so it does not matter that latents are standardised."""
    window, order = 7, 3
    led = drifting({"window": window, "order": order})
    found = rollout.score(led, noise, warmup=5.0, horizon=2.0)
    last = savgol_filter(noise.values[:, :10], window, order, axis=1)[:, -1]
    np.testing.assert_allclose(found["prediction"], drifted(last, 4), atol=1e-4)
    np.testing.assert_allclose(found["reconstruction"], noise[:, 10:14], atol=1e-5)
    smoothed = savgol_filter(noise.values[:, 10:], window, order, axis=1)[:, :4]
    np.testing.assert_allclose(found["reconstruction_smooth"], smoothed, atol=1e-4)


def test_networks_may_be_trained_on_frames_farther_apart(noise):
    """They listen at 20, 21.5, 23, 24.5; the drift is a line, so the spline between is exact."""
    led = replace(drifting({"window": 3, "order": 0}), interval=1.5)
    found = rollout.score(led, noise, warmup=5.5, horizon=4.0)  # 11 frames and 8
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
        with pytest.raises(
            ValueError, match=f"time: found a step of {step:g}, expected {interval:g}, that"
        ):
            replace(led, interval=interval).forecast(
                noise.assign_coords(time=step * np.arange(30)), 4.0
            )


def test_a_forecast_by_hand(noise):
    found = drifting().forecast(noise[:, :10], horizon=2.0)
    assert found.dims == noise.dims
    np.testing.assert_allclose(found, drifted(noise[:, 9].values, 4), atol=1e-5)
    assert found["time"].values.tolist() == [25.0, 25.5, 26.0, 26.5]
    assert found["time"].attrs == {"units": "s"}
    assert found["sample"].values.tolist() == [7, 9]
    assert found["component"].values.tolist() == ["u", "w"]
    alone = drifting().forecast(noise[1, :10], horizon=0.5)
    assert alone.dims == ("time", "x", "component")
    assert alone["sample"].item() == 9
    np.testing.assert_allclose(alone, found[1, :1], atol=1e-6)


def test_the_solver_is_timed_on_the_samples_and_times_of_the_forecast(noise, monkeypatch):
    asked = {}
    monkeypatch.setattr(
        rollout, "simulate", lambda *given, **options: asked.update(options, given=given)
    )
    found = rollout.score(drifting(), noise, warmup=5.0, horizon=4.0)
    timed = rollout.with_solver_time(
        found, system=SYSTEM, solver=Theta(), seed=3, dt=0.125, output_every=4
    )
    assert asked.pop("samples").tolist() == [7, 9]
    assert asked == {
        "given": (SYSTEM, Theta()),
        "seed": 3,
        "split": "test",
        "duration": 28.5,
        "dt": 0.125,
        "output_every": 4,
    }
    assert timed["seconds"].sel(stage="solver") < 1
    assert timed["seconds"].attrs == {
        "units": "s",
        "solver_steps": 228,
        "forecast_steps": 32,
        "samples": 2,
    }


def test_a_description_is_read_by_people_as_well(tmp_path):
    rnn = {"name": "windowed", "window": 6}
    path = tmp_path / "forecaster.json"
    known = {"smoothing": None, "interval": 0.5, "members": 2, "decoder": False, "joint": True}
    rollout.describe(path, rnn=rnn, **known)
    assert path.read_text() == (
        '{\n  "decoder": false,\n  "interval": 0.5,\n  "joint": true,\n  "members": 2,\n'
        '  "rnn": {\n    "name": "windowed",\n    "window": 6\n  },\n  "smoothing": null\n}\n'
    )
