"""The workflow on a real Slurm, with the profile of the users."""

import os
import shlex
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress

import pytest

from tests.workflow.conftest import ROOT, Checkout, kill

CLUSTER = ROOT / "tests" / "slurm" / "cluster"
PROFILE = ("--workflow-profile", "profiles/slurm", "--slurm-init-seconds-before-status-checks", "2")
PATIENCE = 900  # seconds, on a very busy machine

# What goes wrong with the first attempt at each split. The limit of time, in minutes,
# distinguishes the attempts, and is met by the one that sleeps.
LIMIT = "30 if attempt > 1 else 1 if wildcards.split == 'validation' else 10"
MISHAPS = """
import os, subprocess, time
if snakemake.resources.runtime < 30:
    if settings["split"] == "train":
        raise RuntimeError("the reason of this failure")
    if settings["split"] == "test":
        subprocess.run(["scancel", os.environ["SLURM_JOB_ID"]], check=True)
    time.sleep(600)
"""


@pytest.fixture(scope="module")
def slurm(tmp_path_factory):
    """A cluster; without one, the tests are skipped, or fail where LED_REQUIRE_SLURM is set."""
    folder = tmp_path_factory.mktemp("slurm")
    up = subprocess.run([CLUSTER, "up", folder], capture_output=True, text=True)
    if up.returncode:
        subprocess.run([CLUSTER, "down", folder], check=False)
        reason = f"Slurm does not start here: {up.stderr.strip()}"
        (pytest.fail if os.environ.get("LED_REQUIRE_SLURM") else pytest.skip)(reason)
    yield
    subprocess.run([CLUSTER, "down", folder], check=True)


@pytest.fixture(scope="module")
def started(slurm, tmp_path_factory):
    """Two long runs, side by side as they mostly wait: an ordinary one, and one with mishaps."""
    runs = {name: Checkout.fresh(tmp_path_factory.mktemp(name)) for name in ("ordinary", "mishaps")}
    script = runs["mishaps"] / "workflow/scripts/simulate_batch.py"
    line = "settings = snakemake.params.settings\n"
    assert line in script.read_text()
    script.write_text(script.read_text().replace(line, line + MISHAPS))
    limit = ("--set-resources", f"simulate_batch:runtime={LIMIT}")
    alone = ("--group-components", "simulation=1")
    processes = {
        "ordinary": runs["ordinary"].start("results/fhn/led_errors.csv", *PROFILE),
        "mishaps": runs["mishaps"].start(*splits("vdp"), *PROFILE, *limit, *alone),
    }
    yield {name: (runs[name], process) for name, process in processes.items()}
    for process in processes.values():
        if process.poll() is None:
            kill(process)


def splits(dataset):
    return [f"results/datasets/{dataset}/{split}.nc" for split in ("train", "validation", "test")]


def ended(run):
    """Wait for a run and return its checkout and what it printed."""
    checkout, process = run
    output, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, output
    return checkout, output


def record(checkout):
    """Slurm's own record of the jobs of a checkout: (what it was, state, cores, limit of time)."""
    squeue = ["squeue", "--states=all", "--noheader", "--sort=i", "--format=%Z|%k|%T|%C|%l"]
    lines = subprocess.run(squeue, capture_output=True, text=True, check=True).stdout.splitlines()
    fields = [line.split("|") for line in lines]
    return [tuple(entry[1:]) for entry in fields if entry[0] == str(checkout.folder)]


def states(checkout, job):
    return [state for name, state, *_ in record(checkout) if name.startswith(f"rule_{job}")]


def wait_until(condition, process=None):
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        assert process is None or process.poll() is None, process.stdout.read()
        time.sleep(0.2)


def interrupted(process):
    """Press Ctrl-C, again if Snakemake has missed it, which was seen; return what it printed."""
    while True:
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            return process.communicate(timeout=8)[0]


