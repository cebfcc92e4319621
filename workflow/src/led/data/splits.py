"""Fewer samples than a file holds."""

from contextlib import contextmanager

from led.jobs import files


def first(array, count, path):
    """Return the first samples of an array.

    Parameters
    ----------
    array : xarray.DataArray
        (sample, ...); may be a file that is not read yet.
    count : int or None
        All of them if None.
    path : str
        The file it comes from, for the message.

    Raises
    ------
    led.jobs.files.FileError
        If there are fewer.
    """
    if count is not None and count > len(array):
        raise files.FileError(
            f"{path}: found {len(array)} samples, expected at least {count}, the train_samples of "
            "the experiment"
        )
    return array[:count]


@contextmanager
def training_states(train, validation, count):
    """Open the states that a training compares with, and yield those of both splits, not read yet.

    Parameters
    ----------
    train, validation : str
        Files.
    count : int or None
        How many of the training samples, as in `first`.
    """
    with files.open_dataset(train) as train_file, files.open_dataset(validation) as validation_file:
        yield first(train_file["state"], count, train), validation_file["state"]
