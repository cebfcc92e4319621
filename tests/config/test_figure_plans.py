"""What the figures depend on, and which cannot be drawn."""

from types import SimpleNamespace

import pytest

from led.config import chosen
from led.config.complete import complete
from led.config.plan import figures
from tests.config.test_plan import SCHEMA, WRITTEN


def plot_of(kind, experiment="fhn", changes=None):
    config = complete(WRITTEN, SCHEMA)
    config["experiments"][experiment]["figures"] |= changes or {}
    return figures.plot_of(config, SimpleNamespace(experiment=experiment), "fields.draw", kind)


def test_a_figure_gets_its_section():
    sample = {"sample": 0, "times": None}
    assert plot_of("fields") == figures.plot_figure("fields.draw", sample)
    assert plot_of("errors") == figures.plot_figure("fields.draw", {})


def test_the_histories_get_the_epochs_that_listen_less():
    """Half of three epochs; a windowed network has none."""
    assert plot_of("training").settings["options"] == {"shrinking": 2}
    assert plot_of("training", "vdp").settings["options"] == {}


def test_statistics_are_drawn_where_their_section_is_given():
    with pytest.raises(ValueError, match=r"statistics: found no such section, .* or its options$"):
        plot_of("statistics")
    assert plot_of("statistics", "vdp", {"statistics": {}}).settings["options"] == {}
    experiment = complete(WRITTEN, SCHEMA)["experiments"]["vdp"]
    assert "statistics" not in chosen.figures_of(experiment)
    experiment["figures"]["statistics"] = {}
    assert "statistics" in chosen.figures_of(experiment)


def test_the_uncertainty_is_drawn_where_a_forecast_has_one():
    config = complete(WRITTEN, SCHEMA)["experiments"]
    assert "uncertainty" in chosen.figures_of(config["fhn"])  # of two members
    assert "uncertainty" not in chosen.figures_of(config["vdp"])
    config["vdp"]["interval"] = 0.5
    assert "uncertainty" in chosen.figures_of(config["vdp"])
    config["vdp"] |= {"interval": None}
    config["vdp"]["rnn"] = {"name": "stateful", "members": 1, "variance": True}
    assert "uncertainty" in chosen.figures_of(config["vdp"])


def test_stages_are_drawn_where_a_forecast_is_adaptive():
    config = complete(WRITTEN, SCHEMA)
    wildcards = SimpleNamespace(experiment="vdp")
    with pytest.raises(ValueError, match=r"adaptive: found no forecast in the mode adaptive"):
        figures.plot_of(config, wildcards, "adaptive.over_time", "adaptive")
    experiment = config["experiments"]["vdp"]
    assert "adaptive" not in chosen.figures_of(experiment)
    experiment["forecasts"] = {"a": {"mode": "adaptive"}, "b": {"mode": "latent"}}
    assert "adaptive" in chosen.figures_of(experiment)
    plotted = figures.plot_of(config, wildcards, "adaptive.over_time", "adaptive")
    assert plotted.settings["options"] == {"names": ["a"]}


def test_ratios_of_turns_are_drawn_in_their_order_where_there_are_two():
    turns = {"mode": "multiscale", "micro": 0.5, "ratio": 4.0}
    config = complete(WRITTEN, SCHEMA)
    experiment = config["experiments"]["vdp"]
    experiment["forecasts"] = {"a": turns, "c": {"mode": "latent"}}
    assert "multiscale" not in chosen.figures_of(experiment)
    experiment["forecasts"]["b"] = turns | {"ratio": 0.5}
    assert "multiscale" in chosen.figures_of(experiment)
    wildcards = SimpleNamespace(experiment="vdp")
    plotted = figures.plot_of(config, wildcards, "multiscale.against_ratio", "multiscale")
    assert plotted.settings["options"]["ratios"] == [["b", 0.5], ["a", 4.0]]
    with pytest.raises(ValueError, match=r"multiscale: found no forecast in the mode multiscale"):
        plot_of("multiscale", "vdp")


@pytest.mark.parametrize("kind", ["fields", "reconstruction"])
def test_a_figure_without_its_section_or_without_a_grid_is_refused(kind):
    with pytest.raises(
        ValueError, match=rf"^experiments\.vdp\.figures\.{kind}: found no such section, which fig"
    ):
        plot_of(kind, "vdp")
    with pytest.raises(
        ValueError, match=rf"^experiments\.vdp\.figures\.{kind}: found a section, expected null: th"
    ):
        plot_of(kind, "vdp", {kind: {"sample": 0, "times": None}})


@pytest.mark.parametrize(
    "kind", ["errors", *complete(WRITTEN, SCHEMA)["experiments"]["fhn"]["figures"]]
)
def test_a_caption_needs_no_job_to_be_filled_in(kind):
    """report.html has it as it is, and so has the page with examples."""
    text = (SCHEMA.parents[1] / "report" / f"{kind}.rst").read_text()
    assert text
    assert "{{" not in text
