"""Two things, timed in turns: on shared machines only ratios of successive timings are reliable."""

import time
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Parameters
    ----------
    what : str
        What is compared with what.
    ours, other : str
        Both figures with their units.
    ratio : str
        The ratio, and what it is a ratio of.
    target : str
        What it should be.
    """

    what: str
    ours: str
    other: str
    ratio: str
    target: str

    def __str__(self):
        return f"| {self.what} | {self.ours} | {self.other} | {self.ratio} | {self.target} |"


def in_turns(ours, other, runs=5, clock=time.perf_counter):
    """Time two functions without arguments in turns, after one call of each that is not counted.

    Parameters
    ----------
    ours, other : callable
    runs : int
    clock : callable
        `time.perf_counter` for wall-clock time, `time.process_time` for CPU time of this process.

    Returns
    -------
    tuple of float
        Median seconds of `ours` and of `other`, and the median of the ratios other / ours.
    """
    ours()
    other()
    pairs = [(seconds(ours, clock), seconds(other, clock)) for _ in range(runs)]
    ratios = [theirs / own for own, theirs in pairs]
    return median(p[0] for p in pairs), median(p[1] for p in pairs), median(ratios)


def seconds(function, clock=time.perf_counter):
    """Return how long one call takes."""
    start = clock()
    function()
    return clock() - start
