"""Intervals: the share of new samples that lies within them, against the binomial law."""

import json
from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from led.data.coverage import fewest_samples, share_within
from led.jobs import files
from led.jobs.runtime import ResultWarning
from led.surrogate import calibration
from led.surrogate.calibration import Calibration, calibrate
from led.surrogate.description import Description

DESCRIPTION = Description(
    components=["a", "b"], grid={}, interval=0.5, warmup=1.0, digests={"rnn/0.keras": "1"}
)
FRAMES, CELLS = 40, 6


def forecasts(count, seed, frames=FRAMES):
    """Waves whose errors grow, are as large as the change, and last over time and cells."""
    rng = np.random.default_rng(seed)
    time = 10 + 0.5 * np.arange(frames)
    phase = rng.uniform(0, 7, (count, 1, 1, 1)) + np.arange(CELLS)[:, None]
    rate = np.array([1.0, 0.4])
    prediction = np.array([1.0, 100.0]) * np.sin(rate * time[:, None, None] + phase)
    size = rng.normal(size=(count, 1, 1, 2)) + 0.5 * rng.normal(size=prediction.shape)
    error = 0.05 * size * np.abs(np.gradient(prediction, axis=1)) * (time - 9)[:, None, None]
    dims, components = ("sample", "time", "x", "component"), ["a", "b"]
    truth = xr.DataArray(prediction - error, {"time": time, "component": components}, dims)
    truth = truth.assign_coords(sample=np.arange(count))
    return xr.Dataset({"prediction": truth.copy(data=prediction), "truth": truth})


def inside(forecast, found, level):
    bounds = Calibration(found).bounds(forecast["prediction"], level)
    return (bounds["lower"] <= forecast["truth"]) & (forecast["truth"] <= bounds["upper"])


@pytest.mark.parametrize(("level", "count"), [(0.9, 9), (0.9, 40), (0.5, 6)])
def test_new_samples_are_covered_as_often_as_promised(level, count):
    """At each lead time, over 60 calibrations: not less than the level, three deviations aside."""
    repeats, shares = 60, []
    for seed in range(repeats):
        found = calibrate(forecasts(count, seed), DESCRIPTION)
        hits = inside(forecasts(30, 1000 + seed), found, level)
        shares.append([part.mean().item() for part in np.array_split(hits, 4, axis=1)])
    shares = np.array(shares)
    deviation = shares.std(axis=0) / np.sqrt(repeats)
    assert (shares.mean(axis=0) >= level - 3 * deviation).all()
    assert (shares.mean(axis=0) <= share_within(level, count) + 3 * deviation).all()


def test_without_a_scale_that_fits_one_number_a_sample_is_the_known_case():
    """All errors of a sample are one number: the interval is the k-th of n, exactly covered."""
    rng = np.random.default_rng(0)
    count, level, hits = 19, 0.8, []
    for _ in range(400):
        errors = rng.standard_cauchy(count + 1)
        still = xr.DataArray(
            np.broadcast_to(errors[:, None, None], (count + 1, 5, 1)),
            {"sample": np.arange(count + 1), "time": np.arange(5.0), "component": ["a"]},
            ("sample", "time", "component"),
        )
        both = xr.Dataset({"prediction": 0 * still, "truth": still})
        found = calibrate(both[{"sample": slice(count)}], DESCRIPTION)
        reach = Calibration(found).bounds(0 * still[-1:], level)["upper"].values
        np.testing.assert_allclose(reach, np.sort(np.abs(errors[:-1]))[15], rtol=1e-6)  # 16 of 20
        hits.append(abs(errors[-1]) <= reach[0, 0, 0])
    assert abs(np.mean(hits) - 0.8) < 3 * np.sqrt(0.8 * 0.2 / 400)


