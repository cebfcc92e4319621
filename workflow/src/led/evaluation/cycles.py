"""How often adaptive forecasts trusted the surrogate, and how right that was."""

import numpy as np
import pandas as pd


def of_each(forecasts):
    """Return the cycles of adaptive forecasts, one a row.

    Parameters
    ----------
    forecasts : dict of {str: xarray.Dataset}
        What `led.surrogate.named.forecast` returns in the mode adaptive, by name.

    Returns
    -------
    pandas.DataFrame
        ``forecast`` and the columns of `led.surrogate.adaptive.measures.cycles`.
    """
    tables = []
    for name, forecast in forecasts.items():
        columns = [key for key in forecast if str(key).startswith("cycle_")]
        columns = [key for key in columns if forecast[key].dims == ("cycle",)]
        values = {key.removeprefix("cycle_"): forecast[key].values for key in columns}
        tables.append(pd.DataFrame({"forecast": name} | values))
    return pd.concat(tables, ignore_index=True)


def summary(forecasts):
    """Summarise adaptive forecasts, one a row.

    Parameters
    ----------
    forecasts : dict of {str: xarray.Dataset}
        As in `of_each`.

    Returns
    -------
    pandas.DataFrame
        ``forecast``; ``utilisation``, the share of the time that the surrogate runs alone; the
        numbers of ``accepted``, ``rejected`` and, among these, ``failed`` cycles; ``E_mean`` and
        ``E_final``, the means over the accepted cycles of `mean_distance` and `final_distance`;
        ``seconds`` of each stage for all samples, with ``solver`` for the solver alone; and
        ``speed_up``, the seconds of the solver over those of all stages.
    """
    rows = []
    for name, forecast in forecasts.items():
        accepted = forecast["cycle_accepted"].values.astype(bool)
        seconds = forecast["seconds"]
        share = seconds.attrs["forecast_steps"] / seconds.attrs["solver_steps"]
        solver = share * float(seconds.sel(stage="solver"))
        stages = seconds.drop_sel(stage="solver")
        row = {
            "forecast": name,
            "utilisation": float(forecast["utilisation"].mean()),
            "accepted": int(accepted.sum()),
            "rejected": int((~accepted).sum()),
            "failed": int((forecast["cycle_ended"] == "failed").sum()),
            "E_mean": _mean(forecast["cycle_mean_distance"].values),
            "E_final": _mean(forecast["cycle_final_distance"].values),
        }
        row |= {
            f"seconds_{stage}": float(stages.sel(stage=stage)) for stage in stages["stage"].values
        }
        rows.append(row | {"seconds_solver": solver, "speed_up": solver / float(stages.sum())})
    return pd.DataFrame(rows)


def _mean(values):
    return float(np.nanmean(values)) if np.isfinite(values).any() else np.nan
