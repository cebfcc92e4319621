"""The cost of a dataset."""

import matplotlib.pyplot as plt

from led.figures.style import OTHERS, STYLE, TRUTH


def generation(timings, dataset):
    """Draw the time that a dataset takes against the number of cores.

    Parameters
    ----------
    timings : pandas.DataFrame
        What `led.evaluation.generation.time_generation` returns.
    dataset : str
        Its name, for the title.
    """
    cores, seconds = timings["cores"], timings["seconds"]
    with plt.rc_context(STYLE):
        figure, axis = plt.subplots(figsize=(5.5, 4), layout="constrained")
        axis.plot(cores, seconds, "o-", color=OTHERS[0], label="measured")
        ideal = seconds.iloc[0] / cores  # the first is of one core
        axis.plot(cores, ideal, "--", color=TRUTH, label="ideal: time of one core / cores")
        axis.set_xscale("log", base=2)
        axis.set_ylim(bottom=0)
        axis.set_xticks(cores, [str(count) for count in cores])
        axis.set(
            title=f"{timings['samples'].iloc[0]} samples of {dataset} "
            f"in {timings['batches'].iloc[0]} batches",
            xlabel="cores",
            ylabel="time [s]",
        )
        figure.legend(loc="outside lower center")
    return figure
