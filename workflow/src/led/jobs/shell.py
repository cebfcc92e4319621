"""Commands of a user, which end when their job does."""

import os
import subprocess

# starts when it hears a line, which is when it has its guard, or not at all
COMMAND = 'read line && exec sh -c "$0" </dev/null'
# waits until its input ends, which is when the job does; a line says that the command has ended
GUARD = 'read line || kill -s KILL -- "-$0"'


def run(command, threads):
    """Run a command by ``sh``, with its output where that of the job is.

    The command and all that it starts are killed when this process ends, however that ends: another
    process watches it, since a job that is killed can do nothing itself.

    Parameters
    ----------
    command : str
    threads : int
        The command gets it as ``OMP_NUM_THREADS``.

    Returns
    -------
    int
        Its exit status; negative if a signal ended it.
    """
    process = subprocess.Popen(
        ["sh", "-c", COMMAND, command],
        stdin=subprocess.PIPE,
        env=os.environ | {"OMP_NUM_THREADS": str(threads)},
        start_new_session=True,
    )
    guard = subprocess.Popen(
        ["sh", "-c", GUARD, str(process.pid)], stdin=subprocess.PIPE, start_new_session=True
    )
    last = b""
    try:
        process.communicate(b"\n")
        status = process.returncode
        last = b"ended\n"
    finally:
        guard.communicate(last)
    return status
