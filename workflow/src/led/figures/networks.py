"""The training of the networks."""

import matplotlib.pyplot as plt

from led.evaluation.histories import named
from led.figures.style import FORECAST, OTHERS, STYLE, WARMUP


def histories(autoencoder, rnn, decoder, shrinking=0):
    """Draw the losses of all networks of an experiment over the epochs.

    Parameters
    ----------
    autoencoder : pandas.DataFrame
        See `led.evaluation.histories.named`, as for the others.
    rnn, decoder : list of pandas.DataFrame
    shrinking : int
        Epochs in which a recurrent network listens less and less to the truth.
    """
    trained = named(autoencoder, rnn, decoder)
    with plt.rc_context(STYLE):
        figure, axes = plt.subplots(
            1,
            max(1, len(trained)),
            figsize=(5.5 * max(1, len(trained)), 3.8),
            squeeze=False,
            layout="constrained",
        )
        for axis, (name, history) in zip(axes[0], trained.items(), strict=False):
            axis.plot(history["epoch"], history["loss"], color=OTHERS[0], label="training")
            axis.plot(history["epoch"], history["val_loss"], color=FORECAST, label="validation")
            if (history[["loss", "val_loss"]] > 0).all(axis=None):  # not a likelihood
                axis.set_yscale("log")
            best = history["val_loss"].idxmin()
            axis.plot(
                history["epoch"][best], history["val_loss"][best], "o", color=FORECAST, label="kept"
            )
            axis.set(title=f"Training of the {name}", xlabel="epoch", ylabel="loss")
            if shrinking and name.startswith("recurrent"):
                axis.axvspan(0, shrinking, **WARMUP)
                axis.set_xlabel("epoch; grey: listens less in each,\nso the training loss may rise")
        if trained:
            figure.legend(*axis.get_legend_handles_labels(), loc="outside right center")
        else:
            axes[0, 0].set_title("No network of this experiment is trained")
    return figure
