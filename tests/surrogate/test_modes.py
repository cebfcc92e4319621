"""The modes of a forecast, against surrogates whose forecasts are known."""

import xarray as xr

from led.jobs import registry
from led.solvers.theta import Theta
from led.surrogate import named, run
from led.surrogate.modes.base import Mode
from tests.surrogate.test_surrogate import SIMULATION, SYSTEM, led, state

__all__ = ["led", "state"]  # fixtures


def test_the_mode_latent_is_the_forecast_that_is_always_there(led, state):
    simulation = SIMULATION | {"system": SYSTEM, "solver": Theta(), "split": "test"}
    found = named.forecast(
        registry.create(Mode, "latent"), led, state, horizon=8.0, simulation=simulation
    )
    expected = run.score(led, state, horizon=8.0)
    for name in ("prediction", "truth", "latents"):
        xr.testing.assert_allclose(found[name], expected[name])
    assert found["stage"].values.tolist() == ["encode", "roll", "decode", "solver"]
    assert (found["seconds"] > 0).all()
