"""From the paths of a user to the samples that the workflow would import from them."""

import re
import warnings
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import xarray as xr
import yaml

from led.config import chosen
from led.config.complete import complete
from led.config.messages import HEADING, ConfigError
from led.config.plan import stages
from led.data import headers, layouts
from led.data.imported import import_split
from led.inspection import division
from led.jobs.files import FileError
from led.jobs.runtime import ResultWarning
from led.jobs.sources import LIBRARY

SCHEMA = LIBRARY.parents[1] / "schemas" / "config.schema.yaml"
SPLITS = {"train": ("train",), "validation": ("validation", "valid", "val"), "test": ("test",)}
SUFFIXES = (
    *(".nc", ".nc4", ".cdf", ".h5", ".hdf5", ".zarr", ".grib", ".grb", ".npz", ".npy", ".mat"),
    *headers.TEXT,
)
NAME = "inspected"


def section(paths, given):
    """Return the section of a dataset for some files.

    Parameters
    ----------
    paths : sequence of str
        A file, a folder with one, or the files of train, validation and test: in this order, or a
        folder that has them under these names.
    given : dict
        Keys that the user has given; the others are guessed.

    Raises
    ------
    led.config.messages.ConfigError
        If a key is not one of files, or has another type.
    led.jobs.files.FileError
        If it is not clear which files are meant, or a file cannot be read.
    """
    paths = [Path(path) for path in paths]
    if len(paths) == 1 and paths[0].is_dir() and not headers.is_zarr(paths[0]):
        paths = _in_folder(paths[0])
    if len(paths) not in (1, 3):
        raise FileError(f"found {len(paths)} files, expected one, or train, validation and test")
    for path in paths:
        if not path.exists():
            raise FileError(f"{path}: found no such file")
    found = {"source": "files"} | given
    if len(paths) == 3:
        found |= dict(zip(SPLITS, map(str, paths), strict=True))
        _check_keys(found)
        return found
    found["file"] = str(paths[0])
    _check_keys({"split": dict.fromkeys(SPLITS, 0.3)} | found)
    with _opened(found, "train") as opened:
        return found | division.divide(opened, found)


def read(section, folder):
    """Import the training and validation samples of a dataset into a folder, as the workflow does.

    The test samples are not read.

    Parameters
    ----------
    section : dict
        Of the dataset, from files.
    folder : Path

    Returns
    -------
    list of str
        What the import printed, and its warnings.

    Raises
    ------
    led.config.messages.ConfigError, led.jobs.files.FileError
        Where the import would.
    """
    with _opened(section, "train") as opened:
        time = opened.header["time"]
        interval = float(time[1] - time[0])
    experiment = {"dataset": NAME, "warmup": interval, "autoencoder": {"name": "identity"}}
    experiment["rnn"] = {"name": "least_squares"}
    written = {"datasets": {NAME: section}, "experiments": {NAME: experiment}}
    config = complete(written, SCHEMA)
    completed, notes = config["datasets"][NAME], []
    for split in ("train", "validation"):
        wildcards = SimpleNamespace(dataset=NAME, split=split)
        files = (chosen.files_of(completed, name) for name in (split, "train"))
        settings = stages.of("import_samples", config, wildcards).settings
        printed = StringIO()
        with warnings.catch_warnings(record=True) as caught, redirect_stdout(printed):
            warnings.simplefilter("always", ResultWarning)
            import_split(*files, folder / f"{split}.nc", **settings)
        lines = [line for line in printed.getvalue().splitlines() if not line.startswith("block")]
        lines += [str(w.message) for w in caught if issubclass(w.category, ResultWarning)]
        notes += [f"{split}: {line}" for line in lines]
    return notes


def name_of(paths):
    """Return a name for the dataset of some files: that of the only file, else of its folder."""
    path = Path(paths[0]).resolve()
    stem = path.name if path.is_dir() else (path.stem if len(paths) == 1 else path.parent.name)
    return re.sub(r"[^A-Za-z0-9_]+", "_", stem).strip("_") or NAME


def check(text):
    """Raise a `ConfigError` unless a text is a configuration that works."""
    complete(yaml.safe_load(text), SCHEMA)


def opened(folder):
    """Return the training and validation samples of a folder, as datasets that are not read yet."""
    return [
        xr.open_dataset(Path(folder) / f"{split}.nc", engine="netcdf4", decode_times=False)
        for split in ("train", "validation")
    ]


def _check_keys(section):
    """Raise a `ConfigError` for keys of a dataset that the schema does not allow."""
    try:
        complete({"datasets": {NAME: section}}, SCHEMA)
    except ConfigError as error:
        of_dataset = [line for line in str(error).splitlines() if line.startswith("datasets.")]
        if of_dataset:  # what is said of the experiments, which follow, is of no account
            raise ConfigError(HEADING + "\n".join(of_dataset)) from None


@contextmanager
def _opened(section, split):
    """Open the first file of a split."""
    paths = chosen.files_of(section, split)[:1]
    with layouts.opened(paths, chosen.reading_of(section), quiet=True) as opened:
        yield opened[0]


def _in_folder(folder):
    """Return the files of the splits in a folder, or its only file."""
    there = [path for path in sorted(folder.iterdir()) if path.suffix.lower() in SUFFIXES]
    found = [[path for path in there if path.stem.lower() in names] for names in SPLITS.values()]
    if all(len(paths) == 1 for paths in found):
        return [paths[0] for paths in found]
    if len(there) == 1:
        return there
    shown = ", ".join(path.name for path in there[:6]) or "none"
    raise FileError(
        f"{folder}: found the files {shown}, expected train, validation and test, or one file"
    )
