"""The comparison of runs, against numbers worked out by hand."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from led.evaluation import comparison
from led.figures.comparison import comparison as draw


def errors(values):
    """The table of errors of a run: a few forecasters, one component, three samples."""
    rows = []
    for forecaster, factor in {
        "led": 1,
        "autoencoder": 1e-8,
        "mean": 4,
        "nearest": 3,
        "far": 9,
    }.items():
        for component in ("x", "all"):
            for sample, value in enumerate(values):
                rows.append((forecaster, sample, component, "rel_l2", factor * value))
    rows += [("led", sample, "x", "valid_time", time) for sample, time in enumerate((5, 3, 9))]
    rows += [
        ("led", sample, "x", "period_error", time) for sample, time in enumerate((5, np.nan, 9))
    ]
    return pd.DataFrame(rows, columns=["forecaster", "sample", "component", "metric", "value"])


def compared(*points):
    runs = [{"run": f"s-{number}", "values": point} for number, point in enumerate(points)]
    tables = [errors([number + 1, number + 4, number + 2]) for number in range(len(points))]
    return comparison.compare(tables, runs)


@pytest.fixture(autouse=True)
def no_figure_stays_open():
    yield
    plt.close("all")


def test_each_run_has_its_values_and_the_median_and_worst_of_each_metric():
    table = compared({"rnn.units": [4, 8], "seed": 1}, {"rnn.units": [16], "seed": 2})
    assert list(table) == ["run", "rnn.units", "seed", *comparison.SUMMARY]
    assert comparison.parameters(table) == ["rnn.units", "seed"]
    chosen = table.query("forecaster == 'led' and component == 'x'").drop(
        columns=["forecaster", "component"]
    )
    assert [tuple(row) for row in chosen.values] == [
        ("s-0", "[4, 8]", 1, "rel_l2", 2, 4, 3),
        ("s-0", "[4, 8]", 1, "valid_time", 5, 3, 3),
        ("s-0", "[4, 8]", 1, "period_error", 7, 9, 2),
        ("s-1", "[16]", 2, "rel_l2", 3, 5, 3),
        ("s-1", "[16]", 2, "valid_time", 5, 3, 3),
        ("s-1", "[16]", 2, "period_error", 7, 9, 2),
    ]


@pytest.mark.parametrize(
    ("metric", "values", "worst"),
    [
        ("coverage", [0.95, 0.2, 0.9], 0.2),
        ("spread_rank_correlation", [0.9, 0.7, -0.3], -0.3),
        ("deviation_ratio", [0.98, 1.02, 6.5], 6.5),
        ("deviation_ratio", [0.1, 1.02, 6.5], 0.1),
        ("nrmse", [0.1, 0.3, 0.2], 0.3),
    ],
)
def test_the_worst_value_is_the_farthest_from_the_best(metric, values, worst):
    rows = {"forecaster": "led", "component": "x", "metric": metric, "value": values}
    found = comparison.compare([pd.DataFrame(rows)], [{"run": "s", "values": {}}])
    assert found["worst"].tolist() == [worst]


def read_again(table, tmp_path):
    table.to_csv(tmp_path / "errors.csv", index=False)
    return pd.read_csv(tmp_path / "errors.csv")


def legend_of(figure):
    return [text.get_text() for text in figure.legends[0].get_texts()]


def test_a_number_is_the_axis_in_any_order(tmp_path):
    figure = draw(
        read_again(compared({"seed": 30}, {"seed": 2}, {"seed": 7}), tmp_path), "s", "validation"
    )
    axis = figure.axes[0]
    led = axis.lines[0]
    np.testing.assert_array_equal(led.get_xydata(), [[2, 3], [7, 4], [30, 2]])
    assert legend_of(figure) == ["led", "autoencoder (no error)", "nearest", "mean"]
    assert (axis.get_xscale(), axis.get_xlabel()) == ("log", "seed")
    worst = axis.collections[0].get_paths()[0].vertices
    assert worst[:, 1].max() == 6
    assert [tick.get_text() for tick in axis.get_xticklabels()] == ["2", "7", "30"]
    assert figure.axes[1].get_title() == "Components together"
    title = "s: median over 3 validation samples, shaded: up to the worst"
    assert figure.get_suptitle() == title


def test_both_relative_errors_are_drawn():
    table = compared({"seed": 1}, {"seed": 2})
    other = table[table["metric"] == "rel_l2"].assign(metric="nrmse")
    other["median"] *= 10
    figure = draw(pd.concat([table, other]), "s", "test")
    assert [figure.axes[n].get_ylabel() for n in (0, 2)] == [
        "relative L2 error",
        "normalised error (nrmse)",
    ]
    np.testing.assert_allclose(
        figure.axes[2].lines[0].get_ydata(), 10 * figure.axes[0].lines[0].get_ydata()
    )


def test_near_numbers_are_on_a_linear_axis():
    assert draw(compared({"seed": 1}, {"seed": 10}), "s", "test").axes[0].get_xscale() == "linear"
    assert draw(compared({"seed": 0}, {"seed": 10}), "s", "test").axes[0].get_xscale() == "linear"


def test_a_second_parameter_gives_lines():
    points = [{"seed": seed, "rnn.units": units} for units in ([4], [8]) for seed in (1, 2, 3)]
    figure = draw(compared(*points), "s", "validation")
    np.testing.assert_array_equal(figure.axes[0].lines[0].get_xydata(), [[1, 2], [2, 3], [3, 4]])
    np.testing.assert_array_equal(figure.axes[0].lines[3].get_xydata(), [[1, 5], [2, 6], [3, 7]])
    assert legend_of(figure)[3:5] == ["led, units [8]", "autoencoder (no error), units [8]"]


def test_what_goes_with_a_number_is_not_drawn():
    points = [
        {"train_samples": 2 * count, "rnn.training.epochs": 9 - count, "rnn.units": [4]}
        for count in (1, 2, 3)
    ]
    axis = draw(compared(*points), "s", "test").axes[0]
    np.testing.assert_array_equal(axis.lines[0].get_xydata(), [[2, 2], [4, 3], [6, 4]])
    assert axis.get_xlabel() == "train_samples, and what goes with it"


@pytest.mark.parametrize(
    "points",
    [
        [{"rnn.units": [4]}, {"rnn.units": [8]}],
        [{"augment": True}, {"augment": False}],
        [{"train_samples": 3}, {"train_samples": None}],
        [{"seed": 1, "threads": 1, "warmup": 1.0}, {"seed": 2, "threads": 2, "warmup": 1.0}],
        [{"seed": number, "threads": number} for number in range(1, 9)],
    ],
)
def test_runs_are_drawn_side_by_side_where_no_number_is_the_axis(tmp_path, points):
    figure = draw(read_again(compared(*points), tmp_path), "s", "validation")
    axis = figure.axes[0]
    labels = [tick.get_text() for tick in axis.get_xticklabels()]
    assert labels == [str(number) for number in range(len(points))]
    assert axis.get_xlabel() == ", ".join(sorted(points[0]))
    np.testing.assert_allclose(axis.lines[0].get_xdata(), np.arange(len(points)) - 0.2)
    np.testing.assert_array_equal(axis.lines[0].get_ydata(), 2 + np.arange(len(points)))
