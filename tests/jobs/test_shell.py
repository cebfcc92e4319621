"""Commands of a user: their exit status, their threads, and their end."""

import os
import signal
import subprocess
import sys
import time

import pytest

from led.jobs import shell, sources

JOB = """
import sys
from led.jobs import shell
print(shell.run(sys.argv[1], 1), flush=True)
"""


def test_the_exit_status_is_that_of_the_command(capfd):
    assert shell.run("echo $OMP_NUM_THREADS; exit 3", 7) == 3
    assert capfd.readouterr().out == "7\n"
    assert shell.run("true", 1) == 0
    assert shell.run("kill -9 $$", 1) == -9
    assert shell.run("read line", 1) == 1  # nothing to read


def runs(process):
    """Whether a process runs, and is no zombie that nobody asks for."""
    try:
        with open(f"/proc/{process}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="looks for processes in /proc")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_command_and_what_it_starts_end_with_the_job(tmp_path, how):
    command = f"cd {tmp_path}; sleep 999 & echo $! >child; echo $$ >self; sleep 999; true"
    environment = os.environ | {"PYTHONPATH": str(sources.LIBRARY.parent)}
    job = subprocess.Popen(
        [sys.executable, "-c", JOB, command], env=environment, stderr=subprocess.DEVNULL
    )
    try:
        deadline = time.monotonic() + 90
        while not (tmp_path / "self").exists() or not (tmp_path / "self").read_text():
            assert time.monotonic() < deadline
            time.sleep(0.01)
        started = [int((tmp_path / name).read_text()) for name in ("self", "child")]
        assert all(map(runs, started))
    finally:
        job.send_signal(how)
        job.wait()
    while any(map(runs, started)):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_what_outlives_its_command_is_left_alone(tmp_path):
    """The end of a command is no reason to kill: only that of the job is."""
    assert shell.run(f"(sleep 0.3; echo done >{tmp_path}/late) &", 1) == 0
    time.sleep(1)
    assert (tmp_path / "late").read_text() == "done\n"
