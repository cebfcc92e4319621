"""Training of a surrogate while it forecasts, on what the solver has made."""

from dataclasses import dataclass, replace

import keras
import numpy as np

from led.autoencoders.trained import encode, scaling_of
from led.dynamics.base import Dynamics
from led.dynamics.stateful import Stateful
from led.jobs import registry
from led.jobs.options import Count, NonNegativeCount, Positive
from led.surrogate.adaptive.buffer import Buffer
from led.surrogate.smoothing import smooth
from led.training.loop import InUnits
from led.training.objectives.trajectories import Trajectories


@dataclass(frozen=True, kw_only=True)
class OnlineTraining:
    """Settings of online training. What is not listed is that of the first training.

    Parameters
    ----------
    steps : int
        Steps of the optimiser for each member, whenever as many cycles have ended as there are
        samples; 0 for no training.
    capacity : int
        Trajectories in the buffer, each as long as a warm-up and a comparison. It starts with
        trajectories of the training samples; a full buffer replaces one at random.
    batch_size : int
        Trajectories in a batch.
    learning_rate : float
        Constant.
    autoencoder : bool
        Train it, too, on the frames of the same trajectories.
    """

    steps: NonNegativeCount = 20
    capacity: Count = 1280
    batch_size: Count = 32
    learning_rate: Positive = 0.001
    autoencoder: bool = False


class Online:
    """Trains the members of a surrogate, and its autoencoder if asked, from step to step.

    Parameters
    ----------
    surrogate : led.surrogate.surrogate.Surrogate
        Its networks are changed.
    settings : OnlineTraining
    known, window : int
        Frames of a warm-up, and of a trajectory.
    states : xarray.DataArray
        (sample, time, *grid, component) of the training samples, with which the buffer starts.
    seed : int

    Raises
    ------
    ValueError
        If the dynamics are not trained step by step, the surrogate has inputs, or another decoder
        than that of the autoencoder that is to be trained.
    """

    def __init__(self, surrogate, settings, known, window, states, seed=0):
        dynamics = registry.create(Dynamics, **surrogate.description.rnn)
        if not isinstance(dynamics, Stateful):
            raise ValueError(
                f"train: found the dynamics {surrogate.description.rnn['name']!r}, expected "
                "'stateful'"
            )
        if surrogate.description.inputs:
            raise ValueError("train: found a surrogate with inputs, expected one without")
        if settings.autoencoder and surrogate.decoder:
            raise ValueError(
                "train.autoencoder: found true and a decoder that was trained on forecasts, "
                "expected false"
            )
        self.surrogate, self.settings, self.known = surrogate, settings, known
        self.stride = dynamics.stride
        self.rounds = 0
        self.buffer = Buffer(settings.capacity, window, seed)
        self._fill(states)
        training = replace(
            dynamics.training, learning_rate=settings.learning_rate, schedule="constant"
        )
        self.trainers = [
            _trainer(member.model, training, dynamics.loss(member.model))
            for member in surrogate.members
        ]
        if settings.autoencoder:
            model = surrogate.autoencoder
            deviation, dtype = scaling_of(model).deviation, model.outputs[0].dtype
            loss = InUnits(training.measure(), deviation, dtype)
            self.trainers.append(_trainer(model, training, loss))

    def _fill(self, states):
        """Add random windows of the training samples, until the buffer is full."""
        buffer, latest = self.buffer, states.sizes["time"] - self.buffer.window
        rng = np.random.default_rng(buffer.seed)
        samples = rng.integers(states.sizes["sample"], size=buffer.capacity)
        starts = rng.integers(latest + 1, size=buffer.capacity)
        for sample, start in zip(samples, starts, strict=True):
            buffer.add(states[sample, start : start + buffer.window].values)

    def add(self, states):
        """Add the states of a run of the solver, (time, *grid, component), to the buffer."""
        self.buffer.add(states)

    def train(self):
        """Make some steps with each network."""
        members, losses = len(self.surrogate.members), []
        for network in reversed(range(len(self.trainers))):  # the autoencoder is the last one
            for step in range(self.settings.steps):
                states = self.buffer.draw(self.settings.batch_size, network, self.rounds, step)
                batch = self._trajectories(states) if network < members else _frames(states)
                losses.append(float(self.trainers[network].train_on_batch(*batch)))
        self.rounds += 1
        print(f"online training {self.rounds}: mean loss {np.mean(losses):.3e}", flush=True)

    def _trajectories(self, states):
        latents = encode(self.surrogate.autoencoder, states)
        if smoothing := self.surrogate.description.smoothing:
            latents = smooth(latents, **smoothing, known=self.known)
        options = {"stride": self.stride, "known": self.known, "batch_size": len(states)}
        return Trajectories(latents, **options)[0]

    def state(self):
        """Return notes for JSON and arrays, from which `restore` goes on."""
        variables = [variable.numpy() for variable in self._variables()]
        arrays = {f"variable_{number}": values for number, values in enumerate(variables)}
        notes = {"rounds": self.rounds, "added": self.buffer.added}
        return notes, arrays | {"buffer": self.buffer.states}

    def restore(self, notes, arrays):
        """Take back what `state` returned."""
        self.rounds, self.buffer.added = notes["rounds"], notes["added"]
        self.buffer.states = arrays["buffer"]
        for number, variable in enumerate(self._variables()):
            variable.assign(arrays[f"variable_{number}"])

    def _variables(self):
        return [
            variable
            for trainer in self.trainers
            for variable in (*trainer.variables, *trainer.optimizer.variables)
        ]


def _trainer(model, training, loss):
    trainer = keras.Model(model.inputs, model.outputs)  # leaves `model` itself uncompiled
    trainer.compile(optimizer=training.optimiser(1), loss=loss, jit_compile=False)
    trainer.optimizer.build(trainer.trainable_variables)
    return trainer


def _frames(states):
    frames = states.reshape(-1, *states.shape[2:])
    return frames, frames
