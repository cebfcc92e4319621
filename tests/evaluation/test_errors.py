"""Error metrics, on arrays small enough to compute by hand."""

import numpy as np
import pytest
import xarray as xr

from led.evaluation import errors, ranges
from led.jobs.runtime import ResultWarning

UNIT = (2, 0.5)  # standard deviations in training, of u and w


def states(values, dims=("sample", "time", "x", "component")):
    names = ["u", "w"][: np.shape(values)[-1]]
    return xr.DataArray(
        np.asarray(values, float),
        dims=dims,
        coords={"component": names, "time": 10 + 0.5 * np.arange(np.shape(values)[1])},
    )


@pytest.fixture
def report():
    """Two times, two cells; differences 3 and 4 in u, 1 and 2 in w. A second sample has twice."""
    truth = states([[[[3, 2], [4, 0]], [[0, 2], [5, 1]]]] * 2)
    difference = states(
        [[[[3, 1], [0, 0]], [[0, 0], [4, 2]]], [[[6, 2], [0, 0]], [[0, 0], [8, 4]]]]
    )
    return errors.errors(truth + difference, truth, UNIT)


EXPECTED = {
    # u: |e| = 5, |truth|^2 = 9 + 16 + 0 + 25; w: |e|^2 = 1 + 4, |truth|^2 = 4 + 0 + 4 + 1
    "rel_l2": (5 / np.sqrt(50), np.sqrt(5) / 3, np.sqrt((25 / 4 + 20) / (50 / 4 + 36))),
    "rmse": (np.sqrt(25 / 4), np.sqrt(5 / 4), np.sqrt((25 / 16 + 5) / 2)),
    # variances: u of (3, 4, 0, 5), w of (2, 0, 2, 1)
    "nrmse": (
        np.sqrt(25 / 4 / 3.5),
        np.sqrt(5 / 4 / 0.6875),
        np.sqrt((25 / 16 + 5) / (3.5 / 4 + 0.6875 * 4)),
    ),
    # frames: u 3, 4; w 1, 2; in units of 2 and 0.5 together sqrt(9 / 4 + 4), sqrt(4 + 16)
    # ranges 5 and 2
    "mnad": (7 / 4 / 5, 3 / 4 / 2, (7 / 20 + 3 / 8) / 2),
    "snapshot_error": (3.5, 1.5, (2.5 + np.sqrt(20)) / 2),
    # cells: u 3, 4; w 1, 2; together the quadratic means
    "particle_error": (3.5, 1.5, (2.5 + np.sqrt(20)) / 2 / np.sqrt(2)),
    "model_error": (5, np.sqrt(5), np.sqrt(25 / 4 + 20)),
}


@pytest.mark.parametrize("metric", EXPECTED)
def test_metrics_by_hand(report, metric):
    found = report[metric].sel(component=["u", "w", "all"]).transpose("sample", "component").values
    assert found[0] == pytest.approx(EXPECTED[metric])
    assert found[1] == pytest.approx(2 * np.array(EXPECTED[metric]))


def test_series_and_maps_by_hand(report):
    series = report["snapshot_error_series"].transpose("component", "sample", "time")
    assert series.values[:, 0].tolist() == [
        [3, 4],
        [1, 2],
        [pytest.approx(2.5), pytest.approx(np.sqrt(20))],
    ]
    normalised = report["normalised_error_series"]
    assert normalised.sel(component="u", sample=0).values ** 2 == pytest.approx(
        [9 / 2 / 3.5, 16 / 2 / 3.5]
    )
    np.testing.assert_allclose((normalised**2).mean("time"), report["nrmse"] ** 2)
    relative = report["relative_error_series"].transpose("component", "sample", "time")
    assert relative.values[0, 0] == pytest.approx([3 / 5, 4 / 5])
    maps = report["particle_error_map"].transpose("component", "sample", "x")
    assert maps.values[:2, 0].tolist() == [[3, 4], [1, 2]]


