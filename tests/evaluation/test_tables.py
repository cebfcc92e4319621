"""The summary of the errors, against numbers worked out by hand."""

import pandas as pd
import pytest

from led.evaluation import tables

TABLE = pd.DataFrame(
    [
        ("led", 0, "u", "rel_l2", 0.1),
        ("led", 1, "u", "rel_l2", 0.2),
        ("led", 2, "u", "rel_l2", 0.6),
        ("led", 0, "all", "rel_l2", 0.3),
        ("led", 1, "all", "rel_l2", 0.3),
        ("led", 2, "all", "rel_l2", 0.3),
        ("led", 0, "u", "rmse", 9.0),
        ("autoencoder", 0, "u", "rel_l2", 0.01),
        ("autoencoder", 0, "all", "rel_l2", 0.02),
        ("led", 0, "u", "nrmse", 0.7),
        ("led", 0, "all", "nrmse", 0.8),
    ],
    columns=["forecaster", "sample", "component", "metric", "value"],
).assign(out_of_range=False)


def test_the_summary_has_median_and_worst_in_the_order_of_the_table():
    short = tables.summary(TABLE)
    assert list(short.index) == ["led", "autoencoder"]
    assert list(short) == [("u", "median"), ("u", "worst"), ("all", "median"), ("all", "worst")]
    assert short.loc["led"].tolist() == pytest.approx([0.2, 0.6, 0.3, 0.3])
    assert short.loc["autoencoder"].tolist() == pytest.approx([0.01, 0.01, 0.02, 0.02])


def test_the_errors_hold_the_summary_and_explain_it():
    text = tables.errors(TABLE, {"dmd": "modes"})
    assert "<td>0.6000</td>" in text
    assert "led: the forecast" in text
    named = TABLE.replace({"forecaster": {"autoencoder": "dmd"}})
    assert "dmd: modes" in tables.errors(named, {"dmd": "modes"})


def test_the_errors_say_which_is_which():
    text = tables.errors(TABLE, {})
    relative, normalised = text.split("<p><strong>Normalised error</strong> (nrmse)")
    assert "<strong>Relative L2 error</strong> (rel_l2)" in relative
    assert "0.7000" in normalised
    assert "0.7000" not in relative
    assert tables.summary(TABLE, "nrmse").loc["led", ("all", "median")] == 0.8


def test_the_errors_have_the_medians_of_statistics_where_there_are_any():
    assert "histograms" not in tables.errors(TABLE, {})
    rows = [
        ("led", s, c, "histogram_distance", v)
        for s, v in enumerate((0.1, 0.2, 0.9))
        for c in ("u", "all")
    ]
    rows.append(("led", 0, "u", "histogram_distance", 0.9))
    more = pd.DataFrame(rows, columns=list(TABLE)[:5]).assign(out_of_range=False)
    text = tables.errors(pd.concat([TABLE, more]), {})
    assert "distance of histograms" in text
    assert "<td>0.2</td>" in text


def test_the_errors_have_those_in_time():
    events = pd.DataFrame(
        [
            ("led", sample, "u", "activation_error_worst", value)
            for sample, value in enumerate((1, 7, 2))
        ],
        columns=["forecaster", "sample", "component", "metric", "value"],
    ).assign(out_of_range=False)
    text = tables.errors(pd.concat([TABLE, events]), {})
    assert "<th>worst cell</th>" in text
    assert "<td>2.000</td>" in text
    assert "worst cell" not in tables.errors(TABLE, {})
