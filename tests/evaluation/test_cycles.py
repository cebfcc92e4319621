"""Tables and figure of adaptive forecasts, by hand."""

import numpy as np
import pytest
import xarray as xr

from led.evaluation import cycles
from led.figures import adaptive


@pytest.fixture
def forecast():
    """Two samples of ten frames: one is trusted from the third frame on, and once in vain."""
    stages = np.array([[1, 1, 2, 2, 2, 2, 0, 1, 1, 3], [1, 1, 3, 3, 3, 3, 0, 1, 1, 3]], np.int8)
    meanings = {"flag_values": np.arange(4), "flag_meanings": "warmup compare macro micro"}
    times = ("time", 0.5 * np.arange(10), {"units": "s"})
    truth = xr.DataArray(
        np.zeros((2, 10, 1)),
        {"time": times, "sample": [3, 5], "component": ["x"], "mu": ("time", np.repeat([3, 1], 5))},
        ("sample", "time", "component"),
    )
    entries = {
        "sample": [3, 5, 3, 5],
        "begin": [0.5, 0.5, 4.0, 4.0],
        "error": [0.001, 0.5, 0.02, np.nan],
        "accepted": [True, False, False, False],
        "macro": [4, 0, 0, 0],
        "ended": ["length", "length", "failed", "end"],
        "mean_distance": [0.1, np.nan, np.nan, np.nan],
        "final_distance": [0.3, np.nan, np.nan, np.nan],
    }
    seconds = xr.DataArray(
        [1.0, 2.0, 4.0],
        {"stage": ["micro", "macro", "solver"]},
        ("stage",),
        attrs={"solver_steps": 40, "forecast_steps": 20},
    )
    return xr.Dataset(
        {
            "truth": truth,
            "cycle_stage": (("sample", "time"), stages, meanings),
            "utilisation": ("sample", [0.4, 0.0]),
            "seconds": seconds,
            **{f"cycle_{name}": ("cycle", values) for name, values in entries.items()},
        },
        attrs={"error_limit": 0.01},
    )


def test_the_summary_by_hand(forecast):
    found = cycles.summary({"trusting": forecast, "again": forecast})
    assert found["forecast"].tolist() == ["trusting", "again"]
    row = found.iloc[0]
    expected = {"utilisation": 0.2, "accepted": 1, "rejected": 3, "failed": 1}
    expected |= {"E_mean": 0.1, "E_final": 0.3, "seconds_micro": 1.0, "seconds_macro": 2.0}
    expected |= {"seconds_solver": 2.0, "speed_up": 2 / 3}
    assert {name: row[name] for name in expected} == pytest.approx(expected)
    each = cycles.of_each({"trusting": forecast, "again": forecast})
    assert len(each) == 8
    assert each["ended"].tolist()[:4] == ["length", "length", "failed", "end"]
    assert "stage" not in each


def test_without_an_accepted_cycle_there_are_no_distances(forecast):
    forecast["cycle_accepted"][:] = False
    for name in ("mean_distance", "final_distance"):
        forecast[f"cycle_{name}"][:] = np.nan
    assert np.isnan(cycles.summary({"a": forecast})["E_mean"]).all()


def test_the_figure_shows_stages_utilisation_and_errors(forecast):
    figure = adaptive.over_time([forecast, forecast], ["one", "two"])
    drivers, stages, utilisation, errors = figure.axes[0::2]
    np.testing.assert_array_equal(drivers.lines[0].get_ydata(), np.repeat([3, 1], 5))
    shown = stages.collections[0].get_array()
    np.testing.assert_array_equal(shown.reshape(2, 10), forecast["cycle_stage"])
    np.testing.assert_allclose(utilisation.lines[0].get_xydata(), [[2.25, 0.2]])  # one and a bit
    assert errors.lines[1].get_ydata()[0] == 0.01
    assert "utilisation 0.20, 0.67 times as fast" in drivers.get_title()
    still = forecast.drop_vars("mu")
    assert len(adaptive.over_time([still], ["one"]).axes) == 3