def test_without_a_grid_particle_and_model_error_are_the_same():
    """The report's definitions for a single oscillator."""
    dims = ("sample", "time", "component")
    truth = states([[[1, 2], [3, 4]]] * 2, dims)
    difference = states([[[3, 0], [0, 4]], [[9, 0], [0, 9]]], dims)
    report = errors.errors(truth + difference, truth, (1, 1)).sel(sample=0)
    assert report["snapshot_error"].sel(component="all") == pytest.approx(3.5)
    assert report["particle_error"].sel(component="all") == pytest.approx(5)
    assert report["model_error"].sel(component="all") == pytest.approx(5)
    assert report["particle_error"].sel(component="u") == pytest.approx(3)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        ([0, 0.2, 0.51, 0], 1.5),
        ([0.6, 0, 0, 0], 0.5),
        ([0, 0.49, 0.5, 0], 2),
        ([0, 0.6], 1),
        ([0], 0),  # the time step is not known
    ],
)
def test_valid_time_ends_where_a_frame_is_wrong_by_half_a_deviation(error, expected):
    """Frames every 0.5: the first lies 0.5 after the end of the warm-up."""
    truth = states(np.ones((2, len(error), 2, 1)))
    prediction = truth.copy()
    prediction[0] += np.reshape(error, (-1, 1, 1))
    report = errors.errors(prediction, truth, [1])
    whole = 0.5 * len(error) if len(error) > 1 else 0
    assert report["valid_time"].sel(component="u").values == pytest.approx([expected, whole])


def test_valid_time_of_an_error_that_grows_exponentially():
    """1e-3 exp(0.4 t) standard deviations, over a wave on the grid, reach 0.5 at ln(500) / 0.4."""
    time, x = 0.05 * np.arange(1, 1001), 2 * np.pi * np.arange(16) / 16
    truth = 7 + 3 * np.sin(x) * np.ones((2, len(time), 1))
    error = 1e-3 * np.exp(0.4 * time)[:, None] * 3 / np.sqrt(2) * np.sqrt(2) * np.cos(2 * x)
    truth = states(truth[..., None]).assign_coords(time=time)
    for scale in (1, 1e-6):
        report = errors.errors((truth + error[..., None]) * scale, truth * scale, [scale])
        found = report["valid_time"].sel(component=["u", "all"])
        np.testing.assert_allclose(found, np.log(500) / 0.4, atol=0.05)


def test_valid_time_is_that_of_a_component():
    truth = states(np.ones((1, 4, 2, 2)))
    prediction = truth.copy()
    prediction[0, 1:, :, 1] = 2
    found = errors.errors(prediction, truth, (1, 1))["valid_time"].sel(sample=0)
    assert found.sel(component=["u", "w", "all"]).values == pytest.approx([2, 1, 1])


def test_a_truth_of_zero_is_no_division_by_zero():
    zero = states(np.zeros((1, 3, 2, 2)))
    assert (errors.errors(zero, zero, (1, 1))["rel_l2"] == 0).all()
    assert np.isinf(errors.errors(zero + 1, zero, (1, 1))["rel_l2"]).all()


def test_a_large_mean_makes_no_error_small():
    """Temperatures of 300 +- 1 K, alternating; persistence is 2 K off in every other frame."""
    truth = states(300 + np.where(np.arange(8) % 2, 1.0, -1.0).reshape(1, 8, 1, 1))
    report = errors.errors(xr.full_like(truth, 299), truth, [1]).sel(component="u", sample=0)
    assert report["rel_l2"].item() == pytest.approx(np.sqrt(2) / 300, rel=1e-4)
    assert report["nrmse"].item() == pytest.approx(np.sqrt(2))


def test_together_no_component_counts_more_for_its_unit():
    rng = np.random.default_rng(0)
    truth, difference = (states(rng.normal(size=(2, 5, 3, 2))) for _ in range(2))
    units = np.array([1e-9, 1e9])
    report = errors.errors(truth + difference, truth, (1, 1))
    scaled = errors.errors((truth + difference) * units, truth * units, units)
    for metric in errors.METRICS:
        together = [each[metric].sel(component="all") for each in (report, scaled)]
        np.testing.assert_allclose(*together, rtol=1e-6)


def test_where_the_truth_does_not_vary_its_deviation_in_training_counts():
    """One frame without a grid, and a component that is constant in all samples."""
    dims = ("sample", "time", "component")
    truth = states([[[3.0, 5.0]]], dims)
    found = errors.errors(truth, truth, (2, 1))["nrmse"]
    assert (found == 0).all()
    report = errors.errors(truth + 0.5, truth, (2, 1)).sel(sample=0)
    assert report["mnad"].sel(component=["u", "w", "all"]).values == pytest.approx(
        [0.25, 0.5, 0.375]
    )
    found = report["nrmse"]
    assert found.sel(component=["u", "w"]).values == pytest.approx([0.25, 0.5])
    assert found.sel(component="all") == pytest.approx(np.sqrt((1 / 16 + 1 / 4) / 2))


