"""Samples cut from the runs of a file: the times of a split, and windows of equal length."""

import warnings

import numpy as np
import xarray as xr

from led.data.frames import frames_within
from led.jobs import files
from led.jobs.runtime import ResultWarning

SAMPLES_A_BLOCK = 10
ORIGIN = ("run", "run_start")  # coordinates that windows get


class Pieces:
    """The samples of a split, read from their file a block at a time, as often as wanted.

    Parameters
    ----------
    path : str
        For messages.
    dataset : xarray.Dataset
        ``state`` with the dimensions (sample, time, *grid, component); may be a file that is not
        read yet. A run may end early: all values of its last frames are NaN then.
    interval : sequence of two float, optional
        Times of the split: the frames from the first on that lie before the second.
    windows : dict, optional
        ``length`` and ``step`` in frames. Each run is cut into windows of this length, whose first
        frames are a step apart; a length apart where it is None.

    Raises
    ------
    led.jobs.files.FileError
        If the interval leaves the times of the file, no run is as long as a window, runs have
        different lengths and no windows are given, or coordinates have the names of `ORIGIN`.
    """

    def __init__(self, path, dataset, interval=None, windows=None):
        self.path = path
        if interval is not None:
            start, second = map(float, dataset["time"][:2])
            count = dataset.sizes["time"]
            try:
                frames = frames_within(start, second - start, count, interval)
            except ValueError as error:
                raise files.FileError(f"{path}: {error}") from error
            dataset = dataset.isel(time=slice(*frames))
        self.dataset, self.windows = dataset, windows
        frames = dataset.sizes["time"]
        self.lengths = [self._length(run) for run in range(dataset.sizes["sample"])]
        if windows is None:
            for run, length in enumerate(self.lengths):
                if length < frames:
                    raise files.FileError(
                        f"{path}: sample {run} has {length} frames, then NaN, of {frames}; "
                        "expected samples of equal length, or windows: {length: "
                        f"{max(2, min(self.lengths))}}} in the dataset, which cuts them into such"
                    )
        else:
            self._check_windows()

    def __len__(self):
        """Return the number of blocks."""
        if self.windows is None:
            return -(-len(self.lengths) // SAMPLES_A_BLOCK)
        return sum(-(-len(self._starts(run)) // SAMPLES_A_BLOCK) for run in self._used())

    def __iter__(self):
        """Yield datasets whose samples are numbered one after the other."""
        if self.windows is None:
            for start in range(0, len(self.lengths), SAMPLES_A_BLOCK):
                yield self._loaded(sample=slice(start, start + SAMPLES_A_BLOCK))
            return
        count = 0
        for run in self._used():
            series = self._loaded(sample=[run], time=slice(self.lengths[run]))
            starts = self._starts(run)
            for first in range(0, len(starts), SAMPLES_A_BLOCK):
                block = self._cut(series, run, starts[first : first + SAMPLES_A_BLOCK])
                numbers = count + np.arange(block.sizes["sample"])
                yield block.assign_coords(sample=numbers)
                count += len(numbers)

    def _cut(self, series, run, starts):
        length, time = self.windows["length"], series["time"]
        frames = (time.values - time.values[0])[:length]
        parts = [
            series.isel(time=slice(start, start + length)).assign_coords(
                time=("time", frames, time.attrs),
                run=("sample", [run]),
                run_start=("sample", [float(time[start])], time.attrs),
            )
            for start in starts
        ]
        return xr.concat(parts, "sample", data_vars="all", coords="different", compat="equals")

    def _starts(self, run):
        """Return the first frames of the windows of a run."""
        length, step = self.windows["length"], self.windows["step"] or self.windows["length"]
        return range(0, self.lengths[run] - length + 1, step)

    def _used(self):
        return [run for run in range(len(self.lengths)) if len(self._starts(run))]

    def _check_windows(self):
        length, used = self.windows["length"], set(self._used())
        if there := sorted({*ORIGIN} & {*self.dataset.variables, *self.dataset.dims}):
            raise files.FileError(
                f"{self.path}: found a coordinate named {there[0]!r}, which windows get: expected "
                "another name; rename it"
            )
        if not used:
            raise files.FileError(
                f"{self.path}: found at most {max(self.lengths)} frames in a run, expected "
                f"{length}, the windows.length of the dataset"
            )
        if left := [run for run in range(len(self.lengths)) if run not in used]:
            warnings.warn(
                f"{self.path}: the samples {left} have less than {length} frames, the "
                "windows.length of the dataset, and are left out",
                ResultWarning,
                stacklevel=3,
            )

    def _length(self, run):
        """Return the frames of a run before the padding at its end."""
        state = self.dataset["state"]
        frames = state.sizes["time"]
        if state.dtype.kind != "f" or not np.isnan(state[run, -1].values).all():
            return frames
        empty = np.isnan(self._loaded(sample=run)["state"].values).reshape(frames, -1).all(axis=1)
        return frames - int(empty[::-1].argmin()) if not empty.all() else 0

    def _loaded(self, **chosen):
        try:
            return self.dataset.isel(chosen).load()
        except MemoryError as error:
            raise files.FileError(
                f"{self.path}: its samples do not fit into memory ({error})"
            ) from error
