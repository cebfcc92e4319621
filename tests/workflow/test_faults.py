"""What goes wrong: the user gets a message, and nothing finished is lost."""

import os
import random
import signal
import subprocess
import time
from contextlib import contextmanager

import pandas as pd
import psutil
import pytest
import xarray as xr

from tests.workflow.conftest import Checkout, kill


def test_a_wrong_configuration_is_reported_before_any_job(built):
    with built.configured(**{"experiments.fhn.autoencoder.latent_dims": 3}):
        output = built.run("--dry-run", ok=False)
    assert "experiments.fhn.autoencoder: unknown key 'latent_dims' (did you mean" in output
    assert "Traceback" not in output


def test_a_damaged_batch_is_named_and_made_again(built, tmp_path):
    checkout = built.copy(tmp_path)
    batch = checkout / "results/datasets/fhn/batches/validation/0000.nc"
    merged = checkout / "results/datasets/fhn/validation.nc"
    whole, before = batch.read_bytes(), merged.read_bytes()
    batch.write_bytes(whole[:1000])
    output = checkout.run("results/datasets/fhn/validation.nc", "--cores", "1", ok=False)
    advice = "rm results/datasets/fhn/batches/validation/0000.nc"
    assert "results/datasets/fhn/batches/validation/0000.nc: damaged batch" in output
    assert advice in output
    assert not merged.exists()
    log = (checkout / "results/logs/datasets/fhn/merge_batches_validation.log").read_text()
    assert log.startswith("Traceback")
    assert "led.jobs.files.FileError" in log

    batch.unlink()
    checkout.run("results/datasets/fhn/validation.nc", "--cores", "1")
    assert batch.read_bytes() == whole
    assert merged.read_bytes() == before


def kill_something(running, chance):
    """Kill all of a run, as a power cut does; Snakemake alone; or one of its jobs."""
    try:
        children = psutil.Process(running.pid).children(recursive=True)
    except psutil.NoSuchProcess:  # it has just ended
        children = []
    victim = chance.choice(["all", "snakemake", "job"])
    if victim == "all" or (victim == "job" and not children):
        kill(running)
    elif victim == "snakemake":  # its jobs go on, and meet those of the next run
        running.kill()
    else:
        chance.choice(children).kill()
    running.communicate()
    return psutil.wait_procs(children, timeout=60)


@pytest.mark.parametrize("count", [3, pytest.param(20, marks=pytest.mark.long)])
def test_killed_again_and_again_a_run_ends_with_the_same_numbers(built, tmp_path, count):
    """Kills at random moments; each time the same command, until it gets through."""
    chance = random.Random(4)
    checkout = Checkout.fresh(tmp_path)
    target = "results/fhn/led_errors.csv"
    command = (target, "--cores", "2", "--set-resources", "train_rnn:checkpoint_seconds=0")
    expected = (built / target).read_text()
    kills = 0
    while kills < count:
        if (checkout / target).exists():
            assert (checkout / target).read_text() == expected
            checkout = Checkout.fresh(tmp_path / str(kills))
        running = checkout.start(*command)
        time.sleep(chance.uniform(1, 8))
        if running.poll() is None:
            kill_something(running, chance)
            kills += 1
            checkout.run("--unlock")
        else:
            assert running.returncode == 0, running.communicate()[0]
    checkout.run(*command)
    assert (checkout / target).read_text() == expected
    assert list((checkout / "results").rglob(".*")) == []
    assert list((checkout / "results").rglob("*.npz")) == []


def test_a_killed_training_goes_on_where_it_was(built, tmp_path):
    """After SIGTERM, as at a time limit, and after SIGKILL: the weights do not depend on it."""
    checkout = built.copy(tmp_path / "killed")
    undisturbed = built.copy(tmp_path / "undisturbed")
    target, log = "results/vdp/rnn/0_history.csv", "results/logs/vdp/train_rnn_0.log"
    command = (target, "--cores", "1", "--set-resources", "train_rnn:checkpoint_seconds=0")
    longer = {"experiments.vdp.rnn.training.epochs": 40}
    with undisturbed.configured(**longer):
        undisturbed.run(*command)
    with checkout.configured(**longer):
        for signal in ("terminate", "kill"):
            running = checkout.start(*command)
            seen = epochs(checkout / log)
            while epochs(checkout / log) < seen + 5:
                assert running.poll() is None, running.stdout.read()
                time.sleep(0.02)
            for process in psutil.Process(running.pid).children(recursive=True):
                getattr(process, signal)()
            running.communicate()
            assert not (checkout / target).exists()
        checkout.run(*command)
    assert "going on after epoch" in (checkout / log).read_text()
    found, expected = (
        pd.read_csv(folder / target).drop(columns="seconds") for folder in (checkout, undisturbed)
    )
    pd.testing.assert_frame_equal(found, expected, check_exact=True)
    assert len(found) == 40
    assert list((checkout / "results").rglob("*.npz")) == []


