"""What of the time of a whole run of `fhn` its scripts do not spend on their own work."""

import ast
import csv
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from benchmarks.timing import Row, seconds

PARTS = ("Snakefile", "config.yaml", "workflow", "profiles", "envs")
EXPERIMENT = "fhn"
SCRIPTS = Path("workflow/scripts")


def measure():
    """Yield a row of a run from nothing to the errors, a job after the other."""
    with tempfile.TemporaryDirectory() as folder:
        for part in PARTS:
            copy = shutil.copytree if Path(part).is_dir() else shutil.copy
            copy(part, Path(folder, part))
        command = [sys.executable, "-m", "snakemake", "--cores", "1"]
        command += [f"results/{EXPERIMENT}/led_errors.csv"]
        run = {"cwd": folder, "check": True, "stdout": subprocess.DEVNULL}
        total = seconds(lambda: subprocess.run(command, stderr=subprocess.DEVNULL, **run))
        jobs = [_job(path) for path in Path(folder, "results", "benchmarks").rglob("*.tsv")]
    start = sum(_start(rule) for rule, _ in jobs)
    work = sum(max(0.0, spent - _start(rule)) for rule, spent in jobs)
    yield Row(
        f"a run of {EXPERIMENT}, {len(jobs)} jobs: all of it / work of the scripts",
        f"{total:.0f} s",
        f"{work:.0f} s",
        f"{(total - work) / total:.0%} overhead, {start / total:.0%} imports",
        "at most 25 %",
    )


def _job(path):
    """Return the rule of a job, with which the name of its file begins, and its seconds."""
    with open(path) as file:
        (row,) = csv.DictReader(file, delimiter="\t")
    names = sorted((script.stem for script in SCRIPTS.glob("*.py")), key=len)
    return [name for name in names if path.stem.startswith(name)][-1], float(row["s"])


@cache
def _start(rule):
    """Return the seconds in which Python starts and imports what the script of a rule does."""
    source = (SCRIPTS / f"{rule}.py").read_text()
    nodes = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Import | ast.ImportFrom)]
    imports = ["import snakemake.script", *map(ast.unparse, nodes)]
    command = [sys.executable, "-c", "\n".join(imports)]
    environment = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "2"}
    return seconds(lambda: subprocess.run(command, check=True, env=environment))
