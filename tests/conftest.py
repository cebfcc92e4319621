"""What the tests share."""

import os
import sys
from pathlib import Path

import pytest

WORKFLOW = Path(__file__).parent / "workflow"

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")


@pytest.fixture(scope="session", autouse=True)
def one_thread():
    """TensorFlow takes its number of threads once, before it computes anything."""
    if "keras" in sys.modules:
        from led.jobs import runtime

        runtime.use_keras(seed=0, threads=1)


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items):
    """Give one process the tests of the workflow, which share results, and the other the rest.

    The former take longest, and begin. The rest is divided by file: fixtures of a module are made
    once.
    """
    items.sort(key=lambda item: WORKFLOW not in item.path.parents)
    for item in items:
        name = "workflow" if WORKFLOW in item.path.parents else str(item.path)
        item.add_marker(pytest.mark.xdist_group(name))
