"""Cells that have no numbers in any sample at any time, such as land in a model of the sea.

They are NaN in the files of a dataset. The networks see the mean there, the loss and the errors
leave them out, and decoders return NaN. An import makes sure that no other number is NaN.
"""

import warnings

import numpy as np

from led.jobs import files
from led.jobs.runtime import ResultWarning

ADVICE = (
    "expected numbers, or cells that have none in any frame: leave the sample out of the file, or "
    "write in the dataset fill: interpolate, which fills them linearly in time"
)


def of(state):
    """Return which cells are missing, or None where none is.

    Parameters
    ----------
    state : DataArray or ndarray, shape (sample, time, *grid, component)
        May be a file that is not read yet: one frame of it is read.

    Returns
    -------
    ndarray of bool, shape (*grid, component), or None
    """
    gaps = np.isnan(np.asarray(state[0, 0]))
    return gaps if gaps.any() else None


def always(opened):
    """Return which cells have no numbers in any frame of some files, or None where all have some.

    Frames without any number, such as those behind the end of a run, do not count.

    Parameters
    ----------
    opened : sequence of led.data.runs.Opened

    Returns
    -------
    ndarray of bool, shape (*grid, component), or None

    Raises
    ------
    led.jobs.files.FileError
        If a component has no numbers at all.
    """
    found = None
    for file in opened if opened[0].header["state"].dtype.kind == "f" else ():
        for sample in range(file.header.sizes["sample"]):
            if found is None and not np.isnan(_states(file, sample, [0])).any():
                return None
            gaps = np.isnan(_states(file, sample, slice(None)))
            some = gaps[~gaps.all(axis=tuple(range(1, gaps.ndim)))]
            if len(some):
                here = some.all(axis=0)
                found = here if found is None else found & here
                if not found.any():
                    return None
    if found is not None:
        names = opened[0].header["component"].values
        for name, empty in zip(names, found.reshape(-1, len(names)).all(axis=0), strict=True):
            if empty:
                raise files.FileError(
                    f"{opened[0].path}: found no number of {name}, expected some; leave it out of "
                    "variables"
                )
    return found


def _states(file, sample, frames):
    return file.read(sample=[sample], time=frames)["state"].values[0]


class Filling:
    """Checks that nothing is missing beyond the cells that always are, or fills it.

    Parameters
    ----------
    gaps : ndarray of bool, shape (*grid, component), or None
        Cells that are missing in all training samples.
    fill : {"forbid", "interpolate"}
        What to do where another number is missing. Interpolated is along time, with the value of
        the nearest frame at both ends.
    """

    def __init__(self, gaps, fill):
        self.gaps = gaps
        self.fill = fill
        self.filled = {}  # numbers, by file and sample
        self.blanked = {}

    def __call__(self, path, part):
        """Return runs of a file, with what is missing filled.

        Raises
        ------
        led.jobs.files.FileError
            If a number is missing that may not be; names sample, time, place and count.
        """
        state = part["state"]
        if state.dtype.kind != "f":
            return part
        holes = np.isnan(state.values)
        if self.gaps is not None:
            extra = ~holes & self.gaps
            if extra.any():
                self._note(self.blanked, path, state, extra)
                part = part.assign(state=state.where(~self.gaps))
            holes &= ~self.gaps
        if not holes.any():
            return part
        self._note(self.filled, path, state, holes)
        values = part["state"].values.copy()
        for row in np.flatnonzero(holes.any(axis=tuple(range(1, holes.ndim)))):
            cells = holes[row].reshape(holes.shape[1], -1)
            if self.fill == "forbid" or cells.all(axis=0).any():
                found = self._described(state[row], holes[row])
                raise files.FileError(f"{path}: {found}; {ADVICE}")
            _interpolate(values[row].reshape(cells.shape), cells)
        return part.assign(state=state.copy(data=values))

    def report(self, path):
        """Warn of what was filled, and of what was left out."""
        for counts, what in (
            (self.filled, "were filled linearly in time"),
            (self.blanked, "lie in cells that no training sample has, and are left out"),
        ):
            if counts:
                message = f"{path}: {sum(counts.values())} numbers in {len(counts)} samples {what}"
                warnings.warn(message, ResultWarning, stacklevel=2)

    def _note(self, counts, path, state, chosen):
        for sample, here in zip(state["sample"].values, chosen, strict=True):
            if here.any():
                counts[path, int(sample)] = int(here.sum())

    def _described(self, state, holes):
        """Return what a sample lacks: the first of it, and how much."""
        rest = tuple(range(1, holes.ndim))
        there = np.ones(holes.shape[1:], bool) if self.gaps is None else ~self.gaps
        empty = (holes | ~there).all(axis=rest)
        frames = holes.any(axis=rest)
        sample, time = int(state["sample"]), state["time"].values
        if empty.any():
            return (
                f"sample {sample} lacks {empty.sum()} of {len(empty)} frames, the first at time "
                f"{time[empty.argmax()]:g}"
            )
        place = np.argwhere(holes)[0]
        where = [f"time {time[place[0]]:g}"]
        for name, number in zip(state.dims[1:-1], place[1:-1], strict=True):
            where.append(f"{name} {state[name].values[number]:g}")
        count = f"{holes.sum()} number{'s' * bool(holes.sum() > 1)}"
        return (
            f"sample {sample} lacks {count} in {frames.sum()} of {len(frames)} frames, the first "
            f"at {', '.join(where)} in {state['component'].values[place[-1]]}"
        )


def _interpolate(series, holes):
    """Fill the holes of (time, cell) in place."""
    frames = np.arange(len(series))
    for cell in np.flatnonzero(holes.any(axis=0)):
        known = ~holes[:, cell]
        series[:, cell] = np.interp(frames, frames[known], series[known, cell])


def first(values):
    """Return the first number of each column of (row, component)."""
    known = ~np.isnan(values)
    return values[known.argmax(axis=0), np.arange(values.shape[1])]


def level(train):
    """Return the mean of each component in the first frame of the first sample.

    Parameters
    ----------
    train : xarray.DataArray
        (sample, time, *grid, component)
    """
    frame = np.asarray(train[0, 0], float)
    return np.nanmean(frame.reshape(-1, frame.shape[-1]), axis=0)


def replaced(states, level):
    """Return states, (..., component), whose missing numbers are those of `level`."""
    gaps = np.isnan(states)
    return np.where(gaps, level, states) if gaps.any() else states


def kept(forecast, window):
    """Return a forecast that is NaN where its window is.

    Parameters
    ----------
    forecast : ndarray, shape (sample, frame, *grid, component)
    window : ndarray, shape (sample, time, *grid, component)
    """
    gaps = np.isnan(window[:, -1:])
    return np.where(gaps, np.nan, forecast).astype(forecast.dtype) if gaps.any() else forecast
