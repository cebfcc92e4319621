"""The score: forecasts and the truth, on the right times, with all of their cost."""

from dataclasses import replace

import numpy as np
import xarray as xr
from scipy.signal import savgol_filter

from led.autoencoders.trained import decode, encode
from led.solvers.theta import Theta
from led.surrogate import run
from led.surrogate.smoothing import smooth
from tests.surrogate.test_surrogate import (
    DEVIATION,
    SIMULATION,
    SYSTEM,
    drifted,
    drifting,
    led,
    noise,
    state,
)

__all__ = ["led", "noise", "state"]  # fixtures


def test_a_forecast_is_on_the_times_that_follow_the_warmup(led, state):
    found = run.score(led, state, horizon=10.0)
    assert found["time"].values.tolist() == np.arange(16.0, 26.0).tolist()
    assert found["prediction"].dims == state.dims
    xr.testing.assert_equal(found["truth"], state[:, 16:26])
    np.testing.assert_array_equal(found["firing_x"], state["firing_x"])
    expected = decode(led.autoencoder, encode(led.autoencoder, state[:, 16:26].values))
    np.testing.assert_array_equal(found["reconstruction"], expected)
    assert run.score(led, state)["time"].values[-1] == 40.0


def test_the_reconstruction_from_smoothed_latents_shows_what_smoothing_costs(led, state):
    """Its latents are the targets of the training, also where the horizon is short."""
    latents = smooth(encode(led.autoencoder, state.values), **led.description.smoothing, known=16)
    for frames in (10, 3):  # the filter is five frames long
        found = run.score(led, state, horizon=float(frames))
        expected = decode(led.autoencoder, latents[:, 16 : 16 + frames])
        np.testing.assert_allclose(found["reconstruction_smooth"], expected, atol=1e-6)
        assert (found["reconstruction_smooth"] != found["reconstruction"]).any()
    plain = replace(led, description=replace(led.description, smoothing=None))
    assert "reconstruction_smooth" not in run.score(plain, state, 10.0)


def test_the_cost_of_all_stages_and_of_the_solver_is_reported(led, state):
    found = run.score(led, state, 10.0)
    timed = run.with_solver_time(found, system=SYSTEM, solver=Theta(), split="test", **SIMULATION)
    assert timed["stage"].values.tolist() == ["encode", "roll", "decode", "solver"]
    assert (timed["seconds"] > 0).all()
    assert timed["seconds"].attrs["solver_steps"] == 50  # to t = 25
    assert timed["seconds"].attrs["forecast_steps"] == 20
    assert timed["seconds"].attrs["samples"] == 3
    xr.testing.assert_identical(timed.drop_dims("stage"), found.drop_dims("stage"))


def test_a_score_by_hand(noise):
    found = run.score(drifting(), noise, horizon=4.0)  # 10 frames and 8
    assert set(found) == {"prediction", "truth", "spread", "reconstruction", "latents", "seconds"}
    following = noise[:, 10:18]
    for name in ("prediction", "truth", "reconstruction"):
        assert found[name].dims == noise.dims
        xr.testing.assert_identical(found[name].coords.to_dataset(), following.coords.to_dataset())
    np.testing.assert_allclose(found["prediction"], drifted(noise[:, 9].values, 8), atol=1e-5)
    np.testing.assert_array_equal(found["truth"], following)
    np.testing.assert_allclose(found["reconstruction"], following, atol=1e-5)
    assert found["latents"].dims == ("member", "sample", "time", "latent")
    latents = (found["prediction"] - [1.0, -5.0]) / DEVIATION
    np.testing.assert_allclose(
        found["latents"].mean("member"), latents.values.reshape(2, 8, 6), atol=1e-5
    )
    apart = 0.2 * np.arange(1, 9)[:, None, None] * DEVIATION  # of each member from their mean
    np.testing.assert_allclose(found["spread"], np.broadcast_to(apart, (2, 8, 3, 2)), atol=1e-5)
    assert found["stage"].values.tolist() == ["encode", "roll", "decode", "spread"]
    assert found["seconds"].dims == ("stage",)
    assert found["seconds"].attrs == {"units": "s"}
    kept = run.score(drifting(), noise, horizon=4.0, members=True)
    assert kept["members"].dims == ("member", *noise.dims)
    for member, sign in zip(kept["members"], (-1, 1), strict=True):
        np.testing.assert_allclose(member - kept["prediction"], sign * kept["spread"], atol=1e-5)
    whole = run.score(drifting(), noise)
    np.testing.assert_array_equal(whole["time"], noise["time"][10:])


def test_a_smoothed_score_by_hand(noise):
    """The filter is linear, so it does not matter that latents are standardised."""
    window, order = 7, 3
    led = drifting({"window": window, "order": order})
    found = run.score(led, noise, horizon=2.0)
    last = savgol_filter(noise.values[:, :10], window, order, axis=1)[:, -1]
    np.testing.assert_allclose(found["prediction"], drifted(last, 4), atol=1e-4)
    np.testing.assert_allclose(found["reconstruction"], noise[:, 10:14], atol=1e-5)
    smoothed = savgol_filter(noise.values[:, 10:], window, order, axis=1)[:, :4]
    np.testing.assert_allclose(found["reconstruction_smooth"], smoothed, atol=1e-4)


def test_the_solver_is_timed_on_the_samples_and_times_of_the_forecast(noise, monkeypatch):
    asked = {}
    monkeypatch.setattr(
        run, "simulate", lambda *given, **options: asked.update(options, given=given)
    )
    found = run.score(drifting(), noise, horizon=4.0)
    timed = run.with_solver_time(
        found, system=SYSTEM, solver=Theta(), seed=3, split="validation", dt=0.125, output_every=4
    )
    assert asked.pop("samples").tolist() == [7, 9]
    assert asked == {
        "given": (SYSTEM, Theta()),
        "seed": 3,
        "split": "validation",
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
