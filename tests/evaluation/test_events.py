"""Activation times, periods and phases, against shifted copies with known shifts."""

import numpy as np
import pytest
import xarray as xr
from scipy.special import expit

from led.evaluation import events

TIME = 100 + 0.5 * np.arange(200)


def fields(centres):
    """Fronts that rise through 0.5 at `centres`, (sample, x, y), in u; w is of no account."""
    u = expit(TIME[:, None, None] - np.asarray(centres, float)[:, None])
    values = np.stack([u, np.full_like(u, 9.0)], axis=-1)
    dims = ("sample", "time", "x", "y", "component")
    samples = 3 + np.arange(len(values))
    return xr.DataArray(
        values, dims=dims, coords={"component": ["u", "w"], "time": TIME, "sample": samples}
    )


def test_a_crossing_lies_between_two_frames():
    series = np.array([[0.0, 1, 0, 0.25, 0.75], [1, 1, 1, 1, 1]])
    found = events.crossings(series, np.array([0.0, 2, 4, 6, 8]), 0.5)
    np.testing.assert_allclose(found[0], [1, np.nan, np.nan, 7])
    assert np.isnan(found[1]).all()


def test_late_missing_and_invented_fronts_are_distinguished():
    """Cells that were activated before the forecast, or never are, do not count."""
    never, before = 1000, 0
    truth = fields([[[110, 120, 130], [140, never, before]], [[never] * 3] * 2])
    found = fields([[[110.2, 121, 130], [never, 150, before]], [[never] * 3] * 2])
    report = events.activation(found, truth, "u", 0.5)
    assert report["sample"].values.tolist() == [3, 4]
    first = report.isel(sample=0)
    assert first["activation_error_median"].item() == pytest.approx(0.2, abs=0.01)
    assert first["activation_error_worst"].item() == pytest.approx(1, abs=0.01)
    assert first["activation_missed"].item() == 1
    assert first["activation_invented"].item() == 1
    second = report.isel(sample=1)
    assert np.isnan(second["activation_error_median"])
    assert np.isnan(second["activation_error_worst"])
    assert second["activation_missed"].item() == second["activation_invented"].item() == 0


def oscillations(periods, shifts):
    phases = (TIME[:, None] - 100 - np.asarray(shifts)) / np.asarray(periods)
    dims = ("sample", "time", "component")
    values = np.sin(2 * np.pi * phases).T[..., None]
    return xr.DataArray(values, dims=dims, coords={"component": ["x"], "time": TIME})


def test_period_and_phase_of_sines():
    """Ten per cent slower; a quarter of a period late; hardly a cycle."""
    truth = oscillations([10, 20, 120], [0.3, 0.3, 0.3])
    found = oscillations([11, 20, 120], [0.3, 5.3, 0.3])
    report = events.oscillation(found, truth, "x", 0.0)
    np.testing.assert_allclose(report["period_error"], [0.1, 0, np.nan], atol=1e-3)
    # ten cycles begin in 100: the last one is 9 x 1 late, in periods of 10
    np.testing.assert_allclose(report["phase_error"], [0.9, 0.25, np.nan], atol=0.01)
