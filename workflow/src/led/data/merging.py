"""Batches of samples, merged into one file a split."""

from contextlib import contextmanager

import numpy as np

from led.jobs import files
from led.jobs.runtime import progress


def merge(batches, path):
    """Append the samples of the files `batches`, in their order, into one NetCDF file.

    One batch at a time is in memory. Nothing is written under the name `path` before all of it
    is there. If one batch is in float64, the merged file is.

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
    double = next(filter(_is_double, batches), None)
    if double:
        print(f"stored as float64, as {double} is", flush=True)

    def parts():
        for batch in progress(batches, "batch"):
            part = _read_batch(batch)
            part["state"].encoding["dtype"] = "float64" if double else "float32"
            yield batch, part

    write_parts(parts(), path, _advice)


def write_parts(parts, path, advice=lambda source: "", gaps=None):
    """Append the samples of `parts` into one NetCDF file, one of them in memory at a time.

    Parameters
    ----------
    parts : iterable of (str, xarray.Dataset)
        Each with its source, for messages. The samples of a part continue those of the last.
    path : str
    advice : callable
        Source to what a user can do when it is wrong.
    gaps : ndarray of bool, shape (*grid, component), optional
        Cells that are missing: see `led.data.missing`.

    Raises
    ------
    led.jobs.files.FileError
        If a part does not continue the last one, lies on other coordinates than the first, or has
        values that are not finite; or if it has other variables than the first, or numbers that
        their type does not hold.
    """
    files.write_parts(_checked(parts, advice, False if gaps is None else gaps), path)


def _checked(parts, advice, gaps):
    start, first = 0, None
    for source, part in parts:
        _check_part(source, part, start, advice(source), gaps)
        if first is None:
            kinds = {n: _stored(a) for n, a in part.variables.items() if "sample" in a.dims}
            first = part.drop_dims("sample")
        _check_same(source, part, first, kinds, advice(source))
        yield start, part
        start += part.sizes["sample"]


def _advice(batch):
    return f"; remove it and run the same command again: rm {batch}"


def _is_double(path):
    with _named(path), files.open_dataset(path) as batch:
        return batch["state"].dtype == np.float64


def _read_batch(path):
    with _named(path):
        batch = files.read(path)
        batch["state"]
        return batch


@contextmanager
def _named(path):
    """Name the batch that cannot be read, and say what to do."""
    try:
        yield
    except (files.FileError, KeyError) as error:
        raise files.FileError(f"{path}: damaged batch ({error}){_advice(path)}") from error


def _check_part(source, part, start, advice, gaps):
    found, expected = part["sample"].values, start + np.arange(part.sizes["sample"])
    if not np.array_equal(found, expected):
        raise files.FileError(
            f"{source}: holds the samples {found.tolist()}, expected {expected.tolist()}{advice}"
        )
    finite = np.isfinite(part["state"].values) | gaps
    finite = finite.reshape(len(found), -1).all(axis=1)
    if not finite.all():
        sample = found[~finite][0]
        raise files.FileError(
            f"{source}: sample {sample} holds values that are not finite, expected numbers{advice}"
        )


def _check_same(source, part, first, kinds, advice):
    """Compare a part with the first: what has no samples, and the types of what has some."""
    for name in first.variables:
        expected = first[name].variable
        if name not in first.dims and expected.dims and "time" not in expected.dims:
            continue  # of the grid, which is compared
        found = part[name].variable if name in part.variables else None
        if found is not None and "sample" in found.dims:
            expected = expected.set_dims(found.sizes)
        if found is None or not found.equals(expected):
            raise files.FileError(
                f"{source}: {name} differs from that of the first; where it belongs to the "
                f"samples, give it their dimension{advice}"
            )
    for name, kind in kinds.items():
        if name not in part.variables:
            raise files.FileError(f"{source}: found no {name}, which the first has{advice}")
        if not np.can_cast(found := part[name].dtype, kind, "same_kind"):
            raise files.FileError(
                f"{source}: found {name} as {found}, expected {kind} as in the first; write them "
                f"in one type{advice}"
            )


def _stored(variable):
    """Return the type in which a variable is stored: whole numbers have 64 bits."""
    narrow = variable.dtype.kind in "iu" and variable.dtype.itemsize < 8
    return np.dtype("int64") if narrow else variable.dtype
