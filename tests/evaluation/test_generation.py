"""Timing of a dataset: all batches are made, by as many processes as are asked for."""

import os
import time

import pytest

from led.evaluation.generation import time_generation


def test_every_batch_is_made_once_for_each_number_of_cores(tmp_path):
    def simulate(samples):
        with open(tmp_path / "made", "a") as file:
            file.write(f"{samples.start} {os.getpid()}\n")
        time.sleep(0.05)

    found = time_generation(simulate, [range(0, 2), range(2, 4), range(4, 5)], cores=3)
    assert found["cores"].tolist() == [1, 2, 3]
    assert set(found["samples"]) == {5}
    assert set(found["batches"]) == {3}
    assert (found["seconds"] >= [0.15, 0.1, 0.05]).all()
    made = [line.split() for line in (tmp_path / "made").read_text().splitlines()]
    assert sorted(start for start, _ in made) == ["0"] * 3 + ["2"] * 3 + ["4"] * 3
    assert len({process for _, process in made}) == 1 + 2 + 3


def test_a_process_that_fails_is_reported():
    with pytest.raises(RuntimeError, match="a process failed"):
        time_generation(lambda samples: 1 / 0, [range(1)], cores=1)
