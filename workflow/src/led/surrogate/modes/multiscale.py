"""Macro steps in latent space and micro steps of the solver, in turns."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from led.data.frames import phases
from led.jobs.options import Positive
from led.surrogate.modes.base import Mode, Stopwatch
from led.surrogate.modes.latent import roll
from led.surrogate.modes.steps import Steps


@dataclass(frozen=True, kw_only=True)
class Multiscale(Mode):
    """The surrogate and the solver in turns.

    A macro phase of latent steps comes first, then a micro phase: the solver continues the decoded
    state. The networks listen to what the solver found, and the next macro phase begins. Before
    each macro phase they listen to as much time as the warm-up has, counted back from its start:
    to the micro phase and, if that is shorter, to what was forecast before it. Vlachas,
    Arampatzis, Uhler, Koumoutsakos, Nature Machine Intelligence 4 (2022).

    Parameters
    ----------
    micro : float
        Time of a micro phase, a multiple of the time between two frames of the training samples.
    ratio : float
        Time of a macro phase over that of a micro phase. The speed-up is at most 1 + ratio. A list
        makes a forecast of each, with the ratio at the end of its name.
    """

    micro: Positive
    ratio: Positive

    needs_solver: ClassVar[bool] = True

    def forecast(self, surrogate, task):
        macro, micro = phases(self.micro, self.ratio, task.interval)
        turns, frames = Turns(surrogate, task), len(task.times)
        for start in range(0, frames, macro + micro):
            stop = min(start + macro, frames)
            turns.by_surrogate(start, stop)
            if stop < frames:
                turns.by_solver(stop, min(stop + micro, frames))
        flags = task.chosen % (macro + micro) >= macro
        states = np.concatenate(turns.states, axis=1)
        return task.answer(states, turns.clock.seconds, micro=("time", flags.astype(np.int8)))


class Turns:
    """A forecast that surrogate and solver continue in turns.

    Attributes
    ----------
    states : list of ndarray, shape (sample, chosen, *grid, component)
        The frames that are asked for, of each phase.
    clock : led.surrogate.modes.base.Stopwatch
    """

    def __init__(self, surrogate, task):
        self.surrogate, self.task = surrogate, task
        self.clock, self.states = Stopwatch("encode", "roll", "decode", "micro"), []
        with self.clock("encode"):
            seen = surrogate.encode(task.window.values)
        frames = task.known + len(task.times)
        self.latents = np.zeros((len(seen), frames, seen.shape[-1]), seen.dtype)
        self.latents[:, : task.known] = seen

    def by_surrogate(self, start, stop):
        """Forecast the frames from `start` to `stop`; decode the chosen ones, and the last one."""
        task, known = self.task, self.task.known
        steps = Steps.of(self.surrogate, known, stop - start - 1)
        seen = self.latents[:, start : start + known][:, steps.needed]
        driving = None if task.inputs is None else task.inputs[:, start : known + stop]
        with self.clock("roll"):
            frames = known + np.arange(stop - start)
            ahead = roll(self.surrogate, steps, seen, frames, driving).mean(axis=0)
        self.latents[:, known + start : known + stop] = ahead
        shown = self._chosen(start, stop)
        decoded = np.union1d(shown, [stop - 1])
        following = None if task.inputs is None else task.inputs[:, known + decoded]
        with self.clock("decode"):
            states = self.surrogate.decode(ahead[:, decoded - start], following)
        self.states.append(states[:, : len(shown)])
        self.last = states[:, -1]

    def by_solver(self, start, stop):
        """Continue the last state from `start` to `stop`, and encode what was found.

        Raises
        ------
        ValueError
            If that state is not finite.
        led.solvers.base.SolverError
            If the solver cannot continue it.
        """
        task, time = self.task, self.task.times[start - 1]
        bad = ~np.isfinite(self.last.reshape(len(self.last), -1)).all(axis=1)
        if bad.any():
            sample = task.window["sample"].values[bad][0]
            raise ValueError(
                f"sample {sample}: found a forecast that is not finite at t = {time:g}, expected a "
                "state that the solver can continue: the dynamics have diverged"
            )
        with self.clock("micro"):
            states = task.simulation.advance(self.last, time, stop - start)
        states = states.astype(self.last.dtype)
        self.states.append(states[:, self._chosen(start, stop) - start])
        heard = states[:, -task.known :]  # all that the next window can have
        with self.clock("encode"):
            latents = self.surrogate.encode(heard)
        end = task.known + stop
        self.latents[:, end - heard.shape[1] : end] = latents

    def _chosen(self, start, stop):
        chosen = self.task.chosen
        return chosen[(chosen >= start) & (chosen < stop)]
