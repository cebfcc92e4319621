"""The profiles: what they have in common, and that their names mean something."""

import json
import re
import subprocess

import pytest
import yaml

from led.jobs import files
from tests.workflow.conftest import ROOT, Checkout

CLUSTERS = ("slurm", "cluster-generic")

# A scheduler of a few lines with the commands of PBS; a job has the number of its process.
PBS = {
    "qsub": r"""
        echo "$@" >>requests
        setsid bash -c 'bash "$1" >$$.out 2>&1; echo $? >$$.exit' - "${@: -1}" >/dev/null 2>&1 &
        echo $!.here
    """,
    "qstat": r"""
        job=${!#}
        echo "Job Id: $job"
        if [ -e ${job%.here}.exit ]; then
            printf '    %s = %s\n' job_state F Exit_status $(cat ${job%.here}.exit)
        else
            printf '    %s = %s\n' job_state R
        fi
    """,
}


def profile(name):
    return yaml.safe_load((ROOT / "profiles" / name / "config.yaml").read_text())


def commands(folder, bodies):
    """Write executables into a folder; return an environment that finds them first."""
    folder.mkdir()
    for name, body in bodies.items():
        (folder / name).write_text(f"#!/usr/bin/env bash\n{body}\n")
        (folder / name).chmod(0o755)
    return {"PATH": f"{folder}:/usr/bin:/bin"}


@pytest.mark.parametrize("name", CLUSTERS)
def test_a_profile_of_a_cluster_has_the_general_options(name):
    assert profile("default").items() <= profile(name).items()


@pytest.mark.parametrize("name", CLUSTERS)
def test_a_profile_names_only_rules_and_groups_that_exist(name, built):
    """Snakemake ignores the others without a word."""
    found = profile(name)
    named = {
        rule for key in ("groups", "set-threads", "set-resources") for rule in found.get(key, ())
    }
    text = (ROOT / "profiles" / name / "config.yaml").read_text()
    named |= set(re.findall(r"^# +(\w+): \{", text, re.MULTILINE))
    assert {"simulate_batch", "time_generation"} <= named
    assert named <= set(built.run("--list-rules").split())
    assert set(found["group-components"]) <= set(found["groups"].values())


def test_a_run_on_pbs(tmp_path):
    """The profile as it is, with fake commands; one batch fails once."""
    checkout = Checkout.fresh(tmp_path / "checkout")
    script = checkout / "workflow/scripts/simulate_batch.py"
    line = "settings = snakemake.params.settings\n"
    failure = "if snakemake.resources.runtime == 10:\n    raise RuntimeError('only once')\n"
    assert line in script.read_text()
    script.write_text(script.read_text().replace(line, line + failure))
    command = ("results/datasets/vdp/test.nc", "--workflow-profile", "profiles/cluster-generic")
    quick = ("--seconds-between-status-checks", "1")
    environment = commands(tmp_path / "bin", PBS)
    output = checkout.run(*command, *quick, environment=environment)
    assert "RuntimeError: only once" in output
    assert (checkout / "results/datasets/vdp/test.nc").exists()
    requests = (checkout / "requests").read_text()
    asked = re.findall(r"ncpus=(\d+):mem=(\d+)mb -l walltime=(\d+):00", requests)
    assert asked == [("1", "501", "10"), ("1", "1001", "20"), ("1", "501", "30")]


@pytest.mark.parametrize("kept", [True, False], ids=["with its copy", "without"])
def test_jobs_have_the_configuration_that_was_planned(tmp_path, kept):
    """It is edited after it was planned, before the first job starts: Snakemake reads it again."""
    checkout = Checkout.fresh(tmp_path / "checkout")
    edit = "sed -i 's/seed: 7/seed: 8/' config.yaml\n" + "rm -f .snakemake/led/*\n" * (not kept)
    environment = commands(tmp_path / "bin", PBS | {"qsub": edit + PBS["qsub"]})
    command = ("results/datasets/vdp/batches/test/0000.nc", "--retries", "0")
    profile = ("--workflow-profile", "profiles/cluster-generic")
    quick = ("--seconds-between-status-checks", "1")
    output = checkout.run(*command, *profile, *quick, ok=kept, environment=environment)
    if kept:
        settings = json.loads(files.read(checkout / command[0]).attrs["settings"])
        assert settings["seed"] == 7
        assert "seed: 8" in (checkout / "config.yaml").read_text()
        # the next call knows that the file is not what the configuration says now
        assert checkout.planned(command[0]) == {"Simulate batch 0000 of the test samples of vdp"}
    else:
        assert "the configuration changed since this job was planned" in output + "".join(
            path.read_text() for path in checkout.folder.glob("*.out")
        )
        assert not (checkout / command[0]).exists()


@pytest.mark.parametrize(
    ("bodies", "status"),
    [
        ({"qstat": "echo '    job_state = Q'"}, "running"),
        ({"qstat": "echo '    job_state = F'; echo '    Exit_status = 0'"}, "success"),
        ({"qstat": "echo '    job_state = F'; echo '    Exit_status = 271'"}, "failed"),
        ({"qstat": "exit 153"}, "failed"),
        ({"qstat": "echo 'cannot connect to server' >&2; exit 1"}, "running"),
        ({"bjobs": "echo PEND"}, "running"),
        ({"bjobs": "echo 'LSF is down. Please wait' >&2; exit 255"}, "running"),
        ({"bjobs": "echo 'Job <7> is not found' >&2; exit 255"}, "failed"),
        ({"bjobs": "echo DONE"}, "success"),
        ({"bjobs": "echo EXIT"}, "failed"),
        ({"qacct": "exit 1", "qstat": "exit 0"}, "running"),
        ({"qacct": "echo 'exit_status  0'", "qstat": "exit 1"}, "success"),
        ({"qacct": "echo 'exit_status  137'", "qstat": "exit 1"}, "failed"),
    ],
)
def test_the_status_of_a_job(tmp_path, bodies, status):
    script = ROOT / "profiles/cluster-generic/status"
    environment = commands(tmp_path / "bin", bodies)
    found = subprocess.run([script, "7"], env=environment, capture_output=True, text=True)
    assert found.stdout == f"{status}\n"


def test_the_number_of_a_job_of_lsf(tmp_path):
    answer = "echo 'Job <7> is submitted to default queue <normal>.'"
    script = ROOT / "profiles/cluster-generic/bsub-number"
    environment = commands(tmp_path / "bin", {"bsub": answer})
    found = subprocess.run([script, "job.sh"], env=environment, capture_output=True, text=True)
    assert found.stdout == "7\n"
