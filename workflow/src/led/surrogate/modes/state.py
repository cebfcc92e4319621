"""A forecast that goes through the state: decoded and encoded again in each step."""

from dataclasses import dataclass

import numpy as np

from led.surrogate.modes.base import Mode, Stopwatch
from led.surrogate.modes.steps import Steps


@dataclass(frozen=True)
class State(Mode):
    """The forecast, decoded and encoded again in each step of the networks.

    The networks hear what the encoder makes of the decoded state. So the latents stay where those
    of states lie, but the errors of the autoencoder add up. What is asked for is decoded once more
    at the end, also between the steps.
    """

    def forecast(self, surrogate, task):
        clock = Stopwatch("encode", "roll", "decode")
        steps = Steps.of(surrogate, task.known, task.chosen[-1])
        with clock("encode"):
            seen = surrogate.encode(task.window.values[:, steps.needed])
        heard = steps.heard(seen)
        driving = steps.inputs(task.inputs, len(heard) // task.window.sizes["sample"])

        def at(start, stop):  # dynamics without inputs need not take them
            return {} if driving is None else {"inputs": driving[:, start:stop]}

        members, series = surrogate.members, [heard]
        with clock("roll"):
            memories = [member.listen(heard, **at(0, steps.known)) for member in members]
        for step in range(steps.known, steps.known + steps.ahead):
            now = at(step, step + 1)
            with clock("roll"):
                ahead = [
                    member.advance(memory, 1, **now)[0]
                    for member, memory in zip(members, memories, strict=True)
                ]
                series.append(np.mean(ahead, axis=0))
            with clock("decode"):
                samples = {name: values[: len(task.window)] for name, values in now.items()}
                states = surrogate.decode(series[-1], **samples)
            with clock("encode"):
                again = surrogate.encode(states)
            with clock("roll"):
                memories = [
                    member.listen(again, memory, **now)
                    for member, memory in zip(members, memories, strict=True)
                ]
        frames = task.known + task.chosen
        with clock("decode"):
            latents = steps.at(np.concatenate(series, axis=1), frames)
            following = None if task.inputs is None else task.inputs[:, frames]
            states = surrogate.decode(latents, following)
        return task.answer(states, clock.seconds)
