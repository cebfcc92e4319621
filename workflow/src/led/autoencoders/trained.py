"""A trained autoencoder: how it is loaded, and how it encodes and decodes samples."""

import math

import numpy as np
import xarray as xr

from led.data.images import numbered
from led.data.networks import Blank, Standardize, load_network
from led.data.scaling import Scaling
from led.jobs import files
from led.jobs.runtime import progress

FRAMES_A_CALL = 1000  # enough to hide the cost of a call, small in memory
BLOCK_BYTES = 16e6  # of states that are encoded at once


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


def missing_of(autoencoder):
    """Return which cells no training sample had, (*grid, component): see `led.data.missing`."""
    layers = getattr(autoencoder.get_layer("decoder"), "layers", ())  # none in a class of a user
    blank = next((layer for layer in layers if isinstance(layer, Blank)), None)
    return np.zeros(shape_of(autoencoder), bool) if blank is None else np.array(blank.missing, bool)


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
