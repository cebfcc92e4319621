"""What all networks share: layers of our own, and how a file is loaded."""

import zipfile

import keras
import numpy as np
from keras import ops

from led.jobs import files

MOST_TEXT = 10**8  # bytes that describe a network: ours have some 10,000


@keras.saving.register_keras_serializable(package="led")
class Standardize(keras.layers.Layer):
    """(x - mean) / deviation along the last axis; inverted, x * deviation + mean.

    Unlike the `Normalization` of Keras it squares nothing and has no smallest deviation, so any
    unit gives the same standardised numbers. With ``dtype="float64"`` it subtracts a large mean
    before the other layers round to float32.

    Parameters
    ----------
    mean, deviation : sequence of float
        One number for each entry of the last axis.
    invert : bool
    gaps : bool
        Whether inputs may be NaN, which count as the mean: see `led.data.missing`.
    own : sequence of float, optional
        The standard deviation of each number, where `deviation` is another unit.
    """

    def __init__(self, mean, deviation, invert=False, gaps=False, own=None, **kwargs):
        super().__init__(**kwargs)
        self.mean, self.deviation = np.asarray(mean, float), np.asarray(deviation, float)
        self.invert, self.gaps = invert, gaps
        self.own = self.deviation if own is None else np.asarray(own, float)

    def call(self, inputs):
        mean = ops.convert_to_tensor(self.mean, self.compute_dtype)
        deviation = ops.convert_to_tensor(self.deviation, self.compute_dtype)
        if self.invert:
            return inputs * deviation + mean
        scaled = (inputs - mean) / deviation
        return ops.where(ops.isnan(scaled), ops.zeros_like(scaled), scaled) if self.gaps else scaled

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        names = "mean", "deviation", "own"
        numbers = {name: getattr(self, name).tolist() for name in names}
        return super().get_config() | numbers | {"invert": self.invert, "gaps": self.gaps}


def last_scaling(model):
    """Return the layer `Standardize` that takes what a network returns to physical units."""
    layers = [layer for layer in model.layers if isinstance(layer, Standardize)]
    return next(layer for layer in layers if layer.invert)


@keras.saving.register_keras_serializable(package="led")
class Blank(keras.layers.Layer):
    """NaN in the cells that are missing, the other numbers as they are: see `led.data.missing`.

    Parameters
    ----------
    missing : ndarray of bool, shape (*grid, component), optional
        Kept with the weights.
    """

    def __init__(self, missing=None, **kwargs):
        super().__init__(**kwargs)
        self.given = missing

    def build(self, input_shape):
        given = np.zeros(input_shape[1:]) if self.given is None else self.given
        initial = keras.initializers.Constant(np.asarray(given, np.int8))
        self.missing = self.add_weight(
            shape=input_shape[1:], initializer=initial, dtype="int8", trainable=False
        )

    def get_config(self):
        return super().get_config()  # without what the weights hold

    def call(self, inputs):
        return ops.where(ops.cast(self.missing, "bool"), np.nan, inputs)

    def compute_output_shape(self, input_shape):
        return input_shape


@keras.saving.register_keras_serializable(package="led")
class Pad(keras.layers.Layer):
    """Continue a grid beyond its ends.

    Parameters
    ----------
    kinds : sequence of str
        ``periodic``, ``reflect`` (in a mirror half a spacing beyond the end) or ``zero``, one a
        dimension.
    before, after : int
        Points that are added to each dimension.
    """

    def __init__(self, kinds, before, after, **kwargs):
        super().__init__(**kwargs)
        self.options = {"kinds": list(kinds), "before": before, "after": after}

    def call(self, x):
        for axis, kind in enumerate(self.options["kinds"], start=1):
            x = self._continued(x, axis, kind)
        return x

    def _continued(self, x, axis, kind):
        count, before, after = x.shape[axis], self.options["before"], self.options["after"]

        def part(first, last):
            return ops.take(x, list(range(first, last)), axis=axis)

        if kind == "zero":
            widths = [(0, 0)] * len(x.shape)
            widths[axis] = before, after
            return ops.pad(x, widths)
        first, last = part(count - before, count), part(0, after)
        if kind == "reflect":
            first, last = part(0, before), part(count - after, count)
            first, last = ops.flip(first, axis), ops.flip(last, axis)
        ends = [first] * bool(before), [last] * bool(after)
        return ops.concatenate([*ends[0], x, *ends[1]], axis=axis)

    def get_config(self):
        return super().get_config() | self.options


def load_network(path):
    """Load a network from a file of Keras; code that the file may hold is not run.

    Raises
    ------
    led.jobs.files.FileError
        If it is damaged, or holds layers of neither Keras nor this workflow, or code.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist() if ".json" in entry.filename)
        if size > MOST_TEXT:
            raise ValueError(
                f"its description unpacks to {size} bytes, expected {MOST_TEXT} at most"
            )
        return keras.saving.load_model(path, safe_mode=True)
    except Exception as error:  # of any class: it depends on which part of the file is wrong
        reason = str(error).partition("\n")[0][:300]
        raise files.FileError(
            f"{path}: damaged, or not a network of this workflow ({type(error).__name__}: {reason})"
        ) from error
