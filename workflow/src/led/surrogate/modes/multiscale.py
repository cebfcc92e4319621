"""Macro steps in latent space and micro steps of the solver, in turns."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from led.data.frames import phases
from led.jobs.options import Positive
from led.surrogate.modes.base import Mode, Stopwatch
from led.surrogate.modes.steps import Steps

HISTORY = 4  # steps before a phase that the spline between the steps knows


@dataclass(frozen=True, kw_only=True)
class Multiscale(Mode):
    """The surrogate and the solver in turns.

    A macro phase of latent steps comes first, then a micro phase: the solver continues the decoded
    state, the networks listen to what it finds, and the next macro phase begins. They keep their
    memory over all phases: a network that begins anew is wrong at first. What the solver finds is
    not smoothed. Vlachas, Arampatzis, Uhler, Koumoutsakos, Nature Machine Intelligence 4 (2022).

    Parameters
    ----------
    micro : float
        Time of a micro phase. This and that of a macro phase are multiples of the time of a step of
        the networks: ``stride`` frames of the training samples.
    ratio : float
        Time of a macro phase over that of a micro phase. The speed-up is at most 1 + ratio. A list
        makes a forecast of each, with the ratio at the end of its name.
    """

    micro: Positive
    ratio: Positive

    needs_solver: ClassVar[bool] = True

    def forecast(self, surrogate, task):
        macro, micro = phases(self.micro, self.ratio, task.interval, surrogate.members[0].stride)
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

    Each phase ends with a step of the networks, but for the last one.

    Attributes
    ----------
    states : list of ndarray, shape (sample, chosen, *grid, component)
        The frames that are asked for, of each phase.
    clock : led.surrogate.modes.base.Stopwatch
    """

    def __init__(self, surrogate, task):
        self.surrogate, self.task, self.states = surrogate, task, []
        self.clock = Stopwatch("encode", "roll", "decode", "micro")
        self.steps = steps = Steps.of(surrogate, task.known, len(task.times) - 1)
        with self.clock("encode"):
            seen = surrogate.encode(task.window.values[:, steps.needed])
        heard = steps.heard(seen)
        self.driving = steps.inputs(task.inputs, len(heard) // task.window.sizes["sample"])
        size = steps.known + steps.ahead
        self.latents = np.zeros((len(heard), size, heard.shape[-1]), heard.dtype)  # of all steps
        self.memories, self.done = [None] * len(surrogate.members), 0
        self._listen(heard)

    def by_surrogate(self, start, stop):
        """Forecast the frames from `start` to `stop`; decode the chosen ones, and the last one."""
        known, spacing = self.task.known, self.steps.spacing
        shown = self._chosen(start, stop)
        decoded = np.union1d(shown, [stop - 1])
        with self.clock("roll"):
            count, between = (
                self._steps_until(stop),
                (known + stop - 1 - self.steps.first) % spacing,
            )
            first = max(0, self.done - HISTORY)
            if count > self.done:
                self.latents[:, self.done : count], self.memories = self._advance(self.done, count)
                self.done = count
            if between:  # the step behind the phase: for the spline alone, no memory keeps it
                self.latents[:, count : count + 1], _ = self._advance(count, count + 1)
            series = self.latents[:, first : count + between]
            latents = self.steps.at(series, known + decoded - first * spacing)
        following = None if self.task.inputs is None else self.task.inputs[:, known + decoded]
        with self.clock("decode"):
            states = self.surrogate.decode(latents, following)
        self.states.append(states[:, : len(shown)])
        self.last = states[:, -1]

    def by_solver(self, start, stop):
        """Continue the last state from `start` to `stop`; the networks listen to what was found.

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
        steps = np.arange(self.done, self._steps_until(stop))
        if len(steps):  # the last phase may end before a step
            frames = self.steps.first + self.steps.spacing * steps - task.known - start
            with self.clock("encode"):
                heard = self.surrogate.encode(states[:, frames])
            with self.clock("roll"):
                self._listen(heard)

    def _steps_until(self, stop):
        """Return the number of steps before the frame `stop` of the forecast."""
        return (self.task.known + stop - 1 - self.steps.first) // self.steps.spacing + 1

    def _listen(self, heard):
        given = self._inputs(self.done, self.done + heard.shape[1])
        self.latents[:, self.done : self.done + heard.shape[1]] = heard
        self.memories = [
            member.listen(heard, memory, **given)
            for member, memory in zip(self.surrogate.members, self.memories, strict=True)
        ]
        self.done += heard.shape[1]

    def _advance(self, start, stop):
        """Return the mean latents of some steps, and the memories after them."""
        given = self._inputs(start, stop)
        pairs = [
            member.advance(memory, stop - start, **given)
            for member, memory in zip(self.surrogate.members, self.memories, strict=True)
        ]
        ahead, memories = zip(*pairs, strict=True)
        return np.mean(ahead, axis=0), [*memories]

    def _inputs(self, start, stop):
        """Return the inputs at some steps; dynamics without inputs need not take them."""
        return {} if self.driving is None else {"inputs": self.driving[:, start:stop]}

    def _chosen(self, start, stop):
        chosen = self.task.chosen
        return chosen[(chosen >= start) & (chosen < stop)]
