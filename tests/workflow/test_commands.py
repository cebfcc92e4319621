"""Simulators of the user: that of the page from its source to the errors, and ones that fail."""

import os
import re
import shutil
import signal
import subprocess
import time

import numpy as np
import pandas as pd
import pytest
import yaml

from led.jobs import files
from tests.jobs.test_shell import runs
from tests.workflow.conftest import Checkout
from tests.workflow.test_own import SMALL, blocks

SPLITS = ("train", "validation", "test")
FLAKY = """
echo $(basename {parameters} .json) >>calls
fate=$(sed -n "$(wc -l <calls)p" fates)
test "$fate" = 0 && cp series.npy {output} || exit 7
"""


def configured(checkout, dataset, **experiment):
    """Write a configuration with the dataset `own`, and a small experiment on it."""
    own = {
        "source": "command",
        "draw": {"rate": {"uniform": [0, 1]}},
        "format": "npy",
        "dims": ["time", "x"],
        "dt": 0.5,
        "samples": {"train": 4, "validation": 1, "test": 1},
    } | dataset
    networks = {"autoencoder": {"name": "pca", "latent_dim": 2}, "rnn": {"training": SMALL}}
    config = {
        "datasets": {"own": own},
        "experiments": {"own": {"dataset": "own", "warmup": 2.0} | networks | experiment},
    }
    (checkout / "config.yaml").write_text(yaml.safe_dump(config))
    np.save(checkout / "series.npy", np.random.default_rng(0).normal(size=(20, 4)))


@pytest.mark.skipif(not shutil.which("cc"), reason="needs a compiler of C")
def test_the_simulator_of_the_readme_runs_from_its_source_to_the_errors(tmp_path):
    checkout = Checkout.fresh(tmp_path)
    (source,) = blocks("docs/simulator.md", "c")
    (checkout / "heat.c").write_text(source)
    compiled = ["cc", "-O2", "-Wall", "-o", "heat", "heat.c", "-lm"]
    subprocess.run(compiled, cwd=checkout.folder, check=True)
    config = yaml.safe_load(
        next(block for block in blocks("docs/simulator.md", "yaml") if "source: command" in block)
    )
    heat = config["datasets"]["heat"] | {"samples": {"train": 12, "validation": 2, "test": 2}}
    config["datasets"]["heat"] = heat | {"depends": ["heat.c"]}
    config["experiments"]["heat"]["rnn"] |= {"units": [4], "training": SMALL}
    (checkout / "heat.yaml").write_text(yaml.safe_dump(config))
    target = ("results/heat/led_errors.csv", "--configfile", "heat.yaml")
    checkout.run(*target, "--cores", "2")
    table = pd.read_csv(checkout / "results/heat/led_errors.csv")
    assert {"led", "persistence", "autoencoder"} <= set(table["forecaster"])

    # each step multiplies a sine of wave number one by the same factor
    train = files.read(checkout / "results/datasets/heat/train.nc")
    assert train["state"].shape == (12, 50, 32, 1)
    d, phase = (train[name].values[:, None, None] for name in ("diffusivity", "phase"))
    factor = 1 - 4 * 0.001 * d * 32**2 * np.sin(np.pi / 32) ** 2
    n, x = np.arange(50)[:, None], np.arange(32) / 32
    exact = factor ** (20 * n) * np.sin(2 * np.pi * (x + phase))
    np.testing.assert_allclose(train["state"][..., 0], exact, atol=1e-6)
    np.testing.assert_allclose(train["time"], 0.02 * np.arange(50))

    def made(*batches, splits=SPLITS):
        first = "Run the command for batch {} of the {} samples of heat"
        ran = {first.format(batch, split) for split in splits for batch in batches}
        return ran | {f"Merge the {split} samples of heat" for split in splits}

    targets = [f"results/datasets/heat/{split}.nc" for split in SPLITS]
    plan = (*targets, "--configfile", "heat.yaml")
    for name in ("heat", "heat.c"):
        os.utime(checkout / name)
    assert checkout.planned(*target) == set()
    every = made("0000") | made("0001", splits=["train"])
    with checkout.edited("heat.c", lambda text: f"{text}\n"):
        assert checkout.planned(*plan) == every
    program = (checkout / "heat").read_bytes()
    (checkout / "heat").write_bytes(program + b"\0")
    assert checkout.planned(*plan) == every
    (checkout / "heat").write_bytes(program)
    with checkout.edited("heat.yaml", lambda text: text.replace("./heat {", "./heat  {")):
        assert checkout.planned(*plan) == every
    with checkout.edited("heat.yaml", lambda text: text.replace("train: 12", "train: 21")):
        assert checkout.planned(*plan) == made("0001", "0002", splits=["train"])
    with checkout.edited("heat.yaml", lambda text: re.sub("(mem_mb|runtime): ", r"\1: 1", text)):
        assert checkout.planned(*plan) == set()


def test_a_command_that_fails_at_times_runs_nothing_twice(tmp_path):
    """A message names each failure, and the next run goes on behind it."""
    checkout = Checkout.fresh(tmp_path / "a folder")
    configured(checkout, {"command": FLAKY})
    (checkout / "fates").write_text("0 1 0 0 1 0".replace(" ", "\n") + "\n")
    batch = "results/datasets/own/batches/train/0000.nc"
    for sample in (1, 3):
        output = checkout.run(batch, "--cores", "1", ok=False)
        assert f"sample {sample} of train: the command ended with exit status 7: " in output
        assert "test_a_command" in output.split("exit status 7")[1]  # the command with its paths
    checkout.run(batch, "--cores", "1")
    assert (checkout / "calls").read_text().split() == ["0", "1", "1", "2", "3", "3"]
    assert [path.name for path in (checkout / batch).parent.iterdir()] == ["0000.nc"]
    assert checkout.planned(batch) == set()


def test_what_an_experiment_asks_of_the_samples_is_checked_before_it_is_trained(tmp_path):
    checkout = Checkout.fresh(tmp_path)
    command = "cp series.npy {output} #{parameters}"
    configured(checkout, {"command": command}, warmup=50.0)
    target = "results/own/autoencoder.keras"
    output = checkout.run(target, "--cores", "2", ok=False)
    assert "experiments.own.warmup: found 50.0, expected 0.5 to 9.5, within a sample" in output
    assert "Train the autoencoder" not in output
    configured(checkout, {"command": command})
    assert not {job for job in checkout.planned(target) if job.startswith("Run")}


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="looks for processes in /proc")
def test_a_job_that_is_killed_ends_its_command(tmp_path):
    checkout = Checkout.fresh(tmp_path)
    slow = "echo $$ >self; test -e fast || sleep 100; cp series.npy {output}; : {parameters}"
    configured(checkout, {"command": slow})
    batch, log = "results/datasets/own/batches/test/0000.nc", checkout / "self"
    running = checkout.start(batch, "--cores", "1")
    deadline = time.monotonic() + 60
    while not log.exists() or not log.read_text():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    command = int(log.read_text())
    assert runs(command)
    os.killpg(running.pid, signal.SIGKILL)  # Snakemake and its jobs: a command has its own group
    running.wait()
    while runs(command):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    (checkout / "fast").write_text("")
    checkout.run("--unlock")
    checkout.run(batch, "--cores", "1")
    assert re.fullmatch(r"\d+\n", log.read_text())
    assert files.read(checkout / batch)["state"].shape == (1, 20, 4, 1)
