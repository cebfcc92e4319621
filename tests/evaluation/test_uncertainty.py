"""Coverage, interval score, CRPS and spread, against scipy and numbers worked out by hand."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy import integrate, stats

from led.evaluation import errors, tables, uncertainty
from led.evaluation.comparison import compare

TRAIN = xr.DataArray(
    [[[2.0, 30.0]], [[-2.0, -30.0]]], dims=("sample", "time", "component")
)  # deviations 2 and 30


def forecast(count=3, frames=20, cells=5, seed=0, **variables):
    rng = np.random.default_rng(seed)
    shape = count, frames, cells, 2
    coordinates = {"sample": 4 + np.arange(count), "time": 0.5 * np.arange(frames) + 7}
    coordinates["component"] = ["u", "w"]
    truth = xr.DataArray(rng.normal(size=shape), coordinates, ("sample", "time", "x", "component"))
    both = {"truth": truth, "prediction": truth + 0.3 * rng.normal(size=shape)}
    return xr.Dataset(both | {name: make(both) for name, make in variables.items()})


def interval(reach, level=0.8):
    """Functions for `forecast`: bounds that lie so far above and below the prediction."""
    return {
        name: lambda both, sign=sign: (both["prediction"] + sign * reach).assign_attrs(level=level)
        for name, sign in {"lower": -1, "upper": 1}.items()
    }


def test_the_interval_score_by_hand():
    """Width 2; one of four frames misses by 0.5: 2 + 2 / 0.2 * 0.5 / 4."""
    still = xr.DataArray(
        np.zeros((1, 4, 2)),
        {"sample": [0], "time": np.arange(4.0), "component": ["u", "w"]},
        ("sample", "time", "component"),
    )
    truth = still.copy()
    truth[0, 2] = [1.5, -1.5]
    bounds = {"lower": still - 1, "upper": still + 1}
    bounds = {name: values.assign_attrs(level=0.8) for name, values in bounds.items()}
    found = uncertainty.measure(xr.Dataset({"truth": truth, "prediction": still} | bounds), TRAIN)
    assert found["interval_score"].values.ravel().tolist() == pytest.approx(
        [3.25, 3.25, (3.25 / 2 + 3.25 / 30) / 2]
    )
    assert found["interval_width"].values.ravel().tolist() == pytest.approx(
        [2, 2, (2 / 2 + 2 / 30) / 2]
    )
    assert found["coverage"].values.ravel().tolist() == [0.75] * 3
    # it changes fastest in frames 1 and 3, by 0.75 and 1.5 from frame to frame
    assert found["coverage_fastest"].values.ravel().tolist() == [1.0] * 3
    assert found["coverage_by_lead_time"][0, 0].values.tolist() == [1, 1, 0, 1]
    assert "spread" not in found


def test_the_smallest_interval_score_is_that_of_the_quantiles():
    """It is proper: of a normal error, no other width has a smaller one."""
    reach = stats.norm.ppf(0.9) * 0.3
    scores = {
        factor: uncertainty.measure(
            forecast(count=1, frames=400, cells=50, **interval(factor * reach)), TRAIN
        )["interval_score"].sel(component="u")
        for factor in (0.8, 1.0, 1.25)
    }
    assert scores[1.0] < min(scores[0.8], scores[1.25])


def test_coverage_is_counted_where_the_truth_changes_fastest():
    given = forecast(**interval(0.3))
    given["truth"][:, :, 2] *= 9  # this cell is the fastest tenth and more, and is missed
    found = uncertainty.measure(given, TRAIN)
    inside = (given["lower"] <= given["truth"]) & (given["truth"] <= given["upper"])
    xr.testing.assert_allclose(
        found["coverage"].sel(component=["u", "w"]).drop_vars("component"),
        inside.mean(["time", "x"]).drop_vars("component"),
    )
    change = np.abs(np.gradient(given["truth"].values, axis=1))
    for sample, component in np.ndindex(3, 2):
        place = change[sample, ..., component]
        fastest = place >= np.quantile(place, 0.9)
        expected = inside.values[sample, ..., component][fastest].mean()
        assert found["coverage_fastest"].values[sample, component] == pytest.approx(expected)
    assert (found["coverage_fastest"] < found["coverage"]).all()


@pytest.mark.parametrize(("error", "deviation"), [(0.0, 1.0), (1.3, 0.4), (-2.0, 3.0), (0.7, 0.0)])
def test_the_crps_is_the_integral_that_defines_it(error, deviation):
    """Of the squared difference between the distribution and the step at the truth, here 0."""

    def squared(x):
        below = stats.norm.cdf(x, error, deviation) if deviation else float(x >= error)
        return (below - (x >= 0)) ** 2

    ends = [-40, *sorted({0.0, error}), 40]
    expected = sum(integrate.quad(squared, *pair, limit=200)[0] for pair in pairwise(ends))
    assert uncertainty.crps_normal(error, deviation) == pytest.approx(expected, abs=1e-6)


def test_a_spread_that_is_right_is_as_large_as_the_error():
    """Errors are drawn with their spread as deviation: in each bin both agree."""
    rng = np.random.default_rng(1)
    given = forecast(count=4, frames=200, cells=20)
    spread = given["truth"].copy(data=rng.uniform(0.1, 2, given["truth"].shape))
    error = spread * rng.normal(size=spread.shape)
    given = given.assign(spread=spread, prediction=given["truth"] + error)
    found = uncertainty.measure(given, TRAIN)
    np.testing.assert_allclose(found["spread_error"], found["spread"], rtol=0.05)
    np.testing.assert_allclose(found["binned_error"], found["binned_spread"], rtol=0.1)
    assert (found["binned_spread"].diff("spread_bin") > 0).all()
    chosen = {"sample": 1, "component": 1}
    expected = stats.spearmanr(
        spread[chosen].values.ravel(), np.abs(error[chosen]).values.ravel()
    ).statistic
    assert found["spread_rank_correlation"][chosen].item() == pytest.approx(expected)
    assert expected > 0.3
    assert "coverage" not in found


def test_parts_of_the_lead_times_make_up_the_whole():
    given = forecast(spread=lambda both: 0.2 + 0 * both["truth"], **interval(0.4))
    found = uncertainty.measure(given, TRAIN)
    assert found["lead_time"].values.tolist() == (np.arange(1, 11.0)).tolist()
    for name in ("coverage", "interval_width", "interval_score", "crps"):
        by_lead = found[f"{name}_by_lead_time"]
        assert by_lead.dims == ("sample", "component", "lead_time")
        xr.testing.assert_allclose(by_lead.mean("lead_time"), found[name])
    part = uncertainty.measure(given.isel(time=[2, 3]), TRAIN)
    for name in ("coverage", "spread_error"):
        np.testing.assert_allclose(found[f"{name}_by_lead_time"][..., 1], part[name])
    assert found["spread_rank_correlation"].isnull().all()  # the spread is constant


def test_rows_of_parts_follow_the_table_and_no_summary_mixes_them():
    given = forecast(**interval(0.3))
    report = errors.errors(given["prediction"], given["truth"], [2, 30])
    report = report.assign(out_of_range=report["rel_l2"] > 9)
    table = errors.table({"led": report, "mean": report})
    assert uncertainty.append(table, uncertainty.measure(given[["truth"]], TRAIN), None) is table
    measured = uncertainty.measure(given, TRAIN)
    both = uncertainty.append(table, measured, report["out_of_range"])
    pd.testing.assert_frame_equal(both[: len(table)][list(table)], table)
    rows = both[len(table) :]
    assert len(rows) == 4 * 3 * 3 * 11
    assert not rows.duplicated(["sample", "component", "metric", "lead_time"]).any()
    assert set(rows["forecaster"]) == {"led"}
    assert rows.notna().drop(columns="lead_time").all(axis=None)
    row = rows.query("sample == 5 and component == 'w' and metric == 'coverage' and lead_time == 3")
    expected = measured["coverage_by_lead_time"].sel(sample=5, component="w", lead_time=3)
    assert row["value"].item() == expected.item()
    short = compare([both], [{"run": "a", "values": {}}])
    assert (short["samples"] == 3).all()
    page = tables.uncertainty(both)
    assert "truth within the interval" in page
    last = rows[(rows["lead_time"] == 10) & (rows["component"] == "all")]
    last = last.set_index("metric")["value"]["coverage"].mean()
    assert f"<th>10</th>\n      <td>{last:.4g}</td>" in page
    assert tables.uncertainty(table) == ""
