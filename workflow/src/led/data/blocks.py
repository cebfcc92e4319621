"""States of a split in memory: all of them, or a block of samples after the other from the file."""

import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np

MEGABYTE = 10**6


def shared(memory, *splits):
    """Return the `Blocks` of some splits, which together hold no more than `memory`.

    Parameters
    ----------
    memory : float or None
        Megabytes; None for no limit. Each split has a share in proportion to its size: either
        all of them are held as a whole or none is.
    *splits : xarray.DataArray
    """
    limit = math.inf if memory is None else memory * MEGABYTE
    sizes = [_type(split).itemsize * math.prod(split.shape) for split in splits]
    return [
        Blocks(split, limit * size / sum(sizes)) for split, size in zip(splits, sizes, strict=True)
    ]


def _type(state):
    return np.dtype(np.float64 if state.dtype == np.float64 else np.float32)


class Blocks:
    """The states of a split, of which as many are in memory as it may hold.

    If they do not fit, they are divided into blocks of whole samples, which are the chunks of the
    file. Two blocks are held at a time: the one in use, and the next, which is read meanwhile. A
    block has at least one sample.

    Parameters
    ----------
    state : array-like, shape (sample, time, *grid, component)
        May be a file that is not read yet; it has to be open as long as this is used.
    limit : float
        Bytes.
    """

    def __init__(self, state, limit=math.inf):
        self.state = state
        self.dtype = _type(state)
        samples, size = state.shape[0], self.dtype.itemsize * math.prod(state.shape[1:])
        fits = samples * size <= limit
        self.count = 1 if fits else math.ceil(samples / max(1, limit // (2 * size)))
        self._reader = ThreadPoolExecutor(1)
        self._divide(np.arange(samples))

    def __len__(self):
        return self.state.shape[0]

    def arrange(self, rng):
        """Divide the samples into blocks, in an order that is drawn with `rng`, or in their own.

        Nothing is drawn where all samples are one block.
        """
        if self.count > 1:
            samples = np.arange(len(self))
            self._divide(samples if rng is None else rng.permutation(samples))

    def order(self, samples):
        """Return the order in which entries of `samples` use a block after the other.

        Within a block they stay as they are; so a pass through the result reads the file once.
        """
        return np.argsort(self._block[samples], kind="stable")

    def take(self, samples, times):
        """Return states, as float64 where the file has that, else as float32.

        Parameters
        ----------
        samples : ndarray of int, shape (n,)
        times : ndarray of int, shape (n, frame)

        Returns
        -------
        ndarray, shape (n, frame, *grid, component)
        """
        states = np.empty((*times.shape, *self.state.shape[2:]), self.dtype)
        blocks, rows = self._block[samples], self._row[samples]
        for number in np.unique(blocks):
            chosen = blocks == number
            states[chosen] = self._held(number)[rows[chosen, None], times[chosen]]
        return states

    def _divide(self, samples):
        self._samples = np.array_split(samples, self.count)
        self._block, self._row = np.empty((2, len(samples)), int)
        for number, block in enumerate(self._samples):
            self._block[block], self._row[block] = number, np.arange(len(block))
        self._reading = {}

    def _held(self, number):
        """Return a block; the one before it is forgotten, and the one behind it is being read."""
        self._reading = {
            wanted: self._reading.get(wanted) or self._reader.submit(self._read, wanted)
            for wanted in (number, number + 1)
            if wanted < self.count
        }
        return self._reading[number].result()

    def _read(self, number):
        if self.count == 1:
            return np.asarray(self.state, self.dtype)
        samples = self._samples[number]
        block = np.empty((len(samples), *self.state.shape[1:]), self.dtype)
        for row, sample in enumerate(samples):
            block[row] = self.state[sample]
        return block
