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
        clock = Stopwatch("encode", "roll", "decode", "micro")
        known, frames = task.known, len(task.times)
        wanted = np.isin(np.arange(frames), task.chosen)
        with clock("encode"):
            seen = surrogate.encode(task.window.values)
        latents = np.zeros((len(seen), known + frames, seen.shape[-1]), seen.dtype)
        latents[:, :known] = seen
        parts = []
        for start in range(0, frames, macro + micro):
            stop = min(start + macro, frames)
            end = min(stop + micro, frames)
            driving = task.inputs if task.inputs is None else task.inputs[:, start : known + stop]
            with clock("roll"):
                steps = Steps.of(surrogate, known, stop - start - 1)
                seen = latents[:, start : start + known][:, steps.needed]
                following = known + np.arange(stop - start)
                ahead = roll(surrogate, steps, seen, following, driving)
                latents[:, known + start : known + stop] = ahead.mean(axis=0)
            shown = start + np.flatnonzero(wanted[start:stop])
            decoded = np.union1d(shown, [stop - 1]) if end > stop else shown
            with clock("decode"):
                following = None if task.inputs is None else task.inputs[:, known + decoded]
                states = surrogate.decode(latents[:, known + decoded], following)
            parts.append(states[:, : len(shown)])
            if end > stop:
                with clock("micro"):
                    solved = task.simulation.advance(
                        states[:, -1], task.times[stop - 1], end - stop
                    )
                solved = solved.astype(states.dtype)
                parts.append(solved[:, wanted[stop:end]])
                with clock("encode"):
                    heard = solved[:, -known:]  # all that the next window can have
                    latents[:, known + end - heard.shape[1] : known + end] = surrogate.encode(heard)
        by_solver = np.arange(frames) % (macro + micro) >= macro
        return task.answer(
            np.concatenate(parts, axis=1),
            clock.seconds,
            micro=("time", by_solver[task.chosen].astype(np.int8)),
        )