def test_a_value_that_is_not_finite_is_no_small_error():
    truth = states(np.ones((2, 4, 2, 2)))
    for bad in (np.nan, np.inf):
        other = truth.copy()
        other[1, 2, 0, 1] = bad
        for name, pair in {"prediction": (other, truth), "truth": (truth, other)}.items():
            message = (
                rf"^{name}: found values that are not finite in the samples \[1\], "
                "expected a number everywhere$"
            )
            with pytest.raises(ValueError, match=message):
                errors.errors(*pair, (1, 1))


def test_other_coordinates_are_refused():
    truth = states(np.ones((1, 4, 2, 1)))
    with pytest.raises(ValueError, match="time"):
        errors.errors(truth.assign_coords(time=truth["time"] + 1), truth, [1])


def test_table_is_tidy(report):
    flags = report["rel_l2"] > 100
    flags.loc[{"component": "w"}] = True
    report = report.assign(out_of_range=flags)
    table = errors.table({"led": report, "mean": report})
    columns = ["forecaster", "sample", "component", "metric", "value", "out_of_range"]
    assert list(table) == columns
    assert len(table) == 2 * 2 * 3 * 8
    assert table["forecaster"].tolist() == ["led"] * 48 + ["mean"] * 48
    assert table["component"].tolist() == (["u"] * 8 + ["w"] * 8 + ["all"] * 8) * 4
    assert table["metric"].tolist() == list(errors.METRICS) * 12
    row = table.query(
        "forecaster == 'mean' and sample == 1 and component == 'w' and metric == 'model_error'"
    )
    assert row["value"].item() == pytest.approx(2 * np.sqrt(5))
    assert row["out_of_range"].item()
    assert (table["out_of_range"] == (table["component"] == "w")).all()


def test_a_forecast_far_outside_the_training_data_is_flagged():
    """Training u in 0 .. 2 and w in -10 .. -6: 1.5 times that is -0.5 .. 2.5 and -11 .. -5."""
    train = states(np.zeros((2, 4, 2, 2)))
    train[:, :, :, 1] = -8
    train[0, 1, 0] = [2, -6]
    train[1, 3, 1] = [1, -10]
    lowest, highest = ranges.extremes(train)
    assert (lowest.values.tolist(), highest.values.tolist()) == ([0, -10], [2, -6])

    forecast = train.isel(sample=[0, 0, 0, 0]).assign_coords(sample=[4, 5, 6, 7])
    forecast[0, 0, 0] = [-0.5, -11]
    forecast[1, 3, 1, 0] = 2.51
    forecast[2, 2, 0, 1] = -4.99
    flags = ranges.out_of_range(forecast, lowest, highest)
    assert flags.sel(component="u").values.tolist() == [False, True, False, False]
    assert flags.sel(component="w").values.tolist() == [False, False, True, False]
    assert flags.sel(component="all").values.tolist() == [False, True, True, False]
    with pytest.warns(ResultWarning) as warned:
        ranges.warn_out_of_range("led", flags, lowest, highest)
    assert [str(warning.message) for warning in warned] == [
        "led: the forecasts of the samples [5] leave the range of the training data in u (0 to 2) "
        "by more than 1.5 times",
        "led: the forecasts of the samples [6] leave the range of the training data in w "
        "(-10 to -6) by more than 1.5 times",
    ]


@pytest.mark.parametrize(("constant", "off"), [(300.0, 3.1), (-5.0, 0.06), (0.0, 0.02)])
def test_a_constant_component_may_lie_a_little_off(constant, off):
    train = states(np.full((1, 3, 2, 1), constant))
    ends = ranges.extremes(train)
    near = train + off / 4
    assert not ranges.out_of_range(near, *ends).any()
    assert ranges.out_of_range(train + off, *ends).all()


def test_the_table_holds_the_events_of_their_component(report):
    events = xr.Dataset({"phase_error": ("sample", [0.25, 0.5], {"component": "w"})})
    flags = (report["rel_l2"] > 100).copy()
    flags.loc[{"component": "w", "sample": 1}] = True
    report = report.assign(out_of_range=flags).merge(events)
    table = errors.table({"led": report, "mean": report})
    chosen = table[table["metric"] == "phase_error"].drop(columns=["metric", "component"])
    assert chosen.values.tolist() == [
        ["led", 0, 0.25, False],
        ["led", 1, 0.5, True],
        ["mean", 0, 0.25, False],
        ["mean", 1, 0.5, True],
    ]
    assert set(table[table["metric"] == "phase_error"]["component"]) == {"w"}
    assert len(table) == 2 * 2 * (3 * 8 + 1)