def test_what_a_stopped_run_has_finished_is_kept(started, tmp_path):
    """Interrupted while it simulates, killed while it merges, and started again."""
    checkout = Checkout.fresh(tmp_path)
    command = (*splits("vdp"), *PROFILE)
    running = checkout.start(*command)
    wait_until(lambda: "RUNNING" in states(checkout, "simulation"), running)
    output = interrupted(running)
    assert running.returncode != 0, output
    wait_until(lambda: states(checkout, "simulation") == ["CANCELLED"])

    running = checkout.start(*command)
    wait_until(lambda: states(checkout, "merge_batches"), running)
    kill(running)
    wait_until(lambda: not {"PENDING", "RUNNING"} & {state for _, state, *_ in record(checkout)})
    batches = sorted(checkout.folder.glob("results/datasets/vdp/batches/*/*.nc"))
    before = [batch.stat().st_mtime_ns for batch in batches]
    assert len(before) == 3

    checkout.run("--unlock")
    checkout.run(*command)
    assert checkout.planned(*splits("vdp")) == set()
    assert [batch.stat().st_mtime_ns for batch in batches] == before
    assert states(checkout, "simulation") == ["CANCELLED", "COMPLETED"]
    assert states(checkout, "merge_batches") == ["COMPLETED"] * 3  # Slurm went on without Snakemake

    # what ended without Snakemake has no record of its parameters: docs/running.md adds it
    checkout.run(*splits("vdp"), "--cores", "1", "--touch", "--forceall")
    assert checkout.planned(*splits("vdp")) == set()
    with checkout.edited("workflow/scripts/merge_batches.py"):
        assert len(checkout.planned(*splits("vdp"))) == 3


def test_jobs_that_fail_are_cancelled_or_late_run_again(started):
    checkout, output = ended(started["mishaps"])
    assert Counter(states(checkout, "simulation")) == Counter(
        FAILED=1, CANCELLED=1, TIMEOUT=1, COMPLETED=3
    )
    assert output.count("Trying to restart job") == 3
    assert "RuntimeError: the reason of this failure" in output
    assert all((checkout / split).exists() for split in splits("vdp"))


def test_every_job_goes_through_slurm_and_small_ones_in_groups(started, built):
    checkout, output = ended(started["ordinary"])
    table = "results/fhn/led_errors.csv"
    assert (checkout / table).read_text() == (built / table).read_text()
    assert "23 of 23 steps (100%) done" in output
    found = record(checkout)
    scores = "calibrate_intervals_describe_surrogate_forecast_mode_report_errors_rollout_led"
    assert {state for _, state, *_ in found} == {"COMPLETED"}
    assert Counter(name.partition("_wildcards")[0] for name, *_ in found) == Counter(
        rule_simulation_simulate_batch=1,  # of 5 batches
        rule_merge_batches=3,
        rule_refine_samples=1,
        rule_train_autoencoder=1,
        rule_latents_encode_latents_smooth_latents=2,
        rule_train_rnn=2,
        rule_train_decoder=1,
        **{f"rule_scores_{scores}": 1},
    )
    # of the group, one after the other: the cores of one batch, ten minutes for each
    assert ("rule_simulation_simulate_batch", "COMPLETED", "1", "50:00") in found


def test_snakemake_may_run_in_a_job_of_its_own(slurm, tmp_path):
    """As docs/troubleshooting.md says, where login nodes forbid long processes."""
    checkout = Checkout.fresh(tmp_path)
    target = "results/datasets/vdp/train.nc"
    command = shlex.join([sys.executable, "-m", "snakemake", target, *PROFILE])
    batch = ["sbatch", "--wait", "--output", "printed.txt", "--wrap", command]
    subprocess.run(batch, cwd=checkout.folder, check=True, timeout=PATIENCE)
    assert (checkout / target).exists(), (checkout / "printed.txt").read_text()
    assert states(checkout, "merge_batches") == ["COMPLETED"]
