"""Baselines: what they repeat, and that they are independent of the future."""

import numpy as np
import pytest
import xarray as xr

from led.evaluation import errors, forecasters
from led.evaluation.baselines.base import Baseline
from led.jobs import files, registry

BASELINES = ["persistence", "mean", "nearest"]
SECTIONS = [{"name": name} for name in BASELINES]
DIMS = ("sample", "time", "x", "component")


def forecast(name, train, test, known=4, stop=10):
    """The frames from `known` to `stop`, of which the baseline gets the times alone."""
    baseline = registry.create(Baseline, name).fit(train)
    return baseline.forecast(test[:, :known], test["time"].values[known:stop])


@pytest.fixture
def splits():
    rng = np.random.default_rng(0)
    train = rng.normal(size=(5, 12, 3, 2)).astype(np.float32)
    test = train[[3, 1]] + 0.01 * rng.normal(size=(2, 12, 3, 2)).astype(np.float32)
    coordinates = {"time": np.arange(12) * 0.5, "component": ["u", "w"]}
    return [xr.DataArray(values, dims=DIMS, coords=coordinates) for values in (train, test)]


def test_each_repeats_what_it_is_given(splits):
    train, test = splits
    persistent = forecast("persistence", train, test)
    assert persistent.shape == (2, 6, 3, 2)
    np.testing.assert_array_equal(persistent, np.stack([test.values[:, 3]] * 6, axis=1))
    mean = forecast("mean", train, test)
    np.testing.assert_allclose(mean[1], train.values[:, 4:10].mean(axis=0), rtol=1e-5)
    nearest = forecast("nearest", train, test)
    np.testing.assert_array_equal(nearest, train.values[[3, 1], 4:10])


@pytest.mark.parametrize("name", BASELINES)
def test_none_sees_the_future(splits, name):
    train, test = splits
    changed = test.copy()
    changed[:, 4:] = 1e3
    np.testing.assert_array_equal(forecast(name, train, test), forecast(name, train, changed))


def test_training_frames_may_lie_farther_apart(splits):
    """Times 0, 1.5, 3, 4.5 of the training samples: halfway between is the mean of both."""
    train, test = splits
    coarse = train[:, ::3]
    mean = forecast("mean", coarse, test, 4, 12)[0]
    average = coarse.values.mean(axis=0)
    np.testing.assert_allclose(mean[0], (2 * average[1] + average[2]) / 3, rtol=1e-5)
    np.testing.assert_allclose(mean[2], average[2], rtol=1e-5)
    beyond = average.mean(axis=0)  # the last one is at 4.5
    np.testing.assert_allclose(mean[[6, 7]], [beyond, beyond], rtol=1e-5)
    nearest = forecast("nearest", coarse, test, 4, 12)
    np.testing.assert_allclose(nearest[:, 2], train.values[[3, 1], 6], rtol=1e-5)
    led = xr.Dataset({"truth": test[:, 4:12], "prediction": test[:, 4:12]})
    led["reconstruction"] = led["prediction"]
    assert len(dict(forecasters.predictions(led, coarse, test, SECTIONS))) == 5


def test_the_nearest_sample_has_the_inputs_of_the_sample(splits):
    """Warm-ups that are all alike: the samples differ in what was drawn alone."""
    train, test = splits
    train, test = train.copy(), test.copy()
    train[:, :4], test[:, :4] = 1.0, 1.0
    train = train.assign_coords(mu=("sample", [0.0, 1.0, 2.0, 3.0, 4.0]))
    train = train.assign_coords(forcing=("time", np.sin(train["time"].values)))
    test = test.assign_coords(mu=("sample", [3.9, 1.2]))
    (section,) = forecasters.with_inputs([{"name": "nearest"}], train, ["mu", "forcing"])
    assert section["inputs"] == ("mu",)  # a forcing is the same for all samples
    nearest = registry.create(Baseline, **section).fit(train)
    found = nearest.forecast(test[:, :4], test["time"].values[4:10])
    np.testing.assert_array_equal(found, train.values[[4, 1], 4:10])


