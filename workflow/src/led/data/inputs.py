"""Inputs of a surrogate: parameters of a sample, and what drives it in time.

They are known before a forecast begins, also for its future: a parameter does not change, and a
forcing is prescribed.
"""

import warnings

import numpy as np
import xarray as xr

from led.jobs import files
from led.jobs.runtime import ResultWarning

OWN = ("sample", "time")
OUTSIDE = "input_out_of_range"  # column of the table of errors
SLACK = 0.05  # of the range: the ends of a few training samples lie within that of the draws


def read(dataset, names, source="inputs"):
    """Return the inputs of the samples of a dataset.

    Parameters
    ----------
    dataset : xarray.Dataset
        With the dimensions ``sample`` and ``time``. An input is one of its coordinates or
        variables: one number for each sample, for each time or for both, or a row of numbers along
        one more dimension.
    names : sequence of str
    source : str
        The file of the dataset, for messages.

    Returns
    -------
    ndarray of float32, shape (sample, time, input)

    Raises
    ------
    led.jobs.files.FileError
        If one is missing, has other dimensions, or is not of finite numbers.
    """
    shape = [dataset.sizes[name] for name in OWN]
    columns = [_column(dataset, name, shape, source) for name in names]
    return np.concatenate(columns, axis=-1).astype(np.float32)


def _column(dataset, name, shape, source):
    if name not in dataset.variables:
        there = sorted(set(map(str, dataset.variables)) - {"state", "component"} - set(OWN))
        raise files.FileError(
            f"{source}: found no input {name!r}, expected one of {', '.join(there) or 'none'}"
        )
    values = dataset[name].variable
    further = [dimension for dimension in values.dims if dimension not in OWN]
    if len(further) > 1 or set(further) & set(dataset["state"].dims if "state" in dataset else ()):
        raise files.FileError(
            f"{source}: found the input {name} with the dimensions {values.dims}, expected sample "
            "or time or both, and at most one more that is not of the state"
        )
    if values.dtype.kind not in "fiub" or not np.isfinite(values.values.astype(float)).all():
        raise files.FileError(
            f"{source}: found values of the input {name} that are not finite numbers, expected "
            "finite numbers"
        )
    sizes = dict(zip(OWN, shape, strict=True)) | {name: values.sizes[name] for name in further}
    filled = values.set_dims(sizes).transpose(*OWN, *further)
    return filled.values.reshape(*shape, -1)


def of_splits(train, validation, names, count=None):
    """Read the inputs of the splits that a training uses.

    Parameters
    ----------
    train, validation : str
        Files.
    names : sequence of str
    count : int, optional
        How many of the training samples.

    Returns
    -------
    dict
        ``inputs``, of both splits, as `read` returns them; empty without names.

    Raises
    ------
    led.jobs.files.FileError
        As `read`, or if an input is the same in all training samples at all times.
    """
    if not names:
        return {}
    found = []
    for path, chosen in ((train, slice(count)), (validation, slice(None))):
        with files.open_dataset(path) as dataset:
            found.append(read(dataset, names, path)[chosen])
            labels = labels_of(dataset, names)
    constant = np.ptp(found[0], axis=(0, 1)) == 0
    if constant.any():
        raise files.FileError(
            f"{train}: found the input {labels[int(constant.argmax())]} constant over all training "
            "samples, expected one that varies: the networks cannot learn what it does"
        )
    return {"inputs": tuple(found)}


def labels_of(dataset, names):
    """Return a name for each number of the inputs: ``forcing[0]`` where they are a row."""
    labels = []
    for name in names:
        sizes = [n for dimension, n in dataset[name].sizes.items() if dimension not in OWN]
        labels += [f"{name}[{number}]" for number in range(sizes[0])] if sizes else [name]
    return labels


def ranges(dataset, names, count, source):
    """Return the range of each number of the inputs over the training samples.

    Parameters
    ----------
    dataset, names, source
        As in `read`.
    count : int or None
        How many of the samples.

    Returns
    -------
    dict of {str: list of [float, float]}
    """
    found = {}
    for name in names:
        values = read(dataset, [name], source)[:count]
        ends = np.stack([values.min(axis=(0, 1)), values.max(axis=(0, 1))], axis=-1)
        found[name] = ends.astype(float).tolist()
    return found


def beyond(dataset, train, names, count, sources):
    """Return which samples have inputs outside the range of the training, and warn of them.

    Parameters
    ----------
    dataset, train : xarray.Dataset
        The samples, and the training split.
    names, count
        As in `ranges`.
    sources : tuple of (str, str)
        Files of both.

    Returns
    -------
    dict of {int: bool}
        By the number of the sample; empty without names.
    """
    if not names:
        return {}
    described = ranges(train, names, count, sources[1])
    lowest, highest = np.concatenate([np.asarray(ends) for ends in described.values()]).T
    margin = SLACK * (highest - lowest)
    values = read(dataset, names, sources[0])
    flags = (values < lowest - margin) | (values > highest + margin)
    for label, flagged in zip(labels_of(dataset, names), flags.any(1).T, strict=True):
        if flagged.any():
            samples = np.flatnonzero(flagged).tolist()
            warnings.warn(
                f"{sources[0]}: the input {label} of the samples {samples} lies outside the range "
                "of the training samples",
                ResultWarning,
                stacklevel=2,
            )
    numbers = dataset["sample"].values.tolist()
    return dict(zip(numbers, flags.any(axis=(1, 2)).tolist(), strict=True))


def given(values, samples, times):
    """Return a dataset that `read` takes, from what a caller gives.

    Parameters
    ----------
    values : mapping of {str: number or array-like or xarray.DataArray}, or xarray.Dataset
        Without dimensions of its own an array is one number for each sample.
    samples : int
    times : ndarray
        Of the warm-up and the forecast. An array with a coordinate ``time`` has to hold all of
        them.

    Raises
    ------
    ValueError
        If a time is missing, or a length is another one.
    """
    sizes = dict(zip(OWN, (samples, len(times)), strict=True))
    variables = {}
    for name in list(values):
        entry = values[name]
        if not isinstance(entry, xr.DataArray):
            entry = xr.DataArray(entry, dims=OWN[: np.ndim(entry)])
        if "time" in entry.coords and "time" in entry.dims:
            entry = _at(entry, times, name)
        for dimension, size in entry.sizes.items():
            if (expected := sizes.get(dimension, size)) != size:
                raise ValueError(
                    f"inputs: found {size} values of {name} along {dimension}, expected {expected}"
                )
        variables[name] = entry.variable
    there = {dimension for variable in variables.values() for dimension in variable.dims}
    absent = {dimension: size for dimension, size in sizes.items() if dimension not in there}
    return xr.Dataset(variables).expand_dims(absent)


def _at(entry, times, name):
    step = times[1] - times[0] if len(times) > 1 else 1.0
    found = entry["time"].values
    places = np.abs(found[:, None] - times).argmin(axis=0)
    if (np.abs(found[places] - times) > 1e-3 * step).any():
        raise ValueError(
            f"inputs: found {name} at the times {found[0]:g} to {found[-1]:g}, expected those of "
            f"the window and of the forecast, {times[0]:g} to {times[-1]:g}"
        )
    return entry.isel(time=places)
