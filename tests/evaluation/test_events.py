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


KNOWN = 20  # frames of the warm-up, to 110


def split_at(states, known=KNOWN):
    return states[:, :known], states[:, known:]


def test_a_crossing_lies_between_two_frames():
    series = np.array([[0.0, 1, 0, 0.25, 0.75], [1, 1, 1, 1, 1]])
    found = events.crossings(series, np.array([0.0, 2, 4, 6, 8]), 0.5)
    np.testing.assert_allclose(found[0], [1, np.nan, np.nan, 7])
    assert np.isnan(found[1]).all()


def test_late_missing_and_invented_fronts_are_distinguished():
    """Cells that were activated before the forecast, or never are, do not count."""
    never, before = 1000, 0
    centres = [[[115, 120, 130], [140, never, before]], [[never] * 3] * 2, [[before] * 3] * 2]
    late = [[[115.2, 121, 130], [never, 150, before]], [[never] * 3] * 2, [[never] * 3] * 2]
    window, truth = split_at(fields(centres))
    _, found = split_at(fields(late))
    report = events.activation(found, truth, "u", 0.5, window)
    assert report["sample"].values.tolist() == [3, 4, 5]
    first = report.isel(sample=0)
    assert first["activation_error_median"].item() == pytest.approx(0.2, abs=0.01)
    assert first["activation_error_worst"].item() == pytest.approx(1, abs=0.01)
    assert first["activation_missed"].item() == 1
    assert first["activation_invented"].item() == 1
    second = report.isel(sample=1)
    assert np.isnan(second["activation_error_median"])
    assert np.isnan(second["activation_error_worst"])
    assert second["activation_missed"].item() == second["activation_invented"].item() == 0
    assert np.isnan(report.isel(sample=2)["activation_missed"])  # all activated before


def ramps(centres):
    """Straight fronts, 8 frames wide, that rise through 0.5 at `centres`: exact to interpolate."""
    u = 0.5 + np.clip((TIME[:, None, None] - np.asarray(centres, float)[:, None]) / 4, -0.5, 0.5)
    states = fields(centres)
    return states.copy(data=np.stack([u, np.full_like(u, 9.0)], axis=-1))


@pytest.mark.parametrize("delay", [-0.3, 0.3])
def test_a_front_at_the_seam_is_late_and_neither_missed_nor_invented(delay):
    """The last known frame lies at 109.5, the first of the forecast at 110.

    A cell that was just activated is one frame below the level in the forecast: no event of it.
    An early front is interpolated from the last known frame, which makes it a little less early.
    """
    seam = 110 - np.sign(delay) * 0.05  # with the delay on the other side of 110
    centres = np.array([[[seam, 109.45, 120]]])
    window, truth = split_at(ramps(centres))
    _, found = split_at(ramps(centres + 0.5 * delay))
    assert ((found[0, 0, 0, 0, 0] < 0.5) != (truth[0, 0, 0, 0, 0] < 0.5)).item()
    found = found.copy()
    found[0, 0, 0, 1, 0] = 0.4
    report = events.activation(found, truth, "u", 0.5, window).isel(sample=0)
    assert report["activation_missed"].item() == report["activation_invented"].item() == 0
    tolerance = 0.001 if delay > 0 else 0.03
    assert report["activation_error_worst"].item() == pytest.approx(0.15, abs=tolerance)


def oscillations(periods, shifts):
    phases = (TIME[:, None] - 100 - np.asarray(shifts)) / np.asarray(periods)
    dims = ("sample", "time", "component")
    values = np.sin(2 * np.pi * phases).T[..., None]
    return xr.DataArray(values, dims=dims, coords={"component": ["x"], "time": TIME})


def test_on_a_grid_the_cycles_are_those_of_its_middle():
    """Of five points the third; the others have periods of their own."""
    truth = oscillations([7, 8, 10, 11, 12], [0.3] * 5)
    found = oscillations([7, 8, 11, 11, 12], [0.3] * 5)
    truth, found = (s.rename(sample="x").expand_dims("sample") for s in (truth, found))
    dims = ("sample", "time", "x", "component")
    truth, found = (states.transpose(*dims) for states in (truth, found))
    window, truth = split_at(truth, 1)
    report = events.oscillation(found[:, 1:], truth, "x", 0.0, window)
    np.testing.assert_allclose(report["period_error"], [0.1], atol=1e-3)


def test_period_and_phase_of_sines():
    """Ten per cent slower; a quarter of a period late; hardly a cycle."""
    truth = oscillations([10, 20, 120], [0.3, 0.3, 0.3])
    found = oscillations([11, 20, 120], [0.3, 5.3, 0.3])
    (window, truth), (_, found) = split_at(truth, 1), split_at(found, 1)
    report = events.oscillation(found, truth, "x", 0.0, window)
    np.testing.assert_allclose(report["period_error"], [0.1, 0, np.nan], atol=1e-3)
    # ten cycles begin in 100: the last one is 9 x 1 late, in periods of 10
    np.testing.assert_allclose(report["phase_error"], [0.9, 0.25, np.nan], atol=0.01)


@pytest.mark.parametrize("start", [109.4, 109.7, 109.9, 110.1])
@pytest.mark.parametrize("delay", [0.02, 0.04])
def test_a_delay_across_the_seam_is_no_cycle_late(start, delay):
    """A cycle of 10 begins around the seam, from 109.5 to 110, in the truth, and later in both."""
    window, truth = split_at(oscillations([10], [start - 100]))
    _, found = split_at(oscillations([10], [start - 100 + 10 * delay]))
    report = events.oscillation(found, truth, "x", 0.0, window)
    assert report["phase_error"].item() == pytest.approx(delay, abs=1e-3)
    assert report["period_error"].item() == pytest.approx(0, abs=2e-3)


def test_a_drift_of_more_than_half_a_period_is_seen():
    window, truth = split_at(oscillations([10], [5]))
    _, found = split_at(oscillations([11], [5 - 1]))  # both begin a cycle at 105 and 115
    report = events.compare(found, truth, {"oscillation": ("x", 0.0)}, window)
    assert report["phase_error"].item() == pytest.approx(0.7, abs=0.01)
    assert report["phase_error"].attrs["component"] == "x"
