"""Batches of samples, merged into one file a split."""

import warnings

import numpy as np

from led.data.precision import Rounding
from led.jobs import files
from led.jobs.runtime import ResultWarning, progress


def merge(batches, path):
    """Append the samples of the files `batches`, in their order, into one NetCDF file.

    One batch at a time is in memory. Nothing is written under the name `path` before all of it
    is there.

    Parameters
    ----------
    batches : sequence of str
        Files that `files.write` made from what `simulate` returns.
    path : str

    Raises
    ------
    led.jobs.files.FileError
        If a batch is damaged, or does not continue the samples of the one before; names it and
        says how to make it again.
    """
    write_parts(_measured(map(_read_batch, progress(batches, "batch")), path), path, _advice)


def _measured(parts, path):
    """Pass parts on, and warn where float32, in which simulations are stored, has lost too much."""
    rounding = None
    for source, part in parts:
        rounding = rounding or Rounding(part["component"].values)
        for sample in part["state"].values:
            rounding.add(sample[None])
        yield source, part
    if rounding and (lossy := rounding.lossy()):
        message = (
            f"{path}: float32 loses more than 1e-3 of the standard deviation of "
            f"{', '.join(lossy)}; let the system compute the departure from a reference value"
        )
        warnings.warn(message, ResultWarning, stacklevel=2)


def write_parts(parts, path, advice=lambda source: ""):
    """Append the samples of `parts` into one NetCDF file, one of them in memory at a time.

    Parameters
    ----------
    parts : iterable of (str, xarray.Dataset)
        Each with its source, for messages. The samples of a part continue those of the last.
    path : str
    advice : callable
        Source to what a user can do when it is wrong.

    Raises
    ------
    led.jobs.files.FileError
        If a part does not continue the last one, lies on other coordinates than the first, or has
        values that are not finite.
    """
    files.write_parts(_checked(parts, advice), path)


def _checked(parts, advice):
    start, first = 0, None
    for source, part in parts:
        _check_part(source, part, start, first, advice(source))
        if first is None:
            first = part.drop_dims("sample")
        yield start, part
        start += part.sizes["sample"]


def _advice(batch):
    return f"; remove it and run the same command again: rm {batch}"


def _read_batch(path):
    try:
        batch = files.read(path)
        batch["state"]
    except (files.FileError, KeyError) as error:
        raise files.FileError(f"{path}: damaged batch ({error}){_advice(path)}") from error
    return path, batch


def _check_part(source, part, start, first, advice):
    found, expected = part["sample"].values, start + np.arange(part.sizes["sample"])
    if not np.array_equal(found, expected):
        raise files.FileError(
            f"{source}: holds the samples {found.tolist()}, expected {expected.tolist()}{advice}"
        )
    finite = np.isfinite(part["state"].values).reshape(len(found), -1).all(axis=1)
    if not finite.all():
        sample = found[~finite][0]
        raise files.FileError(f"{source}: sample {sample} holds values that are not finite{advice}")
    for name in first.dims if first is not None else ():
        if not part[name].equals(first[name]):
            raise files.FileError(f"{source}: {name} differs from the first batch{advice}")
