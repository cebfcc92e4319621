"""What a job reads of the splits: the first samples, the states or the latents of a training."""

from contextlib import contextmanager

from led.data.frames import forecast_frames
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
def open_states(train, validation, count):
    """Open the states that a training compares with, and yield those of both splits, not read yet.

    Parameters
    ----------
    train, validation : str
        Files, which are open as long as the block runs.
    count : int or None
        How many of the training samples, as in `first`.
    """
    with files.open_dataset(train) as train_file, files.open_dataset(validation) as validation_file:
        yield first(train_file["state"], count, train), validation_file["state"]


def known_latents(train, validation, warmup):
    """Read the latents that a training continues.

    Parameters
    ----------
    train, validation : str
        Files.
    warmup : float
        Time that a forecast is given, in the unit of the files.

    Returns
    -------
    list of ndarray, shape (sample, time, latent)
        Of both splits.
    int
        Frames of the warm-up.
    dict
        ``inputs``, of both splits, each (sample, time, input); empty if they have none.
    """
    splits = [files.read(path) for path in (train, validation)]
    known, _ = forecast_frames(splits[0]["time"].values, warmup)
    driving = {}
    if "inputs" in splits[0]:
        driving["inputs"] = tuple(split["inputs"].values for split in splits)
    return [split["latents"].values for split in splits], known, driving