def test_the_quantile_and_the_scale_by_hand():
    """Errors of 1 to 4 in four samples: half of new ones takes 0.5 * 5 / 4, three of the four."""
    line = 3 * np.arange(4.0)  # changes by 3 a frame
    prediction = xr.DataArray(
        np.broadcast_to(line[:, None], (4, 4, 1)),
        {"sample": range(4), "time": 0.5 * np.arange(4), "component": ["a"]},
        ("sample", "time", "component"),
    )
    truth = prediction + np.arange(1, 5)[:, None, None]
    both = xr.Dataset({"prediction": prediction, "truth": truth})
    found = calibrate(both, DESCRIPTION)
    assert found["lead_time"].values.tolist() == [0.5, 1.0, 1.5, 2.0]
    floor = 0.0015 * truth.values.std()
    assert found["floor"].item() == pytest.approx(floor)
    bounds = Calibration(found).bounds(prediction, 0.5)
    np.testing.assert_allclose(bounds["upper"] - prediction, 3.0, rtol=1e-6)
    np.testing.assert_allclose(prediction - bounds["lower"], 3.0, rtol=1e-6)
    assert bounds["lower"].attrs["level"] == 0.5
    # the same line on frames half as far apart
    finer = prediction.assign_coords(time=0.25 * np.arange(4)) / 2
    np.testing.assert_allclose(Calibration(found).bounds(finer, 0.5)["upper"] - finer, 3.0, 1e-6)


def test_a_constant_component_has_an_interval_without_width():
    forecast = forecasts(50, 0)
    for name in ("truth", "prediction"):
        forecast[name].loc[{"component": "a"}] = 3.0
    bounds = Calibration(calibrate(forecast, DESCRIPTION)).bounds(forecast["prediction"], 0.9)
    for name in ("lower", "upper"):
        np.testing.assert_array_equal(bounds[name].sel(component="a"), 3.0)


def test_what_is_not_calibrated_is_refused():
    given = forecasts(9, 0)
    found = Calibration(calibrate(given, DESCRIPTION))
    longer = forecasts(1, 1, frames=FRAMES + 1)["prediction"]
    for level, prediction, message in (
        (1.0, longer, r"^interval: found 1, expected more than 0 and less than 1$"),
        (
            0.95,
            longer,
            r"^interval: found 0.95 with .* on 9 samples, expected at most 0.9, or 19 s",
        ),
        (0.9, longer, r"^horizon: found 20.5, expected at most 20 with an interval"),
        (0.9, longer[:, :1], r"^horizon: found one frame, expected two or more with an interval$"),
    ):
        with pytest.raises(ValueError, match=message):
            found.bounds(prediction, level)
    found.bounds(longer[:, :FRAMES], 0.9)
    with pytest.raises(ValueError, match=r"^interval: found forecasts of one frame to calibrate"):
        calibrate(given.isel(time=[0]), DESCRIPTION)


@pytest.mark.parametrize(("level", "fewest"), [(0.9, 9), (0.5, 1), (0.95, 19), (2 / 3, 2)])
def test_the_fewest_samples_are_those_of_the_largest_score(level, fewest):
    assert fewest_samples(level) == fewest
    assert share_within(level, fewest) <= 1 + 1e-12
    assert fewest == 1 or share_within(level, fewest - 1) > 1


def test_a_calibration_belongs_to_its_networks(tmp_path):
    found = calibrate(forecasts(9, 0), DESCRIPTION)
    assert json.loads(found.attrs["digests"]) == DESCRIPTION.digests
    assert Calibration.read(tmp_path, DESCRIPTION) is None
    files.write(found, tmp_path / calibration.FILE)
    read = Calibration.read(tmp_path, DESCRIPTION)
    given = forecasts(2, 5)["prediction"]
    for name, values in read.bounds(given, 0.9).items():
        np.testing.assert_allclose(values, Calibration(found).bounds(given, 0.9)[name], rtol=1e-5)
    other = replace(DESCRIPTION, digests={"rnn/0.keras": "2"})
    assert Calibration.read(tmp_path, other) is None
    (tmp_path / calibration.FILE).write_bytes(b"nothing")
    with pytest.raises(files.FileError, match=r"calibration\.nc: not a readable NetCDF file"):
        Calibration.read(tmp_path, DESCRIPTION)


def test_a_validation_forecast_that_diverges_counts_as_wrong():
    """One of 19: at 0.8 the interval is finite, and about as wide as without it."""
    whole = forecasts(19, 0)
    broken = whole.copy(deep=True)
    broken["prediction"][7, 30:] = np.nan
    with pytest.warns(
        ResultWarning, match="^1 of the 19 validation forecasts, the first of sample"
    ):
        found = calibrate(broken, DESCRIPTION)
    expected = calibrate(whole, DESCRIPTION)
    ratio = (found["quantile"] / expected["quantile"]).sel(level=0.8, method="nearest")
    assert (ratio > 0.7).all()
    assert (ratio < 2.0).all()
    assert (ratio[:14] < 1.1).all()  # of the frames before
