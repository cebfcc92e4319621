"""What forecasts cost, next to a solver that is just as accurate."""

import numpy as np
import pandas as pd

from led.evaluation import errors
from led.evaluation.coarse import Rung

COLUMNS = [
    *("forecaster", "dt", "coarsening", "nrmse", "valid_time", "seconds", "seconds_before"),
    *("pays_after", "remark"),
]
MEASURES = ["nrmse", "valid_time"]
SOLVER, COARSE, AS_ACCURATE = "solver", "coarse", "as_accurate"
DIVERGED = "diverges"
NONE, CHEAPEST = "none: even the finest is worse", "the coarsest is better"
UNKNOWABLE = "none: the samples themselves are no more exact"
NEVER = "never"


def before(folder, jobs):
    """Return the seconds that some jobs took, not a number if one of them was not recorded.

    Parameters
    ----------
    folder : Path
        Of the benchmarks that Snakemake writes. A training that was interrupted counts from its
        last start on.
    jobs : sequence of str
        Paths in that folder, without the suffix.
    """
    paths = [folder / f"{job}.tsv" for job in jobs]
    if not all(path.exists() for path in paths):
        return np.nan
    return float(sum(pd.read_csv(path, sep="\t")["s"].mean() for path in paths))


def curve(continuation, rungs, truth, deviation):
    """Run a solver as coarsely as each of some rungs says.

    Parameters
    ----------
    continuation : led.evaluation.coarse.Continuation
    rungs : sequence of led.evaluation.coarse.Rung
        The first is that of the samples, and its error is measured against half the time step. The
        errors of the others are those against the samples.
    truth : xarray.DataArray
        (sample, time, *grid, component), what follows.
    deviation : ndarray, shape (component,)
        As `led.evaluation.errors.errors` takes it.

    Returns
    -------
    pandas.DataFrame
        Some of `COLUMNS`; ``seconds`` are of all samples and times together.
    """
    rows = []
    for rung in rungs:
        states, seconds = continuation.timed(rung)
        row = {
            "forecaster": COARSE if rows else SOLVER,
            "dt": rung.dt(continuation.interval),
            "coarsening": rung.coarsening,
            "seconds": seconds,
        }
        if states is None:
            row["remark"] = DIVERGED
        else:
            reference = truth if rows else truth.copy(data=continuation.run(Rung(2 * rung.steps)))
            row |= _medians(errors.errors(truth.copy(data=states), reference, deviation))
        rows.append(row)
    return pd.DataFrame(rows)


def _medians(report):
    together = report.sel(component="all")
    return {name: float(together[name].median()) for name in MEASURES}


def table(forecasters, solver, reported, extent, prepared):
    """Return the costs of all forecasters and of the solver.

    Parameters
    ----------
    forecasters : dict of {str: dict}
        Seconds of each by its stages, LED first; ``fit`` is before the forecast.
    solver : pandas.DataFrame
        What `curve` returns; empty where the samples are not simulated by us.
    reported : pandas.DataFrame
        What `led.evaluation.errors.table` returns.
    extent : tuple of (int, float)
        Samples of a forecast, and its length in time.
    prepared : dict of {str: float}
        Seconds of the ``simulation`` of training and validation samples, and of the ``training``.

    Returns
    -------
    pandas.DataFrame
        `COLUMNS`. ``seconds`` are for a sample and a unit of time, ``seconds_before`` those of
        simulation and training. ``pays_after`` is the number of forecasts of one sample after which
        LED has cost less than the solver of that row, or "never". The last row, ``as_accurate``, is
        the solver whose error is that of LED, between two steps of the curve; its remark says if
        there is none.
    """
    samples, horizon = extent
    together = reported[reported["component"] == "all"]
    chosen = together[together["metric"].isin(MEASURES)]
    medians = chosen.groupby(["forecaster", "metric"])["value"].median().unstack("metric")
    rows = []
    for name, stages in forecasters.items():
        fit = stages.pop("fit", prepared["training"])
        row = {"forecaster": name, "seconds_before": prepared["simulation"] + fit}
        rows.append(row | medians.loc[name].to_dict() | {"seconds": sum(stages.values())})
    frame = pd.DataFrame(rows)
    if len(solver):
        last = as_accurate(solver, medians.loc["led", "nrmse"])
        frame = pd.concat([frame, solver, pd.DataFrame([last])])
    frame["seconds"] = frame["seconds"].astype(float) / (samples * horizon)
    led = frame.iloc[0]
    gains = (frame["seconds"] - led["seconds"]) * horizon
    compared = frame["forecaster"].isin([SOLVER, COARSE, AS_ACCURATE]) & frame["seconds"].notna()
    frame["pays_after"] = [
        _pays_after(led["seconds_before"], gain) if is_solver else None
        for gain, is_solver in zip(gains, compared, strict=True)
    ]
    return frame.reindex(columns=COLUMNS).reset_index(drop=True)


def _pays_after(spent, gain):
    if gain <= 0:
        return NEVER
    return None if np.isnan(spent) else str(int(np.ceil(spent / gain)))


def as_accurate(solver, error):
    """Return the row of a solver with a given error, by interpolation of logarithms.

    Parameters
    ----------
    solver : pandas.DataFrame
        With ``nrmse`` and ``seconds`` of each rung, that of the samples first.
    error : float
        Of LED.

    Returns
    -------
    dict
        Some of `COLUMNS`.
    """
    row = {"forecaster": AS_ACCURATE, "nrmse": error}
    if not solver["nrmse"].iloc[0] <= errors.VALID_BELOW:
        return row | {"remark": UNKNOWABLE}
    costs, found = best(solver)
    if error < found[-1]:
        return row | {"remark": NONE}
    if error >= found[0]:
        return row | {"nrmse": found[0], "seconds": costs[0], "remark": CHEAPEST}
    logarithms = np.log(found[::-1]), np.log(costs[::-1])
    return row | {"seconds": float(np.exp(np.interp(np.log(error), *logarithms)))}


def best(solver):
    """Return the costs and errors of the rungs that none is better than, by rising cost."""
    known = solver.dropna(subset=["nrmse", "seconds"])
    known = known[known["nrmse"] > 0].sort_values(["seconds", "nrmse"])
    lowest = known["nrmse"].cummin()
    kept = known[known["nrmse"] < lowest.shift(fill_value=np.inf)]
    return kept["seconds"].to_numpy(float), kept["nrmse"].to_numpy(float)
