"""How long a dataset takes, on one core and on several."""

import multiprocessing
import time

import pandas as pd


def time_generation(simulate, batches, cores):
    """Simulate all batches on 1, 2, 4, ... and all cores, and time each.

    Parameters
    ----------
    simulate : callable
        Of one batch; what it returns is thrown away.
    batches : sequence of range
        The numbers of the samples of each batch.
    cores : int
        The largest number of processes.

    Returns
    -------
    pandas.DataFrame
        Columns ``cores, seconds, samples, batches``; wall-clock time, start of the processes
        included.

    Raises
    ------
    RuntimeError
        If a process fails; its traceback is in the log.
    """
    counts = sorted({2**power for power in range(cores.bit_length())} | {cores})
    return pd.DataFrame(
        {
            "cores": counts,
            "seconds": [_seconds(simulate, batches, count) for count in counts],
            "samples": sum(map(len, batches)),
            "batches": len(batches),
        }
    )


def _seconds(simulate, batches, count):
    # fork: a new interpreter would run the script of the job once more
    context = multiprocessing.get_context("fork")
    processes = [
        context.Process(target=_simulate_all, args=(simulate, batches[number::count]))
        for number in range(count)
    ]
    start = time.perf_counter()
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    seconds = time.perf_counter() - start
    if any(process.exitcode for process in processes):
        raise RuntimeError("a process failed: its traceback is above")
    print(f"{count} cores: {seconds:.2f} s", flush=True)
    return seconds


def _simulate_all(simulate, batches):
    for batch in batches:
        simulate(batch)
