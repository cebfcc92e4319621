"""What is found in samples before anything is trained: see `led.inspection`."""

import matplotlib.pyplot as plt
import numpy as np

from led.figures.style import FORECAST, OTHERS, STYLE, TRUTH


def spectrum(train, validation):
    """Draw which share of the variance the modes of the training samples leave.

    Parameters
    ----------
    train, validation : ndarray, shape (mode + 1,)
        Of the samples of both splits.
    """
    with plt.rc_context(STYLE):
        figure, axis = plt.subplots(figsize=(6.5, 3.2), layout="constrained")
        for left, name, colour in (
            (train, "training samples", OTHERS[0]),
            (validation, "validation samples", FORECAST),
        ):
            axis.plot(np.arange(len(left)), np.maximum(left, 1e-8), label=name, color=colour)
        axis.set_yscale("log")
        axis.set(xlabel="principal components", ylabel="share of variance left")
        axis.legend()
    return figure


def motion(found):
    """Draw the power spectrum, and how near states part.

    Parameters
    ----------
    found : led.inspection.examination.Examination
    """
    grown = found.divergence
    with plt.rc_context(STYLE):
        figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.2), layout="constrained")
        left.loglog(found.interval / found.frequencies, found.power, color=TRUTH)
        for period, _ in found.periods:
            left.axvline(period * found.interval, color=FORECAST, linestyle=":")
        left.set(xlabel="period", ylabel="power", title="Dominant periods dotted")
        time = np.arange(len(grown.curve)) * found.interval
        right.plot(time, grown.curve, color=TRUTH)
        if grown.exponent:
            fitted = np.arange(len(grown.curve))[grown.fitted]
            line = grown.curve[fitted].mean() + grown.exponent * (fitted - fitted.mean())
            right.plot(time[grown.fitted], line, color=FORECAST, linestyle="--", label="fit")
            right.legend()
        right.set(xlabel="time", ylabel="log of the distance", title="Neighbours part")
    return figure
