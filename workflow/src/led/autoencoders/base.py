"""What an autoencoder has to offer: a Keras model of an encoder and a decoder."""

import math
from abc import ABC, abstractmethod

import keras
import numpy as np
import xarray as xr
from keras import ops

from led.data.images import numbered
from led.data.networks import load_network
from led.jobs import files
from led.jobs.runtime import progress

FRAMES_A_CALL = 1000  # enough to hide the cost of a call, small in memory
BLOCK_BYTES = 16e6  # of states that are encoded at once


class Autoencoder(ABC):
    """State <-> latent state.

    Attributes
    ----------
    encoder_stride : int
        The encoder sees every n-th point of each side of the grid; the decoder returns all of them.
    """

    encoder_stride = 1

    @abstractmethod
    def objective(self, train, validation, maps=(), memory=None, seed=0):
        """Return what the training of a new model fits.

        Parameters
        ----------
        train, validation : xarray.DataArray
            ``state`` of the splits, with the dimensions (sample, time, *grid, component); may be
            files that are not read yet.
        maps : sequence of callable
            Symmetries by which the training data are augmented: see `led.systems.symmetries.group`.
        memory : float, optional
            Megabytes of states that the training may hold: see `led.data.blocks`.
        seed : int
            Of the choice and the order of the training data.

        Returns
        -------
        led.training.loop.Objective
            Its model is trained already where nothing is learned by descent.
        """

    @abstractmethod
    def encoder(self, state):
        """Return the latent tensor of the standardised symbolic tensor `state`."""

    @abstractmethod
    def decoder(self, latent, shape):
        """Return the standardised state of shape `shape` of the symbolic tensor `latent`."""

    def build(self, shape, scaling, dtype="float32"):
        """Return the model; its layers ``encoder`` and ``decoder`` are models of their own.

        Parameters
        ----------
        shape : tuple of int
            ``(*grid, component)``.
        scaling : led.data.scaling.Scaling
        dtype : str
            Of the states; what is standardised is float32.

        Returns
        -------
        keras.Model
            State to reconstructed state, both in physical units.
        """
        state = keras.Input(shape, dtype=dtype)
        seen = ops.cast(scaling.layer(dtype=dtype)(state), "float32")
        if self.encoder_stride > 1:
            thinned = (slice(None, None, self.encoder_stride),) * (len(shape) - 1)
            seen = seen[(slice(None), *thinned)]
        encoder = keras.Model(state, self.encoder(seen), name="encoder")
        decoder = self.build_decoder(encoder.output.shape[-1], shape, scaling, dtype=dtype)
        return keras.Model(state, decoder(encoder(state)), name="autoencoder")

    def build_decoder(self, size, shape, scaling, latent_scaling=None, dtype="float32"):
        """Return a decoder alone.

        Parameters
        ----------
        size : int
            Number of latents.
        shape, scaling, dtype
            As in `build`.
        latent_scaling : led.data.scaling.Scaling, optional
            The latents are standardised first: then a high learning rate works.

        Returns
        -------
        keras.Model
            Latents to state, in physical units.
        """
        latent = keras.Input((size,))
        seen = latent_scaling.layer()(latent) if latent_scaling else latent
        state = scaling.layer(invert=True, dtype=dtype)(self.decoder(seen, shape))
        return keras.Model(latent, state, name="decoder")


def load(path):
    """Load the autoencoder of a file.

    Raises
    ------
    led.jobs.files.FileError
        If it is damaged, or another network.
    """
    model = load_network(path)
    parts = [layer.name for layer in model.layers]
    if not {"encoder", "decoder"} <= set(parts):
        raise files.FileError(f"{path}: found the layers {parts}, expected an encoder and decoder")
    return model


def load_decoder(autoencoder, *retrained):
    """Load the decoder of an autoencoder's file, or that of a file that replaces it."""
    decoder = load(autoencoder).get_layer("decoder")
    for path in retrained:
        decoder = load_network(path)
    return decoder


def encode(autoencoder, states):
    """Return the latents of states, (sample, time, *grid, component) to (sample, time, latent)."""
    return _apply(autoencoder.get_layer("encoder"), states)


def decode(autoencoder, latents, decoder=None):
    """Return the states of latents, (sample, time, latent) to (sample, time, *grid, component).

    Another `decoder` may replace that of the autoencoder.
    """
    return _apply(decoder or autoencoder.get_layer("decoder"), latents)


def _apply(model, values):
    frames = np.ascontiguousarray(values, model.inputs[0].dtype).reshape(-1, *values.shape[2:])
    result = np.empty((len(frames), *model.output_shape[1:]), model.outputs[0].dtype)
    for start in range(0, len(frames), FRAMES_A_CALL):  # predict: 0.1 s a call, and a copy
        part = slice(start, start + FRAMES_A_CALL)
        result[part] = model.predict_on_batch(frames[part])
    return result.reshape(*values.shape[:2], *result.shape[1:])


def check_shape(autoencoder, state, source="autoencoder"):
    """Raise a `led.jobs.files.FileError` unless `state` is of the shape of the training samples.

    `source` is the file of the autoencoder, for the message.
    """
    expected, found = autoencoder.input_shape[1:], state.shape[2:]
    if expected != found:
        raise files.FileError(
            f"{source}: found samples with states of the shape {found}, expected {expected}, that "
            "of its training samples"
        )


def encode_split(autoencoder, state, maps=()):
    """Encode a split, a few samples at a time.

    Parameters
    ----------
    autoencoder : keras.Model
    state : xarray.DataArray
        (sample, time, *grid, component); may be a file that is not read yet.
    maps : sequence of callable
        Symmetries by which the split is augmented: see `led.systems.symmetries.group`.

    Yields
    ------
    int, xarray.Dataset
        For `led.jobs.files.write_parts`: ``latents(sample, time, latent)`` with the coordinates of
        samples and times. Augmented, the whole has the symmetric copies that `led.data.images`
        numbers. What was drawn for a sample is left out, as it is another one for its copies.
    """
    samples = state.sizes["sample"]
    size = max(1, int(BLOCK_BYTES // (4 * math.prod(state.shape[1:]))))
    kept = {"time"} if maps else {"sample", "time"}
    kept = [name for name in state.coords if set(state[name].dims) <= kept]
    for start in progress(range(0, samples, size), "block"):
        block = state[start : start + size].load()
        coordinates = {name: block.coords[name].variable for name in kept}
        for first, map_ in numbered(maps, start, samples):
            latents = encode(autoencoder, map_(block.values))
            part = xr.Dataset({"latents": (("sample", "time", "latent"), latents)}, coordinates)
            yield first, part
