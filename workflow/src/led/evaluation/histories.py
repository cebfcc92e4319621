"""The histories of all trainings of an experiment."""

from led.jobs import files

INPUTS = ("autoencoder", "rnn", "decoder")


def read(inputs):
    """Read the histories among the input files of a job.

    Parameters
    ----------
    inputs : iterable of (str, path or list of paths)
        Others than those of `named` are left alone.

    Returns
    -------
    dict of {str: pandas.DataFrame}
        See `named`.
    """
    with files.opened((name, given) for name, given in inputs if name in INPUTS) as found:
        return named(**found)


def named(autoencoder, rnn, decoder):
    """Return the histories that have epochs, by the name of what is trained.

    Parameters
    ----------
    autoencoder : pandas.DataFrame
        What `led.training.loop.train` wrote; it is left out where it is empty.
    rnn, decoder : list of pandas.DataFrame
        The same of each member, and of the decoder, if it is trained on forecasts.
    """
    histories = {"autoencoder": autoencoder}
    histories |= {f"recurrent network {member}": history for member, history in enumerate(rnn)}
    histories |= dict(zip(["decoder"], decoder, strict=False))
    return {name: history for name, history in histories.items() if len(history)}
