"""What an adaptive forecast was worth: how much of it the surrogate made, and how well."""

import numpy as np
import pandas as pd

from led.surrogate.adaptive.cycle import MACRO

COLUMNS = (
    *("sample", "cycle", "begin", "error", "spread", "distance"),
    *("accepted", "macro", "ended"),
)


def cycles(cycle):
    """Measure each cycle against the solver, which goes on from the end of its comparison.

    A distance is the root of the mean over the grid of the squared Euclidean norm over the
    components, in physical units.

    Parameters
    ----------
    cycle : led.surrogate.adaptive.cycle.Cycle
        After its run.

    Returns
    -------
    pandas.DataFrame
        The entries of `cycle`, with the numbers of samples, times instead of frames for ``begin``,
        and the distances ``mean_distance`` and ``final_distance`` from these states of the solver:
        over the macro stage and at its end. Missing without a macro stage.
    """
    table = pd.DataFrame(cycle.cycles, columns=COLUMNS)
    table = table.assign(mean_distance=np.nan, final_distance=np.nan)
    for begin, group in table[table["macro"] > 0].groupby("begin"):
        rows, frames = group["sample"].to_numpy(), group["macro"].max()
        start = cycle.states[rows, begin], cycle.times[begin], frames, rows
        expected = cycle.task.simulation.advance(*start)
        found = cycle.states[rows, begin + 1 : begin + 1 + frames]
        with np.errstate(invalid="ignore", over="ignore"):
            squares = ((found - expected[:, : found.shape[1]]) ** 2).sum(axis=-1)
        distances = np.sqrt(squares.reshape(*squares.shape[:2], -1).mean(axis=-1))
        for place, macro, apart in zip(group.index, group["macro"], distances, strict=True):
            table.loc[place, "mean_distance"] = apart[:macro].mean()
            table.loc[place, "final_distance"] = apart[macro - 1]
    table["begin"] = cycle.times[table["begin"]]
    table["sample"] = cycle.task.window["sample"].values[table["sample"]]
    return table


def utilisation(cycle):
    """Return the share of the frames of the forecast that the surrogate made alone, by sample."""
    return (cycle.stages[:, cycle.task.known :] == MACRO).mean(axis=1)