def test_a_killed_adaptive_forecast_goes_on_where_it_was(built, tmp_path):
    checkout = built.copy(tmp_path / "killed")
    undisturbed = built.copy(tmp_path / "undisturbed")
    target = "results/fhn/forecasts/learning.nc"
    log = checkout / "results/logs/fhn/forecast_mode_learning.log"
    command = (target, "--cores", "1", "--set-resources", "forecast_mode:checkpoint_seconds=0")
    learning = {"mode": "adaptive", "error": 100.0, "spread": 100.0, "compare": 5.0}
    learning |= {"length": [2.0, 4.0], "train": {"steps": 100, "capacity": 16}}
    asked = {"experiments.fhn.forecasts.learning": learning}
    with undisturbed.configured(**asked):
        undisturbed.run(*command)
    with checkout.configured(**asked):
        running = checkout.start(*command)
        while not log.exists() or "online training 1" not in log.read_text():
            assert running.poll() is None, running.stdout.read()
            time.sleep(0.02)
        kill(running)
        assert not (checkout / target).exists()
        checkout.run("--unlock")
        checkout.run(*command)
    assert "going on at t = " in log.read_text()
    found, expected = (xr.load_dataset(folder / target) for folder in (checkout, undisturbed))
    for name in ("prediction", "cycle_stage", "latent_spread", "cycle_final_distance"):
        xr.testing.assert_equal(found[name], expected[name])
    assert list((checkout / "results").rglob("*.npz")) == []


def epochs(log):
    """Return the last epoch of a log."""
    lines = log.read_text().splitlines() if log.exists() else []
    epochs = [line for line in lines if line.startswith("epoch ")]
    return int(epochs[-1].split()[1].split("/")[0]) if epochs else 0


@contextmanager
def small_disk(folder):
    """Mount a file system on a folder; yields a function that sets how much is free on it."""
    folder.mkdir(parents=True)
    options = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    done = subprocess.run(options, capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {done.stderr.strip()}")

    def free(kilobytes):
        used = sum(path.stat().st_blocks for path in folder.rglob("*")) // 2
        size = f"remount,size={used + kilobytes}k"
        subprocess.run(["mount", "-o", size, str(folder)], check=True)

    try:
        yield free
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_on_a_full_disk_nothing_is_half_written(built, tmp_path):
    """While a batch, a merged split and a model are written; then with space again."""
    checkout = Checkout.fresh(tmp_path)
    batches = [f"results/datasets/fhn/batches/train/{batch:04d}.nc" for batch in range(3)]
    train, validation = (f"results/datasets/fhn/{split}.nc" for split in ("train", "validation"))
    with small_disk(checkout / "results") as free:
        for target, kilobytes, needed in (
            (batches[0], 16, []),
            (train, 40, batches),
            ("results/fhn/autoencoder.keras", 44, [train, validation]),
        ):
            free(10000)
            if needed:
                checkout.run(*needed, "--cores", "1")
            free(kilobytes)
            output = checkout.run(target, "--cores", "1", ok=False)
            assert f"{target}: cannot be written" in output
            assert "MiB are free on its file system" in output
            assert not (checkout / target).exists()
            assert list((checkout / "results").rglob(".*")) == []
        free(10000)
        checkout.run(target, "--cores", "1")
        assert (checkout / target).exists()
        assert (checkout / train).read_bytes() == (built / train).read_bytes()


def test_a_second_run_in_the_same_folder_is_refused(tmp_path):
    """The first one ends as if nothing had been."""
    checkout = Checkout.fresh(tmp_path)
    target = "results/datasets/fhn/train.nc"
    first = checkout.start(target, "--cores", "1")
    while not (checkout / "results/logs/datasets/fhn/simulate_batch_train_0000.log").exists():
        assert first.poll() is None, first.stdout.read()
        time.sleep(0.02)
    os.killpg(first.pid, signal.SIGSTOP)  # else it may end before the second one looks
    output = checkout.run(target, "--cores", "1", ok=False)
    assert "Directory cannot be locked" in output
    os.killpg(first.pid, signal.SIGCONT)
    output, _ = first.communicate()
    assert first.returncode == 0, output
    assert (checkout / target).exists()


def test_another_package_of_that_name_is_not_used(built, tmp_path):
    """A broken led in front of ours on the path of the user."""
    checkout = built.copy(tmp_path / "checkout")
    other = tmp_path / "other"
    (other / "led").mkdir(parents=True)
    (other / "led" / "__init__.py").write_text("raise ImportError('the wrong led')\n")
    (checkout / "results/vdp/figures/errors.png").unlink()
    command = ("results/vdp/figures/errors.png", "--cores", "1")
    checkout.run(*command, environment={"PYTHONPATH": str(other)})
    assert (checkout / "results/vdp/figures/errors.png").exists()
