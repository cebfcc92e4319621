"""The training of the networks."""

import matplotlib.pyplot as plt

from led.figures.style import FORECAST, OTHERS, STYLE


def histories(histories):
    """Draw the losses of all networks of an experiment over the epochs.

    Parameters
    ----------
    histories : dict of {str: pandas.DataFrame}
        By network, what `led.training.loop.keep` wrote; empty ones are left out.
    """
    trained = {name: history for name, history in histories.items() if len(history)}
    with plt.rc_context(STYLE):
        figure, axes = plt.subplots(
            1,
            max(1, len(trained)),
            figsize=(5.5 * max(1, len(trained)), 3.8),
            squeeze=False,
            layout="constrained",
        )
        for axis, (name, history) in zip(axes[0], trained.items(), strict=False):
            axis.semilogy(history["epoch"], history["loss"], color=OTHERS[0], label="training")
            axis.semilogy(history["epoch"], history["val_loss"], color=FORECAST, label="validation")
            best = history["val_loss"].idxmin()
            axis.plot(
                history["epoch"][best], history["val_loss"][best], "o", color=FORECAST, label="kept"
            )
            axis.set(title=f"Training of the {name}", xlabel="epoch", ylabel="loss")
            axis.legend()
        if not trained:
            axes[0, 0].set_title("No network of this experiment is trained")
    return figure
