"""What the tests share."""

import os
import sys

import pytest

WORKFLOW = "tests/workflow/"

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")


@pytest.fixture(scope="session", autouse=True)
def one_thread():
    """TensorFlow takes its number of threads once, before it computes anything."""
    if "keras" in sys.modules:
        from led.jobs import runtime

        runtime.use_keras(seed=0, threads=1)


def pytest_collection_modifyitems(items):
    """Begin with the tests of the workflow, which take longest."""
    items.sort(key=lambda item: not item.nodeid.startswith(WORKFLOW))
