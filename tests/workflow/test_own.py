"""The user's own: a system and data as in the pages, and the workflow as a part of another."""

import re
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr
import yaml

from led.jobs import files
from tests.workflow.conftest import ROOT, Checkout

SMALL = {"epochs": 2, "batch_size": 4}


def blocks(page, language):
    """Return the blocks of code of a page, which a reader copies."""
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / page).read_text(), re.DOTALL)


def test_the_system_of_the_readme_runs_to_the_end(tmp_path):
    checkout = Checkout.fresh(tmp_path)
    source = next(block for block in blocks("README.md", "python") if "Lorenz63" in block)
    assert len(source.splitlines()) <= 30
    (checkout / "lorenz.py").write_text(source)
    config = yaml.safe_load(
        next(block for block in blocks("README.md", "yaml") if "lorenz.py" in block)
    )
    config["datasets"]["lorenz"]["samples"] = {"train": 8, "validation": 2, "test": 2}
    config["experiments"]["lorenz"]["rnn"] |= {"units": [4], "training": SMALL}
    (checkout / "lorenz.yaml").write_text(yaml.safe_dump(config))
    command = ("results/lorenz/led_errors.csv", "--cores", "2", "--configfile", "lorenz.yaml")
    checkout.run(*command)
    table = pd.read_csv(checkout / "results/lorenz/led_errors.csv")
    assert set(table["component"]) == {"x", "y", "z", "all"}

    train = files.read(checkout / "results/datasets/lorenz/train.nc")["state"]
    x, y = np.moveaxis(train.values.astype(float), -1, 0)[:2]
    slope = np.gradient(x, 0.02, axis=1)[:, 1:-1]  # of the first equation
    np.testing.assert_allclose(slope, (10 * (y - x))[:, 1:-1], atol=0.03 * np.abs(slope).max())

    planned = ("results/lorenz/led_errors.csv", "--configfile", "lorenz.yaml")
    assert checkout.planned(*planned) == set()
    with checkout.edited("lorenz.py"):
        assert "Simulate batch 0000 of the test samples of lorenz" in checkout.planned(*planned)
    (checkout / "models").mkdir()
    shutil.move(checkout / "lorenz.py", checkout / "models" / "lorenz.py")
    config["datasets"]["lorenz"]["system"]["name"] = "models/lorenz.py:Lorenz63"
    (checkout / "lorenz.yaml").write_text(yaml.safe_dump(config))
    assert checkout.planned(*planned) == set()  # moved, with the same content
    with checkout.edited("models/lorenz.py"):
        assert "Simulate batch 0000 of the test samples of lorenz" in checkout.planned(*planned)
    implicit = {"name": "implicit_runge_kutta", "tableau": "gauss2"}
    config["datasets"]["lorenz"]["solver"] = implicit
    (checkout / "lorenz.yaml").write_text(yaml.safe_dump(config))
    batch = "results/datasets/lorenz/batches/test/0000.nc"
    checkout.run(batch, "--cores", "1", "--configfile", "lorenz.yaml")
    log = checkout / "results/logs/datasets/lorenz/simulate_batch_test_0000.log"
    assert "no Jacobian: implicit solvers use finite differences" in log.read_text()


