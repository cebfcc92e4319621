"""What an autoencoder has to offer: a Keras model of an encoder and a decoder."""

import math
from abc import ABC, abstractmethod

import keras
import numpy as np
import xarray as xr
from keras import ops

from led.data.images import numbered
from led.data.networks import Blank, Standardize, load_network
from led.data.scaling import Scaling
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

    def suited(self, states):
        """Return the autoencoder with the options that follow from the samples.

        Parameters
        ----------
        states : xarray.DataArray
            ``state`` of the training split, (sample, time, *grid, component).
        """
        return self

    @abstractmethod
    def objective(self, train, validation, maps=(), memory=None, seed=0, inputs=None):
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
        inputs : tuple of (ndarray, ndarray), optional
            Of both splits, each (sample, time, input): a decoder may use them.

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
        """Return the standardised state of shape `shape` of the symbolic tensor `latent`.

        Behind the latents the tensor has the standardised inputs, if there are any.
        """

    def build(self, shape, scaling, dtype="float32", input_scaling=None):
        """Return the model; its layers ``encoder`` and ``decoder`` are models of their own.

        Parameters
        ----------
        shape : tuple of int
            ``(*grid, component)``.
        scaling : led.data.scaling.Scaling
        dtype : str
            Of the states; what is standardised is float32.
        input_scaling : led.data.scaling.Scaling, optional
            Of the inputs that the decoder uses.

        Returns
        -------
        keras.Model
            State, or state and inputs, to reconstructed state, in physical units.
        """
        state = keras.Input(shape, dtype=dtype)
        seen = ops.cast(scaling.layer(dtype=dtype)(state), "float32")
        if self.encoder_stride > 1:
            thinned = (slice(None, None, self.encoder_stride),) * (len(shape) - 1)
            seen = seen[(slice(None), *thinned)]
        encoder = keras.Model(state, self.encoder(seen), name="encoder")
        options = {"dtype": dtype, "input_scaling": input_scaling}
        decoder = self.build_decoder(encoder.output.shape[-1], shape, scaling, **options)
        driving = [keras.Input(entry.shape[1:]) for entry in decoder.inputs[1:]]
        given = [state, *driving] if driving else state
        decoded = decoder([encoder(state), *driving] if driving else encoder(state))
        return keras.Model(given, decoded, name="autoencoder")

    def build_decoder(
        self, size, shape, scaling, latent_scaling=None, dtype="float32", input_scaling=None
    ):
        """Return a decoder alone.

        Parameters
        ----------
        size : int
            Number of latents.
        shape, scaling, dtype, input_scaling
            As in `build`.
        latent_scaling : led.data.scaling.Scaling, optional
            The latents are standardised first: then a high learning rate works.

        Returns
        -------
        keras.Model
            Latents, or latents and inputs, to state, in physical units.
        """
        given = latent = keras.Input((size,))
        seen = latent_scaling.layer()(latent) if latent_scaling else latent
        if input_scaling:
            given = [latent, keras.Input((len(input_scaling.mean),))]
            seen = ops.concatenate([seen, input_scaling.layer()(given[1])], axis=-1)
        state = scaling.layer(invert=True, dtype=dtype)(self.decoder(seen, shape))
        if scaling.missing is not None:
            state = Blank(scaling.missing, dtype=dtype)(state)
        return keras.Model(given, state, name="decoder")


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


def decode(autoencoder, latents, decoder=None, inputs=None):
    """Return the states of latents, (sample, time, latent) to (sample, time, *grid, component).

    Another `decoder` may replace that of the autoencoder. `inputs`, (sample, time, input), are
    for a decoder that uses them.
    """
    decoder = decoder or autoencoder.get_layer("decoder")
    return _apply(decoder, latents, *([inputs] if len(decoder.inputs) > 1 else []))


def _apply(model, *given):
    samples, times = given[0].shape[:2]
    series = [
        np.ascontiguousarray(values, entry.dtype).reshape(-1, *values.shape[2:])
        for values, entry in zip(given, model.inputs, strict=True)
    ]
    result = np.empty((samples * times, *model.output_shape[1:]), model.outputs[0].dtype)
    for start in range(0, len(result), FRAMES_A_CALL):  # predict: 0.1 s a call, and a copy
        part = slice(start, start + FRAMES_A_CALL)
        frames = [values[part] for values in series]
        result[part] = model.predict_on_batch(frames if len(frames) > 1 else frames[0])
    return result.reshape(samples, times, *result.shape[1:])


def shape_of(autoencoder):
    """Return the shape of a state, ``(*grid, component)``."""
    return autoencoder.get_layer("encoder").input_shape[1:]


def scaling_of(autoencoder):
    """Return the scaling of the states that an autoencoder was trained on."""
    layers = autoencoder.get_layer("encoder").layers
    standard = next(layer for layer in layers if isinstance(layer, Standardize))
    return Scaling(standard.mean, standard.deviation)


def check_shape(autoencoder, state, source="autoencoder"):
    """Raise a `led.jobs.files.FileError` unless `state` is of the shape of the training samples.

    `source` is the file of the autoencoder, for the message.
    """
    expected, found = shape_of(autoencoder), state.shape[2:]
    if expected != found:
        raise files.FileError(
            f"{source}: found samples with states of the shape {found}, expected {expected}, that "
            "of its training samples"
        )


def encode_split(autoencoder, state, maps=(), inputs=None):
    """Encode a split, a few samples at a time.

    Parameters
    ----------
    autoencoder : keras.Model
    state : xarray.DataArray
        (sample, time, *grid, component); may be a file that is not read yet.
    maps : sequence of callable
        Symmetries by which the split is augmented: see `led.systems.symmetries.group`.
    inputs : ndarray, shape (sample, time, input), optional
        The same for all copies of a sample.

    Yields
    ------
    int, xarray.Dataset
        For `led.jobs.files.write_parts`: ``latents(sample, time, latent)`` and, if there are any,
        ``inputs(sample, time, input)``, with the coordinates of samples and times. Augmented, the
        whole has the symmetric copies that `led.data.images` numbers. What was drawn for a sample
        is left out, as it is another one for its copies.
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
            if inputs is not None:
                chosen = inputs[start : start + size]
                part["inputs"] = (("sample", "time", "input"), chosen)
            yield first, part
