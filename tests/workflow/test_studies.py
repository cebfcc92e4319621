"""Studies: runs of one experiment, side by side."""

import numpy as np
import pandas as pd
import pytest

from led.jobs import files

TARGETS = ["results/curve/errors.csv", "results/curve/errors.png"]
COMPARED = {"Compare the runs of curve", "Plot the runs of curve"}
REFINED = {"Simulate the validation samples of vdp with half the time step"}


def run(name):
    """The jobs of one run."""
    steps = ["Encode the {} samples of", "Smooth the {} latents of"]
    return {
        f"{job} {name}"
        for job in (
            "Train the autoencoder of",
            "Train network 0 of",
            "Describe the surrogate of",
            "Forecast the validation samples of",
            "Report the errors of",
            *(step.format(split) for step in steps for split in ("train", "validation")),
        )
    }


@pytest.fixture(scope="module")
def studied(built, tmp_path_factory):
    """The small configuration with its study; only for looking at."""
    checkout = built.copy(tmp_path_factory.mktemp("studied"))
    checkout.run(*TARGETS, "--cores", "2")
    return checkout


def test_the_runs_share_the_dataset_that_is_there(built):
    assert built.planned(*TARGETS) == run("curve-2") | run("curve-4") | COMPARED | REFINED


def test_a_dataset_is_simulated_once_for_all_runs(built):
    with built.configured(**{"datasets.vdp.seed": 8}):
        splits = ("train", "validation")
        assert built.planned(*TARGETS) == (
            {f"Simulate batch 0000 of the {split} samples of vdp" for split in splits}
            | {f"Merge the {split} samples of vdp" for split in splits}
            | (run("curve-2") | run("curve-4") | COMPARED | REFINED)
        )


def test_a_study_is_built_without_a_target_if_it_says_so(built):
    with built.configured(**{"studies.curve.in_all": True}):
        assert built.planned() == run("curve-2") | run("curve-4") | COMPARED | REFINED


def test_the_comparison_has_the_errors_of_its_runs(studied):
    compared = pd.read_csv(studied / "results/curve/errors.csv")
    assert list(compared) == [
        *("run", "train_samples", "forecaster", "component", "metric"),
        *("median", "worst", "samples"),
    ]
    assert compared["run"].unique().tolist() == ["curve-2", "curve-4"]
    assert compared["train_samples"].unique().tolist() == [2, 4]
    for name, rows in compared.groupby("run"):
        table = pd.read_csv(studied / f"results/{name}/validation/led_errors.csv")
        keys = ["forecaster", "component", "metric"]
        groups = {key: entry["value"] for key, entry in table.groupby(keys)}
        assert len(rows) == len(groups) == 6 * (3 * 8 + 2)
        for row in rows.itertuples():
            values = groups[row.forecaster, row.component, row.metric]
            worst = (
                values.min() if row.metric in ("valid_time", "deviation_ratio") else values.max()
            )
            np.testing.assert_allclose([row.median, row.worst], [values.median(), worst])
            assert row.samples == values.notna().sum()
    assert (studied / "results/curve/errors.png").exists()


def test_only_the_first_samples_are_used_in_training(studied):
    for name, count in {"curve-2": 2, "curve-4": 4}.items():
        assert files.read(studied / f"results/{name}/latents/train.nc").sizes["sample"] == count
        assert files.read(studied / f"results/{name}/latents/validation.nc").sizes["sample"] == 2
        train = files.read(studied / "results/datasets/vdp/train.nc")["state"][:count]
        scored_samples = files.read(studied / "results/datasets/vdp/validation.nc")["state"]
        scored = slice(2.0, None)  # to their end, which comes before that of the horizon
        table = pd.read_csv(studied / f"results/{name}/validation/led_errors.csv")
        chosen = table.query("forecaster == 'mean' and component == 'x' and metric == 'rel_l2'")
        mean = train.mean("sample").sel(component="x", time=scored).values
        truth = scored_samples.sel(component="x", time=scored).values
        expected = np.linalg.norm(mean - truth, axis=1) / np.linalg.norm(truth, axis=1)
        np.testing.assert_allclose(chosen["value"], expected, rtol=1e-5)


def test_another_value_runs_only_that_run(studied):
    assert studied.planned(*TARGETS) == set()
    with studied.configured(**{"studies.curve.vary.train_samples": [2, 3]}):
        assert studied.planned(*TARGETS) == run("curve-3") | COMPARED
    with studied.configured(**{"studies.curve.vary.train_samples": [2, 3, 4]}):
        assert studied.planned(*TARGETS) == run("curve-3") | COMPARED


def test_what_the_runs_share_changes_all_of_them(studied):
    behind = {
        f"{job} of curve-{count}"
        for job in (
            "Train network 0",
            "Describe the surrogate",
            "Forecast the validation samples",
            "Report the errors",
        )
        for count in (2, 4)
    }
    shared = {"threads": 1, "rnn.training.epochs": 3}
    with studied.configured(**{"studies.curve.set": shared}):
        assert studied.planned(*TARGETS) == behind | COMPARED


def test_the_test_split_is_compared_on_if_asked_for(studied):
    with studied.configured(**{"studies.curve.split": "test"}):
        behind = {
            f"{job} of curve-{count}"
            for job in ("Forecast the test samples", "Report the errors")
            for count in (2, 4)
        }
        assert studied.planned(*TARGETS) == behind | COMPARED
    with studied.configured(**{"studies.curve.split": "train"}):
        assert "studies.curve.split" in studied.run("--dry-run", ok=False)


def test_points_instead_of_a_grid_change_nothing(studied):
    study = {"base": "vdp", "set": {"threads": 1}}
    study["points"] = [{"train_samples": 2}, {"train_samples": 4}]
    with studied.configured(**{"studies.curve": study}):
        assert studied.planned(*TARGETS) == set()


def test_fewer_samples_of_one_experiment_leave_the_others_alone(built):
    with built.configured(**{"experiments.fhn.train_samples": 4}):
        planned = built.planned()
        assert "Train the decoder of fhn on forecasts" in planned
        assert {job for job in planned if "vdp" in job} == set()
        assert "Smooth the validation latents of fhn" in planned  # of another autoencoder
        assert "Plot training samples of fhn" in planned  # it shows those that are used
