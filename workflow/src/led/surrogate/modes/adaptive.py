"""A forecast that hands over to the solver where the surrogate cannot be trusted."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from led.data.frames import frames_until, whole_steps
from led.jobs.options import Limit, NonNegative, Positive, PositiveInterval, Seed
from led.surrogate.adaptive import limits, measures
from led.surrogate.adaptive.cycle import STAGES, Cycle
from led.surrogate.adaptive.ensemble import Ensemble
from led.surrogate.adaptive.novelty import Novelty
from led.surrogate.adaptive.online import Online, OnlineTraining
from led.surrogate.adaptive.rules import Rules
from led.surrogate.modes.base import Mode


@dataclass(frozen=True, kw_only=True)
class Adaptive(Mode):
    """Surrogate and solver in turns: the surrogate runs where a comparison has accepted it.

    See `led.surrogate.adaptive.cycle.Cycle`. Its symmetric copies are not used. The warm-up of each
    cycle is as long as that of the experiment. Lengths are rounded up to whole frames, and to
    whole steps of the networks.

    Parameters
    ----------
    error : float or dict
        Largest error in a comparison: the mean square in a frame of what surrogate and solver
        differ by, in standard deviations of the training samples. ``{quantile: 0.9}`` takes that
        quantile of comparisons on validation samples.
    spread : float or dict
        Largest variance between the members, as a share of the variance of the training latents,
        in a comparison and after it; or a quantile. Members that predict variances add their mean.
    distance : float or dict, optional
        Largest distance of a warm-up and comparison from the nearest one in the training samples,
        as root mean square in standard deviations of the latents; or a quantile. It grows where
        the system has changed, which the variance between members need not do.
    compare : float
        Time of a comparison.
    length : [float, float]
        Times between which the length of each macro or micro stage is drawn.
    relax : float
        Time that the solver runs from a decoded state before the members listen to it.
    seed : int
        Of these lengths, and of what online training draws.
    train : led.surrogate.adaptive.online.OnlineTraining
        Train the networks on between cycles, on what the solver has made; not by default.
    """

    error: Limit = 0.01
    spread: Limit = 0.01
    distance: Limit | None = None
    compare: Positive
    length: PositiveInterval
    relax: NonNegative = 0.0
    seed: Seed = 0
    train: OnlineTraining = OnlineTraining(steps=0)

    needs_solver: ClassVar[bool] = True
    learns: ClassVar[bool] = True

    def forecast(self, surrogate, task):
        rules, novelty = self._rules(surrogate, task)
        online = None
        if self.train.steps:
            frames = task.known + rules.compare
            states = task.training["train"]
            online = Online(surrogate, self.train, task.known, frames, states, self.seed)
        return self._answer(Cycle(surrogate, task, rules, online, novelty).run(task.checkpoint))

    def timed(self, surrogate, task):
        rules, novelty = self._rules(surrogate, task)
        few = rules.compare + 2 * rules.longest + task.known
        short = replace(task, times=task.times[:few])
        Cycle(surrogate, short, rules, novelty=novelty).run()  # compiles
        return self.forecast(surrogate, task)

    def _rules(self, surrogate, task):
        """Return the rules, and the measure of novelty if there is a limit of it."""
        times = np.concatenate([task.window["time"].values, task.times])
        step = times[-1] - times[-2]
        shortest, longest = (frames_until(time, step) for time in self.length)
        stride = surrogate.members[0].stride
        compare = whole_steps(frames_until(self.compare, step), stride)
        novelty = None
        if self.distance is not None:
            frames = task.known + compare
            given = surrogate, Ensemble(surrogate.members), task.training["train"], frames
            novelty = Novelty.of(*given, self.seed)
        bounds = [self.error, self.spread, np.inf if self.distance is None else self.distance]
        if any(isinstance(bound, dict) for bound in bounds):
            states = task.training["validation"]
            found = limits.measured(surrogate, states, task.known, compare, novelty=novelty)
            bounds = [
                float(np.quantile(values, bound["quantile"])) if isinstance(bound, dict) else bound
                for bound, values in zip(bounds, found, strict=True)
            ]
        error, spread, distance = bounds
        lengths = compare, shortest, longest, frames_until(self.relax, step)
        return Rules(error, spread, *lengths, self.seed, distance), novelty

    def _answer(self, cycle):
        task, chosen = cycle.task, cycle.task.known + cycle.task.chosen
        names = {"flag_values": np.arange(len(STAGES), dtype=np.int8)}
        names["flag_meanings"] = " ".join(STAGES)
        table = measures.cycles(cycle)
        entries = {f"cycle_{name}": ("cycle", values.to_numpy()) for name, values in table.items()}
        return task.answer(
            cycle.states[:, chosen],
            cycle.clock.seconds,
            cycle_stage=(("sample", "time"), cycle.stages[:, chosen], names),
            latent_spread=(("sample", "time"), cycle.spread[:, chosen]),
            utilisation=("sample", measures.utilisation(cycle)),
            **entries,
        ).assign_attrs(error_limit=cycle.rules.error, spread_limit=cycle.rules.spread)
