"""The training of the networks."""

import matplotlib.pyplot as plt

from led.figures.style import FORECAST, OTHERS, STYLE


def histories(autoencoder, rnn, decoder, joint):
    """Draw the losses of all networks of an experiment over the epochs.

    Parameters
    ----------
    autoencoder : pandas.DataFrame
        What `led.training.loop.train` wrote; it is left out where it is empty.
    rnn, decoder, joint : list of pandas.DataFrame
        The same of each member, and of the trainings that not all experiments have.
    """
    histories = {"autoencoder": autoencoder}
    histories |= {f"recurrent network {member}": history for member, history in enumerate(rnn)}
    histories |= dict(zip(["decoder"], decoder, strict=False))
    histories |= dict(zip(["decoder and networks together"], joint, strict=False))
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
