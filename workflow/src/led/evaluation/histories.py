"""The histories of all trainings of an experiment."""

from led.jobs import files

INPUTS = ("autoencoder", "rnn", "decoder", "joint")


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


def named(autoencoder, rnn, decoder, joint):
    """Return the histories that have epochs, by the name of what is trained.

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
    return {name: history for name, history in histories.items() if len(history)}
