"""Training of a new decoder on what the networks forecast, which stay as they are."""

from dataclasses import dataclass
from itertools import product

import numpy as np

from led.data import blocks
from led.data.images import Copies
from led.data.scaling import Scaling
from led.jobs.options import Count
from led.training.loop import Batches, Objective
from led.training.settings import Training

SAMPLES_A_CALL = 1000


def forecasts(members, splits, known, inputs=None, reach=None):
    """Forecast the latents of some splits: all frames that follow the warm-up.

    Parameters
    ----------
    members : sequence of led.dynamics.base.Member
        The mean of their forecasts is taken.
    splits : sequence of ndarray, shape (sample, time, latent)
    known : int
        Frames of the warm-up.
    inputs : sequence of ndarray, shape (sample, time, input), optional
    reach : int, optional
        Frames that a forecast is trained for. After so many it begins anew, from the true latents
        before; without it, it goes on from the warm-up to the end.

    Returns
    -------
    list of ndarray, shape (sample, time - known, latent)
    """
    driving = inputs or [None] * len(splits)
    return [
        _forecasts(members, *split, known, reach) for split in zip(splits, driving, strict=True)
    ]


def _forecasts(members, latents, inputs, known, reach):
    ahead = np.empty_like(latents[:, known:], np.float32)
    samples, frames = ahead.shape[:2]
    reach = reach or frames
    for row, start in product(range(0, samples, SAMPLES_A_CALL), range(0, frames, reach)):
        rows, stop = slice(row, row + SAMPLES_A_CALL), min(start + reach, frames)
        window = latents[rows, start : start + known]
        driving = None if inputs is None else inputs[rows, start : known + stop]
        continued = [member.forecast(window, stop - start, driving) for member in members]
        ahead[rows, start:stop] = np.mean(continued, axis=0)
    return ahead


@dataclass(frozen=True, kw_only=True)
class Decoding:
    """How a decoder learns to decode what the networks forecast.

    It sees all frames that follow the warm-up. Each forecast is as long as those that the networks
    are trained for, and the next one begins from the true latents.
    The networks stay as they are, so they forecast once, and a step trains a decoder alone.

    Parameters
    ----------
    frames_per_sample : int
        How many frames of each sample an epoch decodes.
    training : led.training.settings.Training
        A batch holds frames.
    """

    frames_per_sample: Count = 5
    training: Training = Training(
        epochs=40, batch_size=64, learning_rate=0.01, final_learning_rate=2e-6, loss="mae"
    )

    def objective(self, autoencoder, train, validation, maps=(), memory=None, seed=0, inputs=None):
        """Return what the training of a new decoder fits: a `led.training.loop.Objective`.

        Parameters
        ----------
        autoencoder : led.autoencoders.base.Autoencoder
            Builds the decoder.
        train, validation : tuple of (ndarray, xarray.DataArray)
            Latents that `forecasts` returns, (sample, frame, latent), and all true states,
            (sample, time, *grid, component), of which they are the last frames. Latents of
            symmetric copies are numbered as in `led.data.images`.
        maps, memory, seed, inputs
            As in `led.autoencoders.base.Autoencoder.objective`.
        """
        training = self.training
        options = {"count": self.frames_per_sample, "batch_size": training.batch_size}
        scaling, latent_scaling = Scaling.of(train[1]), Scaling.of(train[0])
        size, shape = train[0].shape[-1], train[1].shape[2:]
        frames = train[0].shape[1], validation[0].shape[1]
        following = [
            states[:, -n:] for n, (_, states) in zip(frames, (train, validation), strict=True)
        ]
        states, validation_states = blocks.shared(memory, *following)
        driving, validation_driving, input_scaling = None, None, None
        if inputs:
            driving, validation_driving = (
                values[:, -n:] for n, values in zip(frames, inputs, strict=True)
            )
            input_scaling = Scaling.of(driving)
        dtype = str(train[1].dtype)
        return Objective(
            autoencoder.suited(train[1]).build_decoder(
                size, shape, scaling, latent_scaling, dtype, input_scaling
            ),
            training,
            batches=Forecasts(train[0], states, seed=seed, maps=maps, inputs=driving, **options),
            validation=Forecasts(
                validation[0], validation_states, inputs=validation_driving, **options
            ),
            unit=scaling.deviation,
        )


class Forecasts(Batches):
    """Batches of (forecast latents, true states).

    Parameters
    ----------
    latents : ndarray, shape (copy, frame, latent)
        Copies are numbered as in `led.data.images`.
    states : led.data.blocks.Blocks
        If they do not fit into memory, an epoch uses the blocks in random order.
    count : int
        Frames of each copy, at most as many as it has.
    batch_size : int
    seed : int, optional
        Draws and shuffles the frames anew in each epoch; without it they are equally spaced.
    maps : sequence of callable
        See `led.data.images.Copies`.
    inputs : ndarray, shape (copy, frame, input), optional
        They belong to what the decoder is given.
    """

    def __init__(self, latents, states, *, count, batch_size, seed=None, maps=(), inputs=None):
        self.latents = latents
        self.inputs = inputs
        self.states = Copies(states, maps)
        self.count = min(count, latents.shape[1])
        self.batch_size = batch_size
        super().__init__(seed)

    def __len__(self):
        return -(-len(self.copies) // self.batch_size)

    def __getitem__(self, batch):
        chosen = slice(batch * self.batch_size, (batch + 1) * self.batch_size)
        copies, frames = self.copies[chosen], self.frames[chosen]
        given, states = self.latents[copies, frames], self.states.take(copies, frames[:, None])
        if self.inputs is not None:
            given = given, self.inputs[copies, frames]
        return given, states[:, 0]

    def draw(self, rng):
        copies, frames = self.latents.shape[:2]
        self.copies = np.repeat(np.arange(copies), self.count)
        if rng is None:
            places = np.linspace(0, frames - 1, self.count).round().astype(int)
            self.frames = np.tile(places, copies)
        else:
            self.copies = self.copies[rng.permutation(copies * self.count)]
            self.frames = rng.integers(frames, size=copies * self.count)
        self.states.arrange(rng)
        order = self.states.order(self.copies)
        self.copies, self.frames = self.copies[order], self.frames[order]
