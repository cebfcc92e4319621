"""The whole workflow in small: what it leaves behind."""

import json

import numpy as np
import pandas as pd
import pytest

from led.jobs import files
from led.surrogate.surrogate import Surrogate


@pytest.mark.parametrize("name", ["fhn", "vdp"])
def test_the_table_of_errors_is_complete_and_tidy(built, name):
    table = pd.read_csv(built / f"results/{name}/led_errors.csv")
    columns = ["forecaster", "sample", "component", "metric", "value", "out_of_range"]
    assert list(table) == columns + ["lead_time"] * (name == "fhn")
    parts = {"fhn": 2 * 3 * 8, "vdp": 0}[name]  # of intervals and of an ensemble
    if parts:
        of_parts = table["lead_time"].notna()
        assert of_parts.sum() == 10 * parts
        assert (table["lead_time"].max(), set(table[of_parts]["forecaster"])) == (40.5, {"led"})
        table = table[~of_parts]
    components = {"fhn": {"u", "w", "all"}, "vdp": {"x", "y", "all"}}[name]
    events = {"fhn": 4, "vdp": 2}[name]
    metrics = {"fhn": 8 + 5, "vdp": 8 + 4}[name]  # statistics: in space only on a grid
    forecasters = {"led", "autoencoder", "truth", "persistence", "mean", "nearest"}
    forecasters |= {"turns"} if name == "fhn" else set()
    assert len(table) == len(forecasters) * 2 * (3 * metrics + events) + parts
    assert set(table["component"]) == components
    assert set(table["forecaster"]) == forecasters
    assert set(table["sample"]) == {0, 1}
    sparse = table["forecaster"] == "turns"  # too few frames for events and statistics
    always = table[~table["metric"].str.contains("activation_error|period|phase") & ~sparse]
    assert always["value"].notna().all()  # others have no value where nothing happens
    assert table[sparse & table["metric"].isin(["rel_l2", "nrmse", "mnad"])]["value"].notna().all()
    assert not table.duplicated(["forecaster", "sample", "component", "metric"]).any()


def test_the_intervals_are_those_of_the_surrogate(built):
    forecast = files.read(built / "results/fhn/forecast.nc")
    led = Surrogate.load(built / "results/fhn")
    window = files.read(built / "results/datasets/fhn/test.nc")["state"][:, :40]
    found = led.forecast(window, horizon=40.5, interval=0.6, members=True)
    for name in ("prediction", "lower", "upper", "spread"):
        np.testing.assert_allclose(found[name], forecast[name], atol=1e-4)
    assert (forecast["lower"] < forecast["upper"]).all()
    assert "lower" not in files.read(built / "results/fhn/validation/forecast.nc")
    table = pd.read_csv(built / "results/fhn/led_errors.csv")
    row = table.query("sample == 1 and component == 'w' and metric == 'coverage'")
    inside = (forecast["lower"] <= forecast["truth"]) & (forecast["truth"] <= forecast["upper"])
    assert row["value"].iloc[0] == pytest.approx(inside.sel(sample=1, component="w").mean().item())


def test_the_forecast_scores_only_what_follows_the_warmup(built):
    forecast = files.read(built / "results/fhn/forecast.nc")
    assert forecast["time"].values[[0, -1]].tolist() == [20.0, 60.0]
    test = files.read(built / "results/datasets/fhn/test.nc")["state"]
    truth = test.sel(time=slice(20, None))
    np.testing.assert_array_equal(forecast["truth"], truth)
    np.testing.assert_array_equal(forecast["firing_x"], test["firing_x"])
    limited = files.read(built / "results/vdp/forecast.nc")
    np.testing.assert_allclose(limited["time"].values[[0, -1]], [2.0, 8.4])
    assert forecast["seconds"].sel(stage="solver") > 0

    table = pd.read_csv(built / "results/fhn/led_errors.csv")
    row = table.query("forecaster == 'led' and sample == 1 and component == 'w'")
    found = row.set_index("metric")["value"]["rel_l2"]
    predicted = forecast["prediction"].sel(sample=1, component="w").values.astype(float)
    exact = truth.sel(sample=1, component="w").values.astype(float)
    assert found == pytest.approx(np.linalg.norm(predicted - exact) / np.linalg.norm(exact))


def test_splits_have_their_sizes_and_provenance(built):
    for split, count, frames in (("train", 5, 61), ("validation", 2, 61), ("test", 2, 121)):
        samples = files.read(built / f"results/datasets/fhn/{split}.nc")
        assert samples["state"].dims == ("sample", "time", "x", "y", "component")
        assert samples["state"].shape == (count, frames, 6, 4, 2)
        settings = json.loads(samples.attrs["settings"])
        assert settings["system"]["speed"] == 0.02
        assert settings["seed"] == 7
        assert settings["split"] == split
        assert "numpy" in json.loads(samples.attrs["versions"])


def test_every_array_file_records_where_it_comes_from(built):
    for path in (built / "results").rglob("*.nc"):
        attributes = files.read(path).attrs
        assert json.loads(attributes["versions"])["led"]
        assert isinstance(json.loads(attributes["settings"]), dict)


