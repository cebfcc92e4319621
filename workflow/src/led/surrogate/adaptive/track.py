"""What the members of a surrogate hear and forecast in an adaptive forecast, sample by sample."""

import keras
import numpy as np

from led.autoencoders.trained import decode, encode
from led.data.frames import whole_steps
from led.data.interpolation import between
from led.surrogate.adaptive.ensemble import Ensemble, chosen, replaced
from led.surrogate.smoothing import smooth


class Track:
    """The latents of all samples along a forecast, and the memories of the members.

    A latent is that of a state of the solver where the members heard it, else what they forecast.

    Parameters
    ----------
    surrogate : led.surrogate.surrogate.Surrogate
    task : led.surrogate.modes.base.Task
    clock : led.surrogate.modes.base.Stopwatch
        Of ``encode``, ``macro`` and ``decode``.

    Attributes
    ----------
    stride : int
        Frames in a step of the members.
    latents : ndarray, shape (sample, time, latent)
    heard : ndarray of int, shape (sample,)
        The last frame of the solver that the members heard.
    """

    def __init__(self, surrogate, task, clock):
        self.surrogate, self.task, self.clock = surrogate, task, clock
        self.ensemble = Ensemble(surrogate.members)
        self.stride = self.ensemble.stride
        samples, frames = task.window.shape[0], task.known + len(task.times)
        self.last = frames - 1
        size = surrogate.autoencoder.get_layer("encoder").output.shape[-1]
        self.latents = np.zeros((samples, frames + self.stride, size), np.float32)
        self.heard = np.zeros(samples, int)
        self.memories = None

    def hear(self, rows, states, end, frames):
        """Let the members forget what they know, and hear so many frames up to one.

        Parameters
        ----------
        rows : ndarray of int
            Samples; all of them the first time.
        states : ndarray, shape (sample, time, *grid, component)
            Of all samples and times.
        end, frames : int
        """
        places = np.arange(end + 1 - frames, end + 1)
        with self.clock("encode"):
            latents = encode(self.surrogate.autoencoder, states[rows[:, None], places])
            if smoothing := self.surrogate.description.smoothing:
                latents = smooth(latents, **smoothing, known=frames)
        self.latents[rows[:, None], places] = latents
        self.heard[rows] = end
        with self.clock("macro"):
            memories = self.ensemble.listen(latents, self._inputs(rows, places))
        self._remember(rows, memories)

    def forecast(self, rows, start, steps):
        """Forecast from a frame on, and change nothing.

        Returns
        -------
        latents : ndarray, shape (row, step, latent)
            The mean of all members.
        spread : ndarray, shape (row, step)
        memories
            Those after the last step, for `keep`.
        """
        inputs = self._inputs(rows, self._steps(start, steps))
        with self.clock("macro"):
            return self.ensemble.advance(chosen(self.memories, rows), steps, inputs)

    def keep(self, rows, start, latents, memories):
        """Let what `forecast` returned be the forecast."""
        self.latents[rows[:, None], self._steps(start, latents.shape[1])] = latents
        self._remember(rows, memories)

    def decoded(self, rows, start, frames):
        """Return the states of the frames that follow one, (row, frame, *grid, component).

        The latents are interpolated between the steps of the members.
        """
        first = start - (self.task.known - 1) // self.stride * self.stride
        stop = start + whole_steps(frames, self.stride) + 1
        series = self.latents[rows, first : stop : self.stride]
        following = start + 1 + np.arange(frames)
        latents = between(series, self.stride, following - first)
        with self.clock("decode"):
            inputs = self._inputs(rows, following)
            return decode(self.surrogate.autoencoder, latents, self.surrogate.decoder, inputs)

    def saved(self):
        """Return all that changes as arrays, from which `restore` goes on."""
        memories = enumerate(keras.tree.flatten(self.memories))
        arrays = {f"memory_{number}": values for number, values in memories}
        return arrays | {"latents": self.latents, "heard": self.heard}

    def restore(self, arrays):
        """Take back what `saved` returned."""
        self.latents, self.heard = arrays["latents"], arrays["heard"]
        flat = keras.tree.flatten(self.memories)
        kept = [arrays[f"memory_{number}"] for number in range(len(flat))]
        self.memories = keras.tree.pack_sequence_as(self.memories, kept)

    def _remember(self, rows, memories):
        if self.memories is None:
            self.memories = memories
        else:
            self.memories = replaced(self.memories, rows, memories)

    def _steps(self, start, steps):
        return start + self.stride * np.arange(1, steps + 1)

    def _inputs(self, rows, frames):
        if self.task.inputs is None:
            return None
        return self.task.inputs[rows[:, None], np.minimum(frames, self.last)]