def test_own_data_run_through_the_same_rules(built, tmp_path):
    """Waves on a line with land, by classes in a file; and a simulation scored on a file.

    A linear system in five modes, which linear dynamics continue: no error but that of the filter.
    """
    checkout = built.copy(tmp_path)
    rng = np.random.default_rng(0)
    for split, count in {"train": 6, "validation": 2, "test": 2}.items():
        phase = rng.uniform(0, 6, size=(count, 1, 1))
        wave = np.sin(0.3 * np.arange(40)[:, None] - np.arange(5) + phase)
        state = np.stack([wave, wave**2], axis=-1)
        state[:, :, 3] = np.nan  # land
        xr.Dataset(
            {"state": (("sample", "time", "depth", "component"), state)},
            coords={
                "time": ("time", 2 + 0.5 * np.arange(40), {"units": "days"}),
                "depth": ("depth", np.arange(5.0), {"units": "m"}),
                "component": ["heat", "salt"],
            },
        ).to_netcdf(checkout / f"{split}.nc")
    shutil.copy(checkout / "results/datasets/vdp/test.nc", checkout / "vdp_test.nc")
    config = yaml.safe_load((checkout / "config.yaml").read_text())
    config["datasets"]["lake"] = {
        "source": "files",
        **{split: f"{split}.nc" for split in ("train", "validation", "test")},
    }
    copy = dict.fromkeys(("train", "validation", "test"), "vdp_test.nc")
    config["datasets"]["copy"] = {"source": "files", **copy}
    config["experiments"]["lake"] = {
        "dataset": "lake",
        "warmup": 5.0,
        "autoencoder": {"name": "mine.py:Modes", "count": 5},
        "smoothing": {"window": 5, "order": 2},
        "rnn": {"name": "mine.py:Linear"},
    }
    shutil.copy(Path(__file__).with_name("own_classes.py"), checkout / "mine.py")
    config["experiments"]["vdp"]["test_dataset"] = "copy"
    (checkout / "config.yaml").write_text(yaml.safe_dump(config))

    kinds = ("dataset", "training", "particles", "latents", "errors", "reconstruction_particles")
    figures = [f"results/lake/figures/{kind}.png" for kind in (*kinds, "animation")]
    tables = [f"results/{name}/led_errors.csv" for name in ("lake", "vdp")]
    checkout.run(*figures, *tables, "results/lake/report.html", "--cores", "2")
    forecast = files.read(checkout / "results/lake/forecast.nc")
    assert forecast["prediction"].dims == ("sample", "time", "depth", "component")
    np.testing.assert_allclose(forecast["time"], np.arange(7.0, 22.0, 0.5))
    for name in ("prediction", "truth", "reconstruction"):
        missing = np.isnan(forecast[name]).values
        assert missing[:, :, 3].all()
        assert not np.delete(missing, 3, axis=2).any()
    np.testing.assert_allclose(forecast["prediction"], forecast["truth"], atol=0.05)
    assert forecast["time"].attrs["units"] == "days"
    assert "solver" not in forecast["stage"].values
    assert set(pd.read_csv(checkout / "results/lake/led_errors.csv")["component"]) == {
        "heat",
        "salt",
        "all",
    }
    mixed = (checkout / "results/vdp/led_errors.csv").read_text().splitlines()
    simulated = (built / "results/vdp/led_errors.csv").read_text().splitlines()
    # files do not name their system: no errors of period and phase, nor of the samples
    absent = ("period_error", "phase", "truth,")
    assert mixed == [row for row in simulated if not any(word in row for word in absent)]


def test_results_may_lie_in_another_folder_than_the_workflow(tmp_path):
    """With the configuration that lies next to the Snakefile, or one of their own."""
    (tmp_path / "LED").mkdir()
    (tmp_path / "elsewhere").mkdir()
    checkout = Checkout.fresh(tmp_path / "LED")
    where = ("--directory", str(tmp_path / "elsewhere"))
    target = "results/datasets/vdp/train.nc"
    checkout.run(target, "--cores", "1", *where)
    assert files.read(tmp_path / "elsewhere" / target)["state"].sizes["sample"] == 4
    assert checkout.planned(target, *where) == set()
    config = (checkout / "config.yaml").read_text().replace("seed: 7", "seed: 8")
    (tmp_path / "elsewhere" / "config.yaml").write_text(config)
    assert "Merge the train samples of vdp" in checkout.planned(target, *where)


def test_the_workflow_is_a_module_of_another(tmp_path):
    """With a prefix, and a configuration of the other workflow."""
    (tmp_path / "LED").mkdir()
    Checkout.fresh(tmp_path / "LED")
    snakefile = next(block for block in blocks("docs/python.md", "python") if "module led" in block)
    (tmp_path / "Snakefile").write_text(f'configfile: "own.yaml"\n{snakefile}')
    config = yaml.safe_load((ROOT / "tests/config.yaml").read_text())
    (tmp_path / "own.yaml").write_text(yaml.safe_dump({"led": config}))
    outer = Checkout(tmp_path)
    merged = "surrogate/results/datasets/vdp/train.nc"
    outer.run(merged, "--cores", "1")
    assert files.read(outer / merged)["state"].sizes["sample"] == 4
    assert outer.planned(merged) == set()
    planned = outer.planned("surrogate/results/vdp/led_errors.csv")
    assert "Train network 0 of vdp" in planned
    assert "Simulate batch 0000 of the train samples of vdp" not in planned