def test_every_figure_is_there(built):
    shared = [
        "animation.gif",
        "animation.png",
        "costs.png",
        "dataset.png",
        "errors.png",
        "latents.png",
    ]
    shared += ["particles.png", "training.png"]
    grid = ["fields.png", "reconstruction.png", "reconstruction_particles.png", "uncertainty.png"]
    for name, kinds in {"fhn": shared + grid, "vdp": shared}.items():
        found = sorted(path.name for path in (built / f"results/{name}/figures").iterdir())
        assert found == sorted(kinds)


@pytest.mark.parametrize("name", ["fhn", "vdp"])
def test_the_costs_of_led_and_the_solver_are_compared(built, name):
    table = pd.read_csv(built / f"results/{name}/costs.csv")
    assert table["forecaster"][:4].tolist() == ["led", "persistence", "mean", "nearest"]
    led, solver = (table[table["forecaster"] == which].iloc[0] for which in ("led", "solver"))
    assert 0 < led["seconds"] < np.inf
    assert led["seconds_before"] > 1  # trainings start TensorFlow
    steps = table[(table["forecaster"] == "coarse") & (table["coarsening"] == 1)]
    assert solver["dt"] == {"fhn": 0.5, "vdp": 0.1}[name]
    assert steps["dt"].iloc[0] == 2 * solver["dt"]
    assert "<h2>Costs</h2>" in (built / f"results/{name}/report.html").read_text()


def test_a_figure_without_its_section_is_refused(built):
    for kind in ("fields", "reconstruction"):
        output = built.run(f"results/vdp/figures/{kind}.png", "--dry-run", ok=False)
        assert f"experiments.vdp.figures.{kind}: found no such section" in output
        assert "TypeError" not in output
    with built.configured(**{"experiments.vdp.figures.fields": {}}):
        output = built.run("results/vdp/figures/fields.png", "--dry-run", ok=False)
        assert "the system 'van_der_pol' has no grid to draw" in output


def test_the_diagnosis_is_in_the_log_and_on_the_page(built):
    """The networks of three epochs are worse than a baseline."""
    log = (built / "results/logs/fhn/report_errors.log").read_text()
    page = (built / "results/fhn/report.html").read_text()
    assert "ResultWarning: " in log
    assert '<p class="warning">' in page or '<p class="bad">' in page


def test_every_network_has_its_model_card(built):
    cards = [*(built / "results").glob("*/*.md"), *(built / "results").glob("*/rnn/*.md")]
    found = {str(card.relative_to(built / "results")) for card in cards}
    assert found == {
        *("fhn/autoencoder.md", "fhn/rnn/0.md", "fhn/rnn/1.md", "fhn/surrogate.md"),
        *("vdp/autoencoder.md", "vdp/rnn/0.md", "vdp/surrogate.md"),
    }
    card = (built / "results/fhn/rnn/1.md").read_text()
    assert card.startswith("# Model card: rnn/1 of fhn\n")
    assert "member: 1\n" in card


def test_the_report_carries_all_figures_and_tables(built, tmp_path):
    checkout = built.copy(tmp_path)
    checkout.run("--report", "report.html")
    report = (checkout / "report.html").read_text()
    for name, figures in {"fhn": 9, "vdp": 6}.items():
        assert report.count(f'"results/{name}/figures/') >= figures
        for table in ("led_errors.csv", "report.html", "autoencoder.md", "rnn/0.md"):
            assert f"results/{name}/{table}" in report
    assert "Forecast as a moving picture" in report


def test_generation_is_timed_on_demand(built, tmp_path):
    checkout = built.copy(tmp_path)
    checkout.run("results/datasets/fhn/generation_time.png", "--cores", "2")
    table = pd.read_csv(checkout / "results/datasets/fhn/generation_time.csv")
    assert table["cores"].tolist() == [1, 2]
    assert table["samples"].tolist() == [5, 5]
    assert table["batches"].tolist() == [3, 3]
    assert (table["seconds"] > 0).all()
    assert (checkout / "results/datasets/fhn/generation_time.png").exists()


def test_logs_show_progress_and_benchmarks_the_cost(built):
    simulation = (built / "results/logs/datasets/fhn/simulate_batch_train_0000.log").read_text()
    assert "samples 0 to 1 of the train split" in simulation
    assert "sample 2 of 2 done" in simulation
    training = (built / "results/logs/fhn/train_rnn_1.log").read_text()
    assert "epoch 3/3  loss" in training
    assert "s left" in training
    benchmark = pd.read_csv(built / "results/benchmarks/fhn/train_rnn_1.tsv", sep="\t")
    assert benchmark["s"][0] > 0


def test_nothing_temporary_is_left(built):
    assert list((built / "results").rglob(".*")) == []


def test_the_loaded_surrogate_repeats_the_forecast(built):
    """Two networks and a decoder that were trained together."""
    state = files.read(built / "results/datasets/fhn/test.nc")["state"]
    forecast = files.read(built / "results/fhn/forecast.nc")["prediction"]
    surrogate = Surrogate.load(built / "results/fhn")
    assert surrogate.decoder is not None
    found = surrogate.forecast(state.sel(time=slice(None, 19.5)), horizon=40.5)
    np.testing.assert_allclose(found, forecast, atol=1e-5)
