"""Joint training of decoder and stateful networks, on the states that they forecast."""

from dataclasses import dataclass

import keras
import numpy as np
from keras import ops

from led.data import blocks
from led.data.images import Copies
from led.data.scaling import Scaling
from led.jobs.options import Count
from led.training.loop import Objective
from led.training.objectives.trajectories import Trajectories
from led.training.settings import Training


def build(decoder, members, frames):
    """Return one model of the whole forecast.

    Parameters
    ----------
    decoder : keras.Model
        Becomes a part of the model, named ``decoder``.
    members : sequence of keras.Model
        What `led.dynamics.stateful.Stateful.build` returns; each becomes a part, named
        ``rnn_0``, ``rnn_1`` and so on.
    frames : int
        States that it decodes of a sample.

    Returns
    -------
    keras.Model
        What `led.training.objectives.trajectories.Trajectories` gives the members, and the numbers
        of some steps, shape (sample, frame), to the states after these steps. For a decoder with
        inputs also these, of those states, shape (sample, frame, input).
    """
    given = [keras.Input(entry.shape[1:], name=entry.name) for entry in members[0].inputs]
    steps = keras.Input((frames,), dtype="int32", name="steps")
    decoder.name = "decoder"
    for number, member in enumerate(members):
        member.name = f"rnn_{number}"
    following = sum(member(given) for member in members) / len(members)
    decoded = [ops.take_along_axis(following, steps[:, :, None], axis=1)]
    further = [keras.Input((frames, entry.shape[-1])) for entry in decoder.inputs[1:]]
    flat = [ops.reshape(entry, (-1, entry.shape[-1])) for entry in decoded + further]
    states = decoder(flat if further else flat[0])
    states = ops.reshape(states, (-1, frames, *states.shape[1:]))
    return keras.Model([*given, steps, *further], states, name="joint")


def parts(model):
    """Return decoder and members of what `build` returned."""
    count = sum(layer.name.startswith("rnn_") for layer in model.layers)
    members = tuple(model.get_layer(f"rnn_{number}") for number in range(count))
    return model.get_layer("decoder"), members


@dataclass(frozen=True, kw_only=True)
class Joint:
    """How decoder and recurrent networks are trained together.

    From the warm-up of each training sample the networks forecast with their own output as input.
    Some frames are decoded and compared with the true states. So the decoder learns to decode what
    the networks make, and the networks learn what matters for the states. After the
    end-to-end training of Vlachas et al., Nature Machine Intelligence 4 (2022).

    Parameters
    ----------
    stride, window, windows_per_sample
        Those of the recurrent networks.
    frames_per_sample : int
        How many frames of each trajectory an epoch decodes.
    training : led.training.settings.Training
        A batch holds trajectories.
    """

    stride: Count
    window: Count | None = None
    windows_per_sample: Count = 1
    frames_per_sample: Count = 16
    training: Training = Training(
        epochs=80, batch_size=40, learning_rate=0.001, loss="mae", clipnorm=1.0
    )

    def objective(
        self,
        decoder,
        members,
        train,
        validation,
        known,
        maps=(),
        memory=None,
        seed=0,
        inputs=None,
    ):
        """Return what the joint training fits: a `led.training.loop.Objective`.

        Parameters
        ----------
        decoder, members
            As in `build`.
        train, validation : tuple of (ndarray, xarray.DataArray)
            Latents, (sample, time, latent), and states, (sample, time, *grid, component). Latents
            of symmetric copies are numbered as in `led.data.images`.
        known : int
            Frames that a forecast will be given.
        maps, memory, seed, inputs
            As in `led.autoencoders.base.Autoencoder.objective`.
        """
        training = self.training
        options = {
            "stride": self.stride,
            "batch_size": training.batch_size,
            "frames": self.frames_per_sample,
            "window": self.window,
            "count": self.windows_per_sample,
            "decodes_inputs": len(decoder.inputs) > 1,
        }
        start = (known - 1) % self.stride  # so that the last frame of the warm-up is a step
        latents, states = train
        scaling = Scaling.of(states)
        validation_latents, validation_states = (values[:, start:] for values in validation)
        states, validation_states = blocks.shared(memory, states, validation_states)
        driving, validation_driving = inputs or (None, None)
        if inputs:
            validation_driving = validation_driving[:, start:]
        return Objective(
            build(decoder, members, self.frames_per_sample),
            training,
            batches=States(
                latents, states, known=known, seed=seed, maps=maps, inputs=driving, **options
            ),
            validation=States(
                validation_latents,
                validation_states,
                known=known - start,
                inputs=validation_driving,
                **options,
            ),
            unit=scaling.deviation,
        )


class States(Trajectories):
    """Batches of ((latents[, inputs], flags, steps[, inputs]), the states after these steps).

    The second inputs are those of the states.

    Parameters
    ----------
    latents : ndarray, shape (copy, time, latent)
        Copies are numbered as in `led.data.images`.
    states : led.data.blocks.Blocks
        If they do not fit into memory, an epoch uses the blocks in random order.
    frames : int
        Steps to decode, all of them after the known ones; random with a seed, else equally spaced.
    maps : sequence of callable
        See `led.data.images.Copies`.
    decodes_inputs : bool
        Whether to give the second inputs.
    **options
        Of `led.training.objectives.trajectories.Trajectories`.
    """

    def __init__(self, latents, states, *, frames, maps=(), decodes_inputs=False, **options):
        self.states = Copies(states, maps)
        self.frames = frames
        self.decodes_inputs = decodes_inputs
        super().__init__(latents, **options)

    def __getitem__(self, batch):
        given, _ = super().__getitem__(batch)
        chosen = slice(batch * self.batch_size, (batch + 1) * self.batch_size)
        steps = self.decoded[chosen]
        times = self.starts[chosen, None] + self.stride * (steps + 1)
        given = *given, steps
        if self.decodes_inputs:
            given = *given, self.inputs[self.order[chosen, None], times]
        return given, self.states.take(self.order[chosen], times)

    def draw(self, rng):
        super().draw(rng)
        self.states.arrange(rng)
        self.order = self.order[self.states.order(self.order)]
        ahead = np.arange((self.known - 1) // self.stride, self.steps - 1)
        if self.frames > len(ahead):
            raise ValueError(
                f"joint.frames_per_sample: found {self.frames}, expected at most {len(ahead)}, the "
                "steps of a forecast"
            )
        if rng is None:
            places = np.linspace(0, len(ahead) - 1, self.frames).round().astype(int)
            self.decoded = np.tile(ahead[places], (len(self.order), 1))
        else:
            permuted = rng.permuted(np.tile(ahead, (len(self.order), 1)), axis=1)
            self.decoded = permuted[:, : self.frames]
        self.decoded = self.decoded.astype(np.int32)
