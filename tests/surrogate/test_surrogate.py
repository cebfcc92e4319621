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

from led.autoencoders.base import Autoencoder, Scaling, encode
from led.data.simulate import simulate
from led.dynamics.base import LatentForecaster
from led.jobs import registry
from led.jobs.files import FileError
from led.solvers.theta import Theta
from led.surrogate import run as scoring
from led.surrogate import surrogate as rollout
from led.systems import symmetries
from led.systems.fitzhugh_nagumo import FitzHughNagumo
from tests.dynamics.test_dynamics import STATEFUL, WINDOWED

SYSTEM = FitzHughNagumo(nx=4, ny=3, speed=0.05)
SIMULATION = {"seed": 3, "dt": 0.5, "output_every": 2}


@pytest.fixture(scope="module")
def state():
    return simulate(SYSTEM, Theta(), split="test", samples=range(3), duration=40.0, **SIMULATION)[
        "state"
    ]


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
    forecasts = [scoring.score(led, values, warmup=16.0) for values in (state, changed)]
    for name in ("prediction", "latents"):
        np.testing.assert_array_equal(forecasts[0][name], forecasts[1][name])
    assert (forecasts[0]["truth"] != forecasts[1]["truth"]).any()
    earlier = state.copy()
    earlier[:, 12] += 0.1
    assert (scoring.score(led, earlier, 16.0)["prediction"] != forecasts[0]["prediction"]).any()


def test_an_ensemble_forecasts_the_mean_of_its_members(state):
    both = trained(state, STATEFUL, members=2)
    alone = [
        rollout.Forecaster(both.autoencoder, both.rnn, (member,), both.smoothing)
        for member in both.members
    ]
    latents = [scoring.score(led, state, 16.0)["latents"].values for led in alone]
    assert np.abs(latents[0] - latents[1]).max() > 1e-3
    together = scoring.score(both, state, 16.0)["latents"].values
    np.testing.assert_allclose(together, np.mean(latents, axis=0), atol=1e-6)


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
        system=None,
        members=2,
        decoder=False,
        joint=False,
    )

    scored = scoring.score(led, state, warmup=16.0, horizon=8.0)
    window = state[:, :16]
    found = rollout.Forecaster.load(tmp_path).forecast(window, horizon=8.0)
    xr.testing.assert_equal(found, scored["prediction"])
    assert found["time"].attrs["units"] == "ms"
    alone = led.forecast(window[1], horizon=8.0)
    assert alone.dims == ("time", "x", "y", "component")
    np.testing.assert_allclose(alone, found[1], atol=1e-5)


def test_a_symmetrized_forecast_has_the_symmetries_of_the_system(led, state):
    """The networks alone do not: from an image of the warm-up they make another forecast."""
    pairs = symmetries.pairs({"name": "fitzhugh_nagumo", "nx": 4, "ny": 3}, (4, 3, 2))
    assert len(pairs) == 4
    window = state[:, :16]
    for forecaster, largest in ((led, np.inf), (replace(led, symmetries=pairs), 1e-5)):
        expected = forecaster.forecast(window, 8.0).values
        for map_, inverse in pairs[1:]:
            image = forecaster.forecast(window.copy(data=map_(window.values)), 8.0)
            difference = np.abs(inverse(image.values) - expected).max()
            assert difference < largest
            assert difference > 0.01 or largest < 1


def test_what_cannot_be_forecast_is_told(led, state, tmp_path):
    message = (
        r"^autoencoder: found samples with states of the shape \(4, 2, 2\), expected \(4, 3, 2\), "
        "that of its training samples$"
    )
    with pytest.raises(ValueError, match=message):
        scoring.score(led, state[:, :, :, :2], 16.0)
    with pytest.raises(ValueError, match="warmup: found 50, expected 1 to 40"):
        scoring.score(led, state, 50.0)
    with pytest.raises(ValueError, match="horizon: found 30, expected 1 to 25"):
        scoring.score(led, state, 16.0, 30.0)
    with pytest.raises(ValueError, match=r"^horizon: found 0.2, expected at least 1, a time step$"):
        led.forecast(state[:, :16], 0.2)
    message = (
        f"{tmp_path}: found no forecaster.json, expected the results of an experiment: "
        f"snakemake --cores 2 {tmp_path}/forecast.nc"
    )
    with pytest.raises(FileError, match=f"^{re.escape(message)}$"):
        rollout.Forecaster.load(tmp_path)


class Drift(LatentForecaster):
    """A member is a number or (latent,): by so much the latents grow from frame to frame."""

    def build(self, scaling):
        raise NotImplementedError

    fit = build

    def rollout(self, model, horizon):
        ahead = np.arange(1, horizon + 1, dtype=np.float32)[:, None] * model
        return lambda latents: latents[:, -1:] + ahead


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


def test_a_symmetrized_forecast_is_the_mean_of_those_of_the_images(noise):
    """By shifts on a ring of three points, of which two are inverses, drifts are averaged."""
    shifts = [partial(np.roll, shift=shift, axis=-2) for shift in range(3)]
    pairs = tuple((shifts[n], shifts[-n]) for n in range(3))
    drift = np.array([0.1, -0.2, 0.7, 0.3, 0.4, 0.5])
    led = replace(drifting(), members=(drift,), symmetries=pairs)
    found = scoring.score(led, noise, warmup=5.0, horizon=4.0)
    last, ahead = noise.values[:, 9], np.arange(1, 9)
    growth = ahead[:, None, None] * drift.reshape(3, 2).mean(axis=0) * DEVIATION
    np.testing.assert_allclose(found["prediction"], last[:, None] + growth, atol=1e-5)
    first = ((last - [1.0, -5.0]) / DEVIATION).reshape(2, 1, 6) + ahead[:, None] * drift
    np.testing.assert_allclose(found["latents"], first, atol=1e-5)


def test_networks_may_be_trained_on_frames_farther_apart(noise):
    """They listen at 20, 21.5, 23, 24.5; the drift is a line, so the spline between is exact."""
    led = replace(drifting({"window": 3, "order": 0}), interval=1.5)
    found = scoring.score(led, noise, warmup=5.5, horizon=4.0)  # 11 frames and 8
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


def test_a_description_is_read_by_people_as_well(tmp_path):
    rnn = {"name": "windowed", "window": 6}
    path = tmp_path / "forecaster.json"
    known = {"smoothing": None, "interval": 0.5, "members": 2, "decoder": False, "joint": True}
    known["system"] = {"name": "van_der_pol"}
    rollout.describe(path, rnn=rnn, **known)
    assert path.read_text() == (
        '{\n  "decoder": false,\n  "interval": 0.5,\n  "joint": true,\n  "members": 2,\n'
        '  "rnn": {\n    "name": "windowed",\n    "window": 6\n  },\n  "smoothing": null,\n'
        '  "system": {\n    "name": "van_der_pol"\n  }\n}\n'
    )
