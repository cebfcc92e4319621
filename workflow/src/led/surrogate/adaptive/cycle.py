"""The cycle of an adaptive forecast: the solver and the surrogate in turns.

After AdaLED of Kicic, Vlachas, Arampatzis, Chatzimanolakis, Guibas, Koumoutsakos, Comput. Methods
Appl. Mech. Eng. 415, 116204 (2023).
"""

import time

import numpy as np

from led.autoencoders.trained import encode
from led.data.frames import whole_steps
from led.solvers.base import SolverError
from led.surrogate.adaptive.rules import errors_of
from led.surrogate.adaptive.track import Track
from led.surrogate.modes.base import Stopwatch

STAGES = ("warmup", "compare", "macro", "micro")
WARMUP, COMPARE, MACRO, MICRO = range(len(STAGES))
# all that changes from stage to stage, with the track of the members
ARRAYS = ("states", "state", "stages", "spread", "stage", "left", "number", "unproved")
SECONDS = ("encode", "micro", "macro", "decode", "train")


class Cycle:
    """An adaptive forecast of some samples, each in a stage of its own.

    In ``warmup`` the solver runs and the members listen. In ``compare`` solver and members run side
    by side. If the members were right all the time, they run alone in ``macro``, else the solver
    runs alone in ``micro``. Then the solver goes on, from the decoded state after ``macro``. The
    window that is given is the first warm-up.

    A macro stage ends early before the spread passes its limit. If the decoded states are not
    finite, or the solver fails with them before the next comparison, the solver makes these frames
    anew, and the cycle counts as rejected.

    Parameters
    ----------
    surrogate : led.surrogate.surrogate.Surrogate
        Its symmetric copies are not used.
    task : led.surrogate.modes.base.Task
    rules : led.surrogate.adaptive.rules.Rules
    online : led.surrogate.adaptive.online.Online, optional
        Trains the surrogate between cycles.
    novelty : led.surrogate.adaptive.novelty.Novelty, optional
        Measures how far comparisons are from the training samples.

    Attributes
    ----------
    states : ndarray, shape (sample, time, *grid, component)
        Of the window and the forecast, as all arrays over time.
    stages : ndarray of int, shape (sample, time)
        Places in `STAGES`.
    spread : ndarray, shape (sample, time)
        NaN where the members did not run.
    cycles : list of dict
        ``sample``, ``cycle``, ``begin`` (the last frame of the comparison), ``error`` and
        ``spread`` (their largest in the comparison), ``distance``, ``accepted``, ``macro``
        (frames) and ``ended``: by which the last stage did, ``length``, ``spread``, ``end`` (of the
        forecast) or ``failed``.
    clock : led.surrogate.modes.base.Stopwatch
        Of the stages in `SECONDS`.

    Raises
    ------
    ValueError
        If a comparison is longer than the forecast.
    """

    def __init__(self, surrogate, task, rules, online=None, novelty=None):
        self.surrogate, self.task, self.online = surrogate, task, online
        self.novelty = novelty
        self.clock = Stopwatch(*SECONDS)
        self.track = Track(surrogate, task, self.clock)
        self.stride = self.track.stride
        self.rules = rules.in_steps(self.stride)
        if self.rules.compare > len(task.times):
            raise ValueError(
                f"compare: found {self.rules.compare} frames, expected at most {len(task.times)}, "
                "those of the forecast"
            )
        window = task.window.values
        self.times = np.concatenate([task.window["time"].values, task.times])
        self.now, self.last = task.known - 1, len(self.times) - 1
        samples, frames = len(window), len(self.times)
        self.states = np.empty((samples, frames, *window.shape[2:]), window.dtype)
        self.states[:, : task.known] = window
        self.state = window[:, -1].astype(float)  # of the solver, not rounded
        self.stages = np.full((samples, frames), WARMUP, np.int8)
        self.spread = np.full((samples, frames), np.nan, np.float32)
        self.stage, self.left, self.number = np.zeros((3, samples), int)
        self.unproved = np.zeros(samples, bool)  # what the members forecast since may yet fail
        self.cycles = []
        self._listen(np.arange(samples))

    def run(self, checkpoint=None):
        """Go to the end of the forecast, and return self.

        Parameters
        ----------
        checkpoint : led.training.checkpoint.Checkpoint, optional
            Holds the state of a run, from which one that was cut short goes on. The results are the
            same as without the interruption, to the last bit.
        """
        if found := checkpoint and checkpoint.read():
            self._restore(*found)
        written = time.monotonic()
        while self.now < self.last:
            self.advance()
            if checkpoint and time.monotonic() - written >= checkpoint.every:
                checkpoint.write(*self._saved())
                written = time.monotonic()
        return self

    def _saved(self):
        """Return notes for JSON and arrays, from which `_restore` goes on."""
        notes = {"now": int(self.now), "cycles": self.cycles, "seconds": self.clock.seconds}
        arrays = {name: getattr(self, name) for name in ARRAYS} | self.track.saved()
        if self.online:
            notes["online"], learned = self.online.state()
            arrays |= {f"online_{name}": values for name, values in learned.items()}
        return notes, arrays

    def _restore(self, notes, arrays):
        self.now, self.cycles = notes["now"], notes["cycles"]
        self.clock.seconds = notes["seconds"]
        for name in ARRAYS:
            setattr(self, name, arrays[name])
        self.track.restore(arrays)
        if self.online:
            learned = {n.removeprefix("online_"): values for n, values in arrays.items()}
            self.online.restore(notes["online"], learned)
        print(f"going on at t = {self.times[self.now]:g}", flush=True)

    def advance(self):
        """Go on until a sample ends its stage, or to the end."""
        frames = int(min(self.left.min(), self.last - self.now))
        frames = self._roll(np.isin(self.stage, (COMPARE, MACRO)).nonzero()[0], frames)
        ahead = slice(self.now + 1, self.now + 1 + frames)
        solving = (self.stage != MACRO).nonzero()[0]
        if frames and len(solving):
            found = self._solve(solving, frames)
            self.states[solving, ahead] = found
            self.state[solving] = found[:, -1]
        self.stages[:, ahead] = self.stage[:, None]
        self.now += frames
        self.left -= frames
        self._change_stages()

    def _roll(self, rows, frames):
        """Advance the members of some samples; return for how many frames all may go on."""
        if not len(rows):
            return frames
        steps = -(-frames // self.stride)
        latents, spread, after = self.track.forecast(rows, self.now, steps)
        beyond = ~(spread <= self.rules.spread) & (self.stage[rows] == MACRO)[:, None]
        if beyond.any():
            good = np.where(beyond.any(axis=1), beyond.argmax(axis=1), steps)
            self.left[rows[good == 0]] = 0
            steps = int(good.min())
            frames = min(frames, steps * self.stride)
            if steps == 0:
                return 0
            latents, spread, after = self.track.forecast(rows, self.now, steps)
        self.track.keep(rows, self.now, latents, after)
        held = np.repeat(spread, self.stride, axis=1)[:, :frames]
        self.spread[rows, self.now + 1 : self.now + 1 + frames] = held
        return frames

    def _solve(self, rows, frames):
        """Return the states that the solver makes, (sample, frame, *grid, component)."""
        try:
            return self._solved(rows, self.now, self.state[rows], frames)
        except SolverError:
            if len(rows) > 1:
                return np.concatenate([self._solve(rows[[n]], frames) for n in range(len(rows))])
            if not self.unproved[rows[0]]:
                raise
            self._take_back(rows[0])
            return self._solve(rows, frames)

    def _solved(self, rows, start, states, frames):
        with self.clock("micro"):
            return self.task.simulation.advance(states, self.times[start], frames, rows)

    def _take_back(self, row):
        """Let the solver make the frames since the last comparison."""
        start, self.unproved[row] = self.track.heard[row], False
        states = self.states[[row], start].astype(float)
        found = self._solved(np.array([row]), start, states, self.now - start)[0]
        self.states[row, start + 1 : self.now + 1] = found
        self.state[row] = found[-1]
        self.stages[row, start + 1 : self.now + 1] = MICRO
        self._last_cycle(row).update(accepted=False, macro=0, ended="failed")

    def _change_stages(self):
        stages, ends = self.stage.copy(), self.left == 0
        if self.now == self.last:
            ends |= stages == MACRO
        changes = (WARMUP, self._listen), (COMPARE, self._decide), (MACRO, self._land)
        for stage, change in (*changes, (MICRO, self._begin)):
            if len(rows := (ends & (stages == stage)).nonzero()[0]):
                change(rows)
        if self.online and self.number.sum() // len(self.number) > self.online.rounds:
            with self.clock("train"):
                self.online.train()
            self._hear_again()

    def _listen(self, rows):
        """Begin a comparison, if the forecast lasts as long."""
        self.unproved[rows] = False
        if self.last - self.now < self.rules.compare:
            self._reject(rows, np.full((len(rows), 3), np.nan))
            self.left[rows] = self.last + 1 - self.now
            return
        self.track.hear(rows, self.states, self.now, self.task.known)
        self.stage[rows], self.left[rows] = COMPARE, self.rules.compare

    def _decide(self, rows):
        """Compare the last frames of solver and members, and accept or reject these."""
        frames = self.rules.compare
        found = self.track.decoded(rows, self.now - frames, frames)
        compared = slice(self.now + 1 - frames, self.now + 1)
        expected = self.states[rows, compared]
        errors = errors_of(found, expected, self.surrogate.autoencoder).max(axis=1)
        spread = self.spread[rows, compared].max(axis=1)
        measured = np.stack([errors, spread, self._distances(rows)], axis=1)
        accepted = self.rules.accept(*measured.T)
        self._reject(rows[~accepted], measured[~accepted])
        if len(rows := rows[accepted]):
            for row, numbers in zip(rows, measured[accepted], strict=True):
                self._note(row, numbers, accepted=True)
                self._collect(row, self.now)
            self.track.hear(rows, self.states, self.now, self.task.known + frames)
            self.stage[rows], self.unproved[rows] = MACRO, True

    def _distances(self, rows):
        """Return how far the last warm-up and comparison are from the training samples."""
        if not self.novelty:
            return np.zeros(len(rows))
        frames = self.task.known + self.rules.compare
        with self.clock("encode"):
            states = self.states[rows, self.now + 1 - frames : self.now + 1]
            return self.novelty.distance(encode(self.surrogate.autoencoder, states))

    def _reject(self, rows, measured):
        for row, numbers in zip(rows, measured, strict=True):
            self._note(row, numbers)
        self.stage[rows] = MICRO

    def _note(self, row, measured, accepted=False):
        """Begin the entry of a cycle, and draw the length of its last stage."""
        number = int(self.number[row])
        self.left[row] = self.rules.length(number, self.stride)
        entry = {"sample": int(row), "cycle": number, "begin": int(self.now)}
        entry |= dict(zip(("error", "spread", "distance"), map(float, measured), strict=True))
        self.cycles.append(entry | {"accepted": accepted, "macro": 0, "ended": "end"})

    def _land(self, rows):
        """Decode what the members forecast, and let the solver go on from there."""
        for start in np.unique(self.track.heard[rows]):
            group, frames = rows[self.track.heard[rows] == start], self.now - start
            for row in group:
                drawn = self.rules.length(self.number[row], self.stride)
                early = "end" if self.now == self.last else "spread"
                ended = "length" if frames == drawn else early
                self._last_cycle(row).update(macro=int(frames), ended=ended)
            if frames:
                found = self.track.decoded(group, start, frames)
                self.states[group, start + 1 : self.now + 1] = found
                self.state[group] = found[:, -1]
                for row in group[~np.isfinite(found).all(axis=tuple(range(1, found.ndim)))]:
                    self._take_back(row)
            else:
                self.unproved[group] = False
        self._begin(rows, self.rules.relax)

    def _begin(self, rows, relax=0):
        """Begin the next cycle."""
        for row in rows[self.stage[rows] == MICRO]:
            self._last_cycle(row)["ended"] = "length"
            self._collect(row, self.now)
        self.number[rows] += 1
        self.stage[rows] = WARMUP
        self.left[rows] = relax + whole_steps(self.task.known, self.stride)

    def _last_cycle(self, row):
        return next(entry for entry in reversed(self.cycles) if entry["sample"] == row)

    def _collect(self, row, end):
        """Hand the states of the solver since the last decoded one to the training."""
        if self.online:
            begin = self._last_cycle(row)["begin"] - self.rules.compare - self.task.known + 1
            self.online.add(self.states[row, begin : end + 1])

    def _hear_again(self):
        """Repeat what the running members have done with the weights that they now have."""
        for stage, frames in ((COMPARE, 0), (MACRO, self.rules.compare)):
            for end in np.unique(self.track.heard[self.stage == stage]):
                rows = ((self.stage == stage) & (self.track.heard == end)).nonzero()[0]
                self.track.hear(rows, self.states, end, self.task.known + frames)
                if steps := (self.now - end) // self.stride:
                    latents, _, after = self.track.forecast(rows, end, steps)
                    self.track.keep(rows, end, latents, after)
