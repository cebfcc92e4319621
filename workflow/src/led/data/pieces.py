"""Samples cut from the runs of files: the part of a split, and windows of equal length."""

import warnings

import numpy as np
import xarray as xr

from led.data.frames import frames_within, share_of
from led.jobs import files
from led.jobs.runtime import ResultWarning

SAMPLES_A_BLOCK = 10
ORIGIN = ("run", "run_start")  # coordinates that windows get


class Pieces:
    """The samples of a split, read from their files a block at a time, as often as wanted.

    Parameters
    ----------
    opened : sequence of led.data.runs.Opened
        Files that fit each other. A run may end early: all values of its last frames are NaN then.
    interval : sequence of two float, optional
        Times of the split: the frames from the first on that lie before the second.
    share : sequence of two float, optional
        Part of the split instead: of the runs in their order or, of one run, of its times.
    filling : led.data.missing.Filling, optional
        Applied to whole runs, within the times of the split.
    windows : dict, optional
        ``length`` and ``step`` in frames. Each run is cut into windows of this length, whose first
        frames are a step apart; a length apart where it is None.

    Raises
    ------
    led.jobs.files.FileError
        If the part leaves the times of the files or is empty, no run is as long as a window, runs
        have different lengths and no windows are given, or coordinates have the names of `ORIGIN`.
    """

    def __init__(self, opened, interval=None, share=None, windows=None, filling=None):
        self.path, self.windows = opened[0].path, windows
        self.filling = filling or (lambda path, part: part)
        self.runs = [
            (file, sample) for file in opened for sample in range(file.header.sizes["sample"])
        ]
        if interval is not None:
            self.runs = [(_within(file, interval), sample) for file, sample in self.runs]
        if share is not None:
            self._share(share)
        self.lengths = [self._length(*run) for run in self.runs]
        if windows is None:
            frames = max(file.header.sizes["time"] for file, _ in self.runs)
            for run, length in enumerate(self.lengths):
                if length < frames:
                    raise files.FileError(
                        f"{self.runs[run][0].path}: sample {run} has {length} frames, then NaN, of "
                        f"{frames}; expected samples of equal length, or windows: {{length: "
                        f"{max(2, min(self.lengths))}}} in the dataset, which cuts them into such"
                    )
        else:
            self._check_windows()

    def __len__(self):
        """Return the number of blocks."""
        if self.windows is None:
            return len(self._blocks())
        return sum(-(-len(self._starts(run)) // SAMPLES_A_BLOCK) for run in self._used())

    def __iter__(self):
        """Yield paths and datasets, whose samples are numbered one after the other."""
        count = 0
        for path, part in self._whole() if self.windows is None else self._in_windows():
            numbers = count + np.arange(part.sizes["sample"])
            yield path, part.assign_coords(sample=numbers)
            count += len(numbers)

    @property
    def header(self):
        """The first file of the split, as `led.data.runs.Opened` describes it."""
        return self.runs[0][0].header

    @property
    def count(self):
        """The number of samples."""
        if self.windows is None:
            return len(self.runs)
        return sum(len(self._starts(run)) for run in self._used())

    def _whole(self):
        for start, stop in self._blocks():
            file, first = self.runs[start]
            part = file.read(sample=slice(first, first + stop - start))
            yield file.path, self.filling(file.path, part)

    def _blocks(self):
        """Return the first run of each block of one file, and the one behind its last."""
        edges, start = [], 0
        for run in range(1, len(self.runs) + 1):
            ends = run == len(self.runs) or self.runs[run][0].path is not self.runs[start][0].path
            if ends or run - start == SAMPLES_A_BLOCK or self.runs[run][1] == 0:
                edges.append((start, run))
                start = run
        return edges

    def _in_windows(self):
        for run in self._used():
            file, sample = self.runs[run]
            series = file.read(sample=[sample], time=slice(self.lengths[run]))
            series = self.filling(file.path, series)
            starts = self._starts(run)
            for first in range(0, len(starts), SAMPLES_A_BLOCK):
                yield file.path, self._cut(series, run, starts[first : first + SAMPLES_A_BLOCK])

    def _cut(self, series, run, starts):
        length, time = self.windows["length"], series["time"]
        frames = (time.values - time.values[0])[:length]
        parts = [
            series.isel(time=slice(start, start + length)).assign_coords(
                time=("time", frames, _since_start(time.attrs)),
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
        return [run for run in range(len(self.runs)) if len(self._starts(run))]

    def _share(self, share):
        """Keep a part of the runs or, of one run, of its times."""
        count, (file, sample) = len(self.runs), self.runs[0]
        if count > 1:
            first, stop = share_of(count, share)
            self.runs = self.runs[first:stop]
            least, kept, unit = 1, stop - first, f"samples of {count}"
        else:
            count = file.header.sizes["time"]
            first, stop = share_of(count, share)
            self.runs = [(file.within(time=slice(first, stop)), sample)]
            least, kept, unit = 2, stop - first, f"frames of {count}"
        if kept < least:
            raise files.FileError(
                f"{self.path}: found {kept} {unit} in the split, expected {least} or more: a "
                "larger part, or two times for each split"
            )

    def _check_windows(self):
        length, used = self.windows["length"], set(self._used())
        header = self.header
        if there := sorted({*ORIGIN} & {*header.variables, *header.dims, *self.runs[0][0].stored}):
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

    def _length(self, file, sample):
        """Return the frames of a run before the padding at its end."""
        state = file.header["state"]
        frames = state.sizes["time"]
        if state.dtype.kind != "f":
            return frames
        last = file.read(sample=[sample], time=[frames - 1])["state"]
        if not np.isnan(last.values).all():
            return frames
        values = file.read(sample=[sample])["state"].values
        empty = np.isnan(values).reshape(frames, -1).all(axis=1)
        return frames - int(empty[::-1].argmin()) if not empty.all() else 0


def _within(file, interval):
    time = file.header["time"].values
    try:
        frames = frames_within(time[0], time[1] - time[0], len(time), interval)
    except ValueError as error:
        raise files.FileError(f"{file.path}: {error}") from error
    return file.within(time=slice(*frames))


def _since_start(attributes):
    """Return the attributes of times since the start of a window: no date is in their unit."""
    kept = {key: value for key, value in attributes.items() if key != "calendar"}
    return kept | {k: str(v).partition(" since ")[0] for k, v in kept.items() if k == "units"}
