"""The errors of all solvers."""

from itertools import cycle

import matplotlib.pyplot as plt

from led.figures.style import STYLE, colours


def convergence(errors):
    """Draw the error of each solver against its time step.

    Parameters
    ----------
    errors : pandas.DataFrame
        What `led.evaluation.convergence.measure` returns.
    """
    families = {
        "One-step methods": errors[~errors["solver"].str.startswith("Adams")],
        "Adams-Bashforth methods": errors[errors["solver"].str.startswith("Adams")],
    }
    with plt.rc_context(STYLE):
        figure, axes = plt.subplots(1, 2, figsize=(12, 5), sharey=True, layout="constrained")
        for axis, (family, rows) in zip(axes, families.items(), strict=True):
            solvers = rows["solver"].unique()
            markers = cycle("osD^v<>Px*")
            for solver, color, marker in zip(solvers, colours(len(solvers)), markers, strict=False):
                line = rows[rows["solver"] == solver]
                axis.loglog(line["dt"], line["error"], marker=marker, color=color, label=solver)
            axis.set(title=family, xlabel="time step dt")
            axis.legend(
                fontsize=8, loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=3, frameon=False
            )
        # beyond, a method has left its region of stability
        axes[0].set_ylim(top=10)
        axes[0].set_ylabel("error at t = 10")
        figure.suptitle("x' = -y, y' = x from x = y = 1, against the exact solution")
    return figure
