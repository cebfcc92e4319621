"""What turns of surrogate and solver cost and gain."""

import matplotlib.pyplot as plt
import numpy as np

from led.figures.style import FORECAST, OTHERS, STYLE, TRUTH


def against_ratio(errors, forecasts, ratios, component, metric, published=None):
    """Draw the error and the speed-up of multiscale forecasts against their ratio.

    The speed-up is the time of the solver for the same frames over that of the forecast, both
    measured in the job of the forecast.

    Parameters
    ----------
    errors : pandas.DataFrame
        What `led.evaluation.errors.table` returns.
    forecasts : list of xarray.Dataset
        What `led.surrogate.named.forecast` returns.
    ratios : list of (str, float)
        Name and ratio of each, in their order, ascending.
    component, metric : str
        Of the error.
    published : dict, optional
        ``label``, ``ratio`` and ``error`` of others.
    """
    names, values = zip(*ratios, strict=True)
    chosen = errors[(errors["component"] == component) & (errors["metric"] == metric)]
    groups = chosen.groupby("forecaster")["value"]
    low, middle, high = (groups.quantile(share)[[*names]] for share in (0.1, 0.5, 0.9))
    with plt.rc_context(STYLE):
        figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4.2), layout="constrained")
        left.fill_between(values, low, high, color=FORECAST, alpha=0.15, linewidth=0)
        left.plot(values, middle, "o-", color=FORECAST, label="surrogate and solver in turns")
        latent = groups.median()["led"]
        left.axhline(latent, color=OTHERS[0], linestyle="--", label="surrogate alone")
        if published:
            left.plot(
                published["ratio"],
                published["error"],
                "s:",
                color=OTHERS[3],
                label=published["label"],
            )
        left.set(ylabel=f"{metric} of {component}", xscale="log", yscale="log")
        right.plot(values, [*map(speed_up, forecasts)], "o-", color=FORECAST, label="measured")
        most = np.geomspace(values[0], values[-1])
        right.plot(most, 1 + most, "--", color=TRUTH, label="at most: 1 + ratio")
        right.axhline(1, color=OTHERS[1], linestyle="--", label="solver alone")
        right.set(ylabel="speed-up", xscale="log", yscale="log")
        samples = chosen["sample"].nunique()
        left.set_title(f"Median over {samples} test samples, shaded: 10 to 90 %")
        for axis in (left, right):
            axis.set_xlabel("ratio of macro to micro time")
            axis.legend(fontsize=8)
    return figure


def speed_up(forecast):
    """Return the time of the solver over that of a forecast, for its horizon."""
    seconds = forecast["seconds"]
    solver = float(seconds.sel(stage="solver"))
    share = seconds.attrs["forecast_steps"] / seconds.attrs["solver_steps"]
    return share * solver / float(seconds.drop_sel(stage="solver").sum())
