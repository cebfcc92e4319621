"""The report of an experiment: what is on the page, and that it needs no other file."""

import base64
import re
from html.parser import HTMLParser

import pandas as pd

from led.evaluation import diagnosis, report
from tests.evaluation.test_tables import TABLE

CARD = "# Model card: rnn/0 of a\n\n| layer | kind |\n| --- | --- |\n| lstm | RNN |\n"


class Elements(HTMLParser):
    """Collects the elements of a page, and raises where they are not nested."""

    EMPTY = {"meta", "img", "br"}

    def __init__(self, text):
        super().__init__()
        self.open, self.found = [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_page_needs_no_other_file(tmp_path):
    png = b"\x89PNG\r\n\x1a\n and more"
    (tmp_path / "fields.png").write_bytes(png)
    figures = [("Forecast <1>", "*led* is the forecast.", tmp_path / "fields.png")]
    page = report.page("a<b", TABLE, figures=figures, cards=[CARD], versions={"numpy": "9.9"})
    found = Elements(page).found
    (image,) = [attributes for tag, attributes in found if tag == "img"]
    head, _, picture = image["src"].partition(",")
    assert head == "data:image/png;base64"
    assert base64.b64decode(picture) == png
    assert image["alt"] == "Forecast <1>"
    assert "<em>led</em> is the forecast." in page
    assert "<title>Report of a&lt;b</title>" in page
    linked = [attributes["href"] for _, attributes in found if "href" in attributes]
    named = {"#" + attributes["id"] for _, attributes in found if "id" in attributes}
    assert named == {"#diagnosis", "#errors", "#figures", "#networks", "#versions"}
    assert set(linked) == named
    assert not re.search(r"src=\"(?!data:)|url\(|@import|<link|<script", page)


def test_sections_without_content_are_left_out():
    text = report.page("a", TABLE)
    assert re.findall(r"<h2>(.*?)</h2>", text) == ["Diagnosis", "Errors"]


def test_costs_and_uncertainty_are_sections_where_there_are_any():
    sure = TABLE.query("component == 'all'").assign(metric="coverage", value=0.9, lead_time=3.0)
    page = report.page("a", pd.concat([TABLE.assign(lead_time=float("nan")), sure]))
    assert re.findall(r"<h2>(.*?)</h2>", page) == ["Diagnosis", "Errors", "Uncertainty"]
    assert "<th>truth within the interval</th>" in page


def test_the_page_begins_with_the_errors_of_the_forecast_and_of_the_best_baseline():
    led = TABLE.query("forecaster == 'led' and component == 'all'")
    described = {"mean": "the mean", "nearest": "a sample"}
    more = [led.assign(forecaster="mean", value=0.9), led.assign(forecaster="nearest", value=0.4)]
    page = report.page("a", pd.concat([TABLE, *more]), split="validation", baselines=described)
    first = page[: page.index("<nav>")]
    assert "over 3 validation samples" in first
    assert "of the forecast is 0.3, that of the best baseline, nearest, 0.4 (" in first
    assert "of the forecast is 0.3 (" in report.page("a", TABLE)


def test_the_page_has_the_diagnosis():
    page = report.page("a", TABLE, [("bad", "worse than a<b"), ("warning", "few samples")])
    assert '<p class="bad">worse than a&lt;b</p>' in page
    assert '<p class="warning">few samples</p>' in page
    assert diagnosis.CALM not in page
    assert diagnosis.CALM in report.page("a", TABLE)
    assert ".bad{color:#b00020" in page


def test_the_page_warns_of_forecasts_out_of_range():
    flagged = TABLE.assign(out_of_range=(TABLE["sample"] == 1) & (TABLE["component"] == "u"))
    assert "forecasts of the samples 1</strong>" in report.page("fhn", flagged)
    other = TABLE.assign(out_of_range=TABLE["forecaster"] == "autoencoder")
    assert "Do not trust" not in report.page("fhn", other)


def test_cards_and_settings_are_folded_and_shown_as_tables_and_yaml():
    configuration = {"experiments": {"a": {"name": "<x>", "rnn": {"units": [4]}}}}
    page = report.page("a", TABLE, cards=[CARD], configuration=configuration)
    assert "<summary>Model card: rnn/0 of a</summary>" in page
    assert "<td>lstm</td>" in page
    assert "      units:\n      - 4\n" in page
    assert "name: &lt;x&gt;" in page
