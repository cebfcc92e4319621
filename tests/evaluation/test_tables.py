"""The summary of the errors, against numbers worked out by hand."""

import pandas as pd
import pytest

from led.evaluation import diagnosis, tables

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


def test_the_page_holds_the_summary_and_explains_it():
    page = tables.page(TABLE, "a<b", {"dmd": "modes"})
    assert "Errors of a&lt;b" in page
    assert "over 3 test samples" in page
    assert "<td>0.6000</td>" in page
    assert "led: the forecast" in page
    named = TABLE.replace({"forecaster": {"autoencoder": "dmd"}})
    assert "dmd: modes" in tables.page(named, "a", {"dmd": "modes"})
    assert "Do not trust" not in page


def test_the_page_says_which_error_is_which():
    page = tables.page(TABLE, "a", {})
    relative, normalised = page.split("<p><strong>Normalised error</strong> (nrmse)")
    assert "<strong>Relative L2 error</strong> (rel_l2)" in relative
    assert "0.7000" in normalised
    assert "0.7000" not in relative
    assert tables.summary(TABLE, "nrmse").loc["led", ("all", "median")] == 0.8


def test_the_page_has_the_medians_of_statistics_where_there_are_any():
    assert "histograms" not in tables.page(TABLE, "a", {})
    rows = [
        ("led", s, c, "histogram_distance", v)
        for s, v in enumerate((0.1, 0.2, 0.9))
        for c in ("u", "all")
    ]
    rows.append(("led", 0, "u", "histogram_distance", 0.9))
    more = pd.DataFrame(rows, columns=list(TABLE)[:5]).assign(out_of_range=False)
    page = tables.page(pd.concat([TABLE, more]), "a", {})
    assert "distance of histograms" in page
    assert "<td>0.2</td>" in page


def test_the_page_has_the_diagnosis():
    findings = [("bad", "worse than a<b"), ("warning", "few samples")]
    page = tables.page(TABLE, "a", {}, findings=findings)
    assert '<p class="bad">worse than a&lt;b</p>' in page
    assert '<p class="warning">few samples</p>' in page
    assert diagnosis.CALM not in page
    assert diagnosis.CALM in tables.page(TABLE, "a", {})
    assert ".bad{color:#b00020" in page


def test_the_page_warns_of_forecasts_out_of_range():
    flagged = TABLE.assign(out_of_range=(TABLE["sample"] == 1) & (TABLE["component"] == "u"))
    assert "forecasts of the samples 1</strong>" in tables.page(flagged, "fhn", {})
    other = TABLE.assign(out_of_range=TABLE["forecaster"] == "autoencoder")
    assert "Do not trust" not in tables.page(other, "fhn", {})


def test_the_page_shows_errors_in_time():
    events = pd.DataFrame(
        [
            ("led", sample, "u", "activation_error_worst", value)
            for sample, value in enumerate((1, 7, 2))
        ],
        columns=["forecaster", "sample", "component", "metric", "value"],
    ).assign(out_of_range=False)
    page = tables.page(pd.concat([TABLE, events]), "fhn", {})
    assert "<th>worst cell</th>" in page
    assert "<td>2.000</td>" in page
    assert "over 3 validation samples" in tables.page(TABLE, "fhn", {}, "validation")
    assert "worst cell" not in tables.page(TABLE, "fhn", {}, "validation")
