"""What accuracy costs."""

import matplotlib.pyplot as plt

from led.evaluation.costs import AS_ACCURATE, COARSE, SOLVER, best
from led.figures.style import FORECAST, OTHERS, STYLE, TRUTH


def costs(costs):
    """Draw error against cost: forecasters as points, our solver as a curve.

    Parameters
    ----------
    costs : pandas.DataFrame
        What `led.evaluation.costs.table` returns.
    """
    with plt.rc_context(STYLE):
        figure, axis = plt.subplots(figsize=(6.5, 4.5), layout="constrained")
        solver = costs[costs["forecaster"].isin([SOLVER, COARSE])]
        own = solver["coarsening"] == 1
        for label, rows, look in (
            ("our solver, longer steps", solver[own], {"marker": "o"}),
            ("on a coarser grid", solver[~own], {"marker": "s", "fillstyle": "none"}),
        ):
            if rows["nrmse"].notna().any():
                line = {"linestyle": "", "color": OTHERS[0], "markersize": 4} | look
                axis.plot(rows["seconds"], rows["nrmse"], label=label, **line)
        if solver["nrmse"].notna().any():
            axis.step(*best(solver), where="post", color=OTHERS[0], linewidth=1)
        others = costs[~costs["forecaster"].isin([SOLVER, COARSE, AS_ACCURATE])]
        for name, seconds, error in others[["forecaster", "seconds", "nrmse"]].values:
            led = name == "led"
            axis.plot(seconds, error, "*" if led else ".", color=FORECAST if led else TRUTH)
            axis.annotate(f" {name}", (seconds, error), color=FORECAST if led else TRUTH)
        axis.set(
            xscale="log",
            yscale="log",
            xlabel="seconds for a sample and unit of time, one thread",
            ylabel="error (median nrmse)",
        )
        if axis.get_legend_handles_labels()[0]:  # a dataset from files has no solver
            figure.legend(loc="outside lower center", ncols=2)
    return figure