def flip(states):
    return np.flip(states, axis=-2)


MAPS = (np.asarray, flip)  # of the grid x


def test_the_mirror_image_of_a_training_sample_is_the_nearest(splits):
    """Its copy is forecast exactly; without the symmetry another sample is the nearest."""
    train, _ = splits
    test = train[[3, 1]].copy(data=flip(train.values[[3, 1]]))
    found = registry.create(Baseline, "nearest").fit(train, MAPS)
    times = test["time"].values[4:10]
    np.testing.assert_array_equal(found.forecast(test[:, :4], times), test.values[:, 4:10])
    assert np.abs(forecast("nearest", train, test) - test.values[:, 4:10]).max() > 1


def test_the_mean_is_that_of_all_copies(splits):
    train, test = splits
    found = registry.create(Baseline, "mean").fit(train, MAPS)
    both = np.concatenate([train.values, flip(train.values)])
    expected = both[:, 4:10].mean(axis=0)
    found = found.forecast(test[:, :4], test["time"].values[4:10])
    np.testing.assert_allclose(found[1], expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("units", [(1, 1e6), (1e6, 1), (1e-12, 1e12)])
def test_no_component_dominates_the_distance_by_its_unit(units):
    """In each unit of its own, sample 0 is 1 off in u alone and sample 1 is 2 off in w alone."""
    values = np.zeros((4, 12, 3, 2))
    values[0, ..., 0], values[1, ..., 1] = 1, 2
    values[2], values[3] = 10, -10  # the deviations of u and w are nearly the same
    coordinates = {"time": np.arange(12) * 0.5, "component": ["u", "w"]}
    train = xr.DataArray(values * units, dims=DIMS, coords=coordinates)
    nearest = forecast("nearest", train, train[:1] * 0)
    np.testing.assert_array_equal(nearest[0], train.values[0, 4:10])


def test_splits_on_other_steps_or_points_are_refused(splits):
    train, test = splits
    other_steps = test.assign_coords(time=test["time"] * 0.7), "expected 0.5, that of the training"
    other_points = test.isel(x=slice(2)), "test samples: x has other values than in the training"
    for other, message in (other_steps, other_points):
        led = xr.Dataset({"truth": other[:, 4:10]})
        with pytest.raises(ValueError, match=message):
            next(forecasters.predictions(led, train, other, SECTIONS))


@pytest.mark.parametrize("name", BASELINES)
def test_a_test_series_may_begin_at_any_time(splits, name):
    """Only differences count: a later part of one run is forecast as an earlier one."""
    train, test = splits
    later = test.assign_coords(time=test["time"] + 1234.5)
    np.testing.assert_array_equal(forecast(name, train, later), forecast(name, train, test))
    led = xr.Dataset({"truth": later[:, 4:10], "prediction": later[:, 4:10]})
    led["reconstruction"] = led["prediction"]
    found = dict(forecasters.predictions(led, train, later, [{"name": name}]))
    xr.align(found[name], led["truth"], join="exact")


@pytest.mark.parametrize("frames", [8, 500])
def test_a_test_series_may_be_shorter_or_longer_than_those_of_the_training(frames):
    """On a cycle of 20 frames, known in every phase, `nearest` is exact for any time."""

    def cycle(first, count):
        turns = 2 * np.pi * (first + np.arange(count)) / 20
        return np.stack([np.cos(turns), np.sin(turns)], axis=-1)[:, None]

    coordinates = {"component": ["u", "w"]}
    train = xr.DataArray(
        np.stack([cycle(phase, 31) for phase in range(20)]),
        dims=DIMS,
        coords=coordinates | {"time": 0.5 * np.arange(31)},
    )
    time = 0.5 * np.arange(frames)
    truth = xr.DataArray(
        np.stack([cycle(3.1, frames), cycle(12, frames)]),
        dims=DIMS,
        coords=coordinates | {"time": time},
    )
    led = xr.Dataset({"truth": truth[:, 4:], "prediction": truth[:, 4:]})
    led["reconstruction"] = led["prediction"]
    found = dict(forecasters.predictions(led, train, truth, SECTIONS))
    nearest = [cycle(3, frames)[4:], cycle(12, frames)[4:]]
    np.testing.assert_allclose(found["nearest"], nearest, atol=1e-9)


def test_a_warmup_as_long_as_a_training_sample_is_refused(splits):
    train, test = splits
    with pytest.raises(ValueError, match="warmup: found 4 frames, expected less than 4, those of"):
        forecast("nearest", train[:, :4], test)


def test_all_forecasters_are_on_the_times_of_the_forecast(splits):
    train, test = splits
    truth = test[:, 4:10]
    led = xr.Dataset({"truth": truth, "prediction": truth + 1, "reconstruction": truth + 2})
    found = dict(forecasters.predictions(led, train, test, SECTIONS))
    assert list(found) == ["led", "autoencoder", "persistence", "mean", "nearest"]
    for prediction in found.values():
        xr.align(prediction, truth, join="exact")
    np.testing.assert_array_equal(found["nearest"].values, train.values[[3, 1], 4:10])


def test_fitted_forecasts_are_read_in_their_order(splits, tmp_path):
    train, test = splits
    truth = test[:, 4:10]
    led = xr.Dataset({"truth": truth, "prediction": truth + 1, "reconstruction": truth + 2})
    paths = [tmp_path / "sindy.nc", tmp_path / "dmd.nc"]
    for number, path in enumerate(paths):
        files.write((truth + number).to_dataset(name="prediction"), path)
    found = dict(forecasters.predictions(led, train, test, [], paths))
    assert list(found) == ["led", "autoencoder", "sindy", "dmd"]
    np.testing.assert_array_equal(found["dmd"], truth + 1)


def test_named_forecasts_follow_the_autoencoder_and_may_have_some_times_only(splits, tmp_path):
    train, test = splits
    truth = test[:, 4:10]
    led = xr.Dataset({"truth": truth, "prediction": truth + 1, "reconstruction": truth + 2})
    path = tmp_path / "sparse.nc"
    files.write((truth[:, [1, 3]] + 3).to_dataset(name="prediction"), path)
    found = forecasters.predictions(led, train, test, SECTIONS, forecasts=[path])
    reports = forecasters.reports(found, truth, train, {}, test[:, :4])
    assert list(reports) == ["led", "autoencoder", "sparse", "persistence", "mean", "nearest"]
    np.testing.assert_allclose(reports["sparse"]["rmse"][:, 0], 3, rtol=1e-6)
    np.testing.assert_allclose(reports["sparse"]["valid_time"], 1.0)  # too wrong in its first frame
    table = errors.table(reports)
    rows = table[(table["forecaster"] == "sparse") & (table["metric"] == "rmse")]
    assert rows["value"].notna().all()


def test_of_some_frames_no_events_are_measured_and_statistics_of_equal_steps_alone(splits):
    train, _ = splits
    values = np.random.default_rng(3).normal(size=(2, 80, 3, 2))
    coords = {"time": 0.5 * np.arange(80), "component": ["u", "w"]}
    states = xr.DataArray(values, coords, DIMS)
    truth, window, rng = states[:, 4:], states[:, :4], np.random.default_rng(4)
    uneven = np.sort(rng.choice(76, 40, replace=False))
    chosen = {"led": slice(None), "even": slice(1, None, 2), "uneven": uneven}
    given = [(name, truth[:, frames]) for name, frames in chosen.items()]
    declared = {"oscillation": ("u", 0.0)}
    found = forecasters.reports(given, truth, train, declared, window)
    measured = {
        name: {"period_error" in report, "histogram_distance" in report}
        for name, report in found.items()
    }
    assert measured == {"led": {True}, "even": {False, True}, "uneven": {False}}
