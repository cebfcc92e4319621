"""Forecasts against our own solver at the same output times, and against the reference."""

import contextlib
import io
import time
from statistics import median

from benchmarks.cases import case, configuration
from benchmarks.timing import Row, in_turns, seconds
from led.jobs import runtime

SAMPLES = 100
# frames of a forecast; and of those, every how many-th is decoded, with the ratio to be reached
CASES = {
    "fhn": (800, {1: None, 20: 3, 800: 10}),
    "led_fhn": (1000, {1: None, 20: None, 1000: 10}),
    "lambda_omega": (40, {1: None, 20: None, 40: 10}),
    "kuramoto_sivashinsky": (200, {1: None, 20: None, 200: None}),
}
REFERENCE = 55e-3  # s a frame: the reference's forecast, measured once, at its best (55 to 75 ms)


def measure():
    """Yield the rows: CPU time of one thread for a frame of one sample, decoded or not.

    A forecast encodes its warm-up, which a solver has made. The solver starts from its last frame.
    """
    runtime.use_keras(seed=0, threads=1)
    config = configuration()
    for name, (frames, spacings) in CASES.items():
        chosen = case(config, name, SAMPLES, frames)
        found = {}
        for spacing, target in spacings.items():
            ours, theirs, ratio = in_turns(
                chosen.forecast(spacing), _silent(chosen.solver(spacing=spacing)), 5, _clock
            )
            found[spacing] = ours, theirs
            decoded = {1: "every frame", frames: f"the last of {frames} frames"}
            what = f"{name}, {decoded.get(spacing, f'one frame in {spacing}')} decoded, our solver"
            yield _row(what, chosen, ours, theirs, ratio, f"> {target}" if target else "")
        yield _break_even(name, found[1], found[frames], frames)
        if name == "fhn":
            yield _against_reference(chosen)


_clock = time.process_time


def _silent(function):
    def run():
        with contextlib.redirect_stdout(io.StringIO()):  # its progress
            return function()

    return run


def _row(what, chosen, ours, theirs, ratio, target):
    count = chosen.samples * chosen.frames
    times = (f"{1e6 * one / count:.3g} µs" for one in (ours, theirs))
    return Row(what, *times, f"{ratio:.2g} times as fast", target)


def _break_even(name, every, last, frames):
    """Return the row of the spacing from which on a forecast is cheaper than the solver.

    Both costs are linear in the number of frames that are decoded or stored.
    """
    (ours, theirs), (ours_last, theirs_last) = every, last
    share = 1 - 1 / frames
    decode, store = (ours - ours_last) / share, (theirs - theirs_last) / share
    gain = (theirs - store) - (ours - decode)
    spacing = "none" if gain <= 0 else f"{max(1.0, (decode - store) / gain):.3g} frames"
    return Row(f"{name}, break-even spacing", spacing, "", "", "")


def _against_reference(chosen):
    run = chosen.forecast(1)
    runs = (seconds(run, _clock) for _ in range(3))
    ours = median(runs) / chosen.samples / chosen.frames
    return Row(
        "fhn, every frame decoded, the reference's forecast",
        f"{1e6 * ours:.0f} µs",
        f"{1e3 * REFERENCE:.0f} ms",
        f"{REFERENCE / ours:.0f} times faster",
        "> 500",
    )
