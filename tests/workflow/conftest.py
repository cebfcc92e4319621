"""Checkouts of the workflow in temporary folders, with the small configuration of the tests."""

import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]


class Checkout:
    """A folder with the workflow, its configuration and its results."""

    def __init__(self, folder):
        self.folder = Path(folder)

    @classmethod
    def fresh(cls, folder):
        for part in ("workflow", "profiles", "envs"):
            shutil.copytree(
                ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__")
            )
        shutil.copy(ROOT / "Snakefile", folder)
        shutil.copy(ROOT / "tests" / "config.yaml", folder)
        return cls(folder)

    def copy(self, folder):
        """Return a copy that may be changed; times of files are kept."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        return Checkout(folder)

    def __truediv__(self, path):
        return self.folder / path

    def start(self, *arguments, environment=None):
        """Start Snakemake in a process group of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "snakemake", *arguments],
            cwd=self.folder,
            env=os.environ | (environment or {}),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments, ok=True, environment=None):
        """Run Snakemake and return what it printed."""
        process = self.start(*arguments, environment=environment)
        output, _ = process.communicate()
        assert (process.returncode == 0) == ok, output
        return output

    def planned(self, *targets):
        """Return the messages of the jobs that Snakemake would run, all experiments by default."""
        output = self.run(*targets, "--dry-run")
        jobs = set(re.findall(r"^Job \d+: (.*)$", output, re.MULTILINE))
        return {job.partition(": see")[0] for job in jobs}

    @contextmanager
    def edited(self, path, change=lambda text: text + "\nEDITED = True\n"):
        """Edit a file for a while."""
        file = self.folder / path
        before = file.read_text()
        file.write_text(change(before))
        try:
            yield
        finally:
            file.write_text(before)

    def configured(self, **changes):
        """Change keys of config.yaml, written with dots, for a while."""

        def change(text):
            config = yaml.safe_load(text)
            for path, value in changes.items():
                *parents, key = path.split(".")
                section = config
                for parent in parents:
                    section = section.setdefault(parent, {})
                section[key] = value
            return yaml.safe_dump(config)

        return self.edited("config.yaml", change)


def kill(process):
    """Kill Snakemake and all of its jobs at once, as a power cut does."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """All results of the small configuration; only for looking at.

    The first of several test processes makes them, and each has a copy of its own.
    """
    session = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        session = session.parent
    with open(session / "built.txt", "a+") as made:
        fcntl.flock(made, fcntl.LOCK_EX)
        made.seek(0)
        if not (folder := made.read()):
            checkout = Checkout.fresh(tmp_path_factory.mktemp("made"))
            checkout.run("--cores", "2")
            made.write(folder := str(checkout.folder))
    return Checkout(folder).copy(tmp_path_factory.mktemp("built"))
