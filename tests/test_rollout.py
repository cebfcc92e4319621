"""The forecast: blind to the future, on the right times, with all of its cost."""

import keras
import numpy as np
import pytest
import xarray as xr

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


def test_a_forecast_is_on_the_times_that_follow_the_warmup(state):
    led = trained(state, STATEFUL)
    found = rollout.score(led, state, warmup=16.0, horizon=10.0)
    assert found["time"].values.tolist() == np.arange(16.0, 26.0).tolist()
    assert found["prediction"].dims == state.dims
    xr.testing.assert_equal(found["truth"], state[:, 16:26])
    np.testing.assert_array_equal(found["firing_x"], state["firing_x"])
    expected = decode(led.autoencoder, encode(led.autoencoder, state[:, 16:26].values))
    np.testing.assert_array_equal(found["reconstruction"], expected)
    assert rollout.score(led, state, warmup=16.0)["time"].values[-1] == 40.0


def test_the_reconstruction_from_smoothed_latents_shows_what_smoothing_costs(state):
    """Its latents are the targets of the training, also where the horizon is short."""
    led = trained(state, STATEFUL)
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


def test_the_cost_of_all_stages_and_of_the_solver_is_told(state):
    found = rollout.score(trained(state, STATEFUL), state, 16.0, 10.0)
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
    rollout.describe(tmp_path / "forecaster.json", rnn, {"window": 5, "order": 2}, 2)

    scored = rollout.score(led, state, warmup=16.0, horizon=8.0)
    window = state[:, :16]
    found = rollout.Forecaster.load(tmp_path).forecast(window, horizon=8.0)
    xr.testing.assert_equal(found, scored["prediction"])
    assert found["time"].attrs["units"] == "ms"
    alone = led.forecast(window[1], horizon=8.0)
    assert alone.dims == ("time", "x", "y", "component")
    np.testing.assert_allclose(alone, found[1], atol=1e-5)


def test_what_cannot_be_forecast_is_told(state, tmp_path):
    led = trained(state, STATEFUL)
    with pytest.raises(ValueError, match=r"shape \(4, 2, 2\), expected \(4, 3, 2\)"):
        rollout.score(led, state[:, :, :, :2], 16.0)
    with pytest.raises(ValueError, match="warmup: found 50, expected 1 to 40"):
        rollout.score(led, state, 50.0)
    with pytest.raises(ValueError, match="horizon: found 30, expected 1 to 25"):
        rollout.score(led, state, 16.0, 30.0)
    with pytest.raises(ValueError, match=r"horizon: found 0.2, expected at least 1, a time step"):
        led.forecast(state[:, :16], 0.2)
    with pytest.raises(FileError, match=r"found no forecaster.json, expected the results of"):
        rollout.Forecaster.load(tmp_path)
