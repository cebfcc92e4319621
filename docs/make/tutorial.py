"""The tutorial, as its reader goes through it: files are written and commands run in a checkout."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd

from led.evaluation.diagnosis import CALM
from pictures import ROOT, picture

FOLDER = ROOT / "build/tutorial"
METRICS = ["rel_l2", "nrmse"]
BLOCK = re.compile(r'^```(\w+)(?: title="([^"]+)")?\n(.*?)^```$', re.MULTILINE | re.DOTALL)


def run():
    """Write the blocks with a title to files of this name, and run those of the shell.

    Raises
    ------
    subprocess.CalledProcessError
        If a command fails; what it printed is printed.
    """
    for part in ("workflow", "profiles", "envs"):
        shutil.copytree(ROOT / part, FOLDER / part, dirs_exist_ok=True)
    for part in ("Snakefile", "config.yaml"):
        shutil.copy(ROOT / part, FOLDER)
    for language, title, text in BLOCK.findall((ROOT / "docs/tutorial.md").read_text()):
        if title:
            (FOLDER / title).write_text(text)
        elif language == "sh":
            shell(text)


def shell(text):
    """Run commands in the checkout, with the Python that runs this; `led` need not be installed."""
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(FOLDER / "workflow/src"),
    }
    command = 'led() { python -m led "$@"; }\n' + text
    subprocess.run(["bash", "-euc", command], cwd=FOLDER, env=environment, check=True)


def errors(folder):
    """Return the medians of two errors of a folder of results, as a table of Markdown."""
    table = pd.read_csv(FOLDER / folder / "led_errors.csv")
    together = table[(table["component"] == "all") & table["metric"].isin(METRICS)]
    medians = together.groupby(["forecaster", "metric"], sort=False)["value"].median().unstack()
    rows = [["", *METRICS], ["---"] * (len(METRICS) + 1)]
    rows += [[name, *map("{:.3f}".format, row)] for name, row in medians[METRICS].iterrows()]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def diagnosis(folder):
    """Return what the diagnosis says of a folder of results, as a quotation of Markdown."""
    log = (FOLDER / folder.replace("results", "results/logs") / "report_errors.log").read_text()
    found = re.findall(r"ResultWarning: (.*)", log) or [CALM]
    return "\n>\n".join(f"> {text}" for text in found)


def coverage(folder):
    """Return the share of the truth that lies within the interval, as a sentence."""
    table = pd.read_csv(FOLDER / folder / "led_errors.csv")
    found = table.query("metric == 'coverage' and component == 'all' and lead_time.isna()")["value"]
    return f"{found.mean():.0%} of the truth on average, and {found.min():.0%} of the worst sample."


def figure(kind, title):
    """Return a figure of the test samples."""
    return picture(FOLDER / f"results/ring/figures/{kind}.png", title)
