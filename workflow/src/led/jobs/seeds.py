"""Seeds of all that is drawn: one for each purpose, and none of them a sum of others."""

import numpy as np

# The spawn keys of samples begin with 0 to 2, the numbers of the splits.
PURPOSES = {
    "autoencoder": 3,
    "rnn": 4,
    "decoder": 5,
    "design": 7,
    "adaptive": 8,
    "online": 9,
    "novelty": 10,
}


def derive(seed, purpose, *numbers):
    """Return the seed for a purpose.

    Parameters
    ----------
    seed : int
        Of the experiment.
    purpose : str
        A key of `PURPOSES`.
    *numbers : int
        What else distinguishes it, such as the number of a member.

    Returns
    -------
    int
        Of 32 bits, as Keras takes them.
    """
    sequence = np.random.SeedSequence(seed, spawn_key=(PURPOSES[purpose], *numbers))
    return int(sequence.generate_state(1)[0])


def generator(seed, epoch):
    """Return the generator for an epoch of a training that has this seed."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(epoch,)))
