"""What `led inspect` proposes runs as it is, and reaches what it has measured."""

import re
import subprocess
import sys

import pandas as pd
import pytest

from tests.inspection.test_proposal import waves
from tests.workflow.conftest import Checkout


def test_the_proposed_configuration_runs_and_has_the_error_that_was_measured(tmp_path):
    checkout = Checkout.fresh(tmp_path)
    (checkout / "mine").mkdir()
    for number, name in enumerate(("train", "validation", "test")):
        states = waves(4, number)
        states["state"] += 0.1 * states["state"] ** 2  # no longer linear
        states.to_netcdf(checkout / "mine" / f"{name}.nc")
    run = subprocess.run(
        [sys.executable, "-m", "led", "inspect", "mine", "--write", "mine.yaml"],
        cwd=tmp_path,
        env={"PYTHONPATH": "workflow/src"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "rnn: {name: least_squares" in run.stdout
    measured = float(re.search(r"their nrmse on the validation samples is (\S+),", run.stdout)[1])
    command = "results/mine/validation/led_errors.csv --cores 2 --configfile mine.yaml"
    checkout.run(*command.split())
    table = pd.read_csv(checkout / "results/mine/validation/led_errors.csv")
    found = table.query("forecaster == 'led' and component == 'all' and metric == 'nrmse'")
    assert found["value"].median() == pytest.approx(measured, rel=0.2)
    assert 1e-3 < measured < 0.15
