"""Samples from elsewhere: files of another solver, checked and brought into the form of ours."""

import os

import numpy as np

from led.data import inputs, layouts, missing
from led.data.merging import write_parts
from led.data.pieces import Pieces
from led.data.precision import Rounding, stored
from led.jobs import contents, files
from led.jobs.runtime import progress


def import_split(
    paths,
    references,
    destination,
    *,
    interval=None,
    share=None,
    windows=None,
    fill="forbid",
    digests=None,
    used=(),
    **options,
):
    """Write the samples of some files as a split of a dataset.

    Parameters
    ----------
    paths : list of str
        In any format of `led.data.formats`. Coordinates, units and attributes are kept.
    references : list of str
        Those of the training split: times, grid and components must be the same.
    destination : str
    interval, share, windows
        As `led.data.pieces.Pieces` takes them.
    fill : {"forbid", "interpolate"}
        What to do where a number is missing: see `led.data.missing.Filling`. Cells without numbers
        in any training sample stay NaN.
    digests : dict, optional
        SHA-256 of each of ``file`` and ``reference`` as they were planned.
    used : sequence of str
        Inputs of experiments: all splits need them. It warns of other variables that depend on
        time.
    **options
        How the files are read: see `led.data.layouts.opened`.

    Raises
    ------
    led.jobs.files.FileError
        If a file has changed since the plan, dimensions are wrong, times not equally spaced, values
        not finite or beyond float32, names in conflict, an input is missing or not finite, or the
        splits do not fit each other; names the file.
    """
    planned = [
        entry
        for key, group in (("file", paths), ("reference", references))
        for entry in zip(group, (digests or {}).get(key, ()), strict=bool(digests))
    ]
    for file, digest in planned:
        contents.check(file, digest)
    with layouts.opened(paths, options, used=used) as opened:
        # a file that is opened twice at once may crash the library of NetCDF
        if os.path.samefile(paths[0], references[0]):
            gaps = missing.always(opened)
        else:
            with layouts.opened(references, options, quiet=True) as first:
                layouts.check_same(paths[0], opened[0].header, references[0], first[0].header)
                gaps = missing.always(first)
        filling = missing.Filling(gaps, fill)
        pieces = Pieces(opened, interval, share, windows, filling)
        print(_described(opened, pieces, gaps), flush=True)
        kind = _kind(pieces)

        there = [{*file.stored.variables} for file in opened]
        partial = set.union(*there) - set.intersection(*there)

        def parts():
            for path, part in progress(pieces, "block"):
                part = part.drop_vars(partial & {*part.variables} - {*part.dims})
                if used:
                    inputs.read(part, used, path)  # here, as those of the test come last
                part["state"] = part["state"].astype(kind)
                part["state"].encoding = {"dtype": kind}
                yield path, part
            filling.report(pieces.path)
            for file, digest in planned:
                contents.check(file, digest)

        advice = "; repair the file, or leave it out"
        write_parts(parts(), destination, lambda source: advice, gaps)


def describe(splits, options):
    """Return what the headers of the files of some splits say, for the plan.

    Parameters
    ----------
    splits : list of list of str
        Files of each split.
    options : dict
        See `led.data.layouts.opened`.

    Returns
    -------
    list of dict
        ``sizes`` of the longest state, ``parts``, the samples and frames of each file, ``start``
        and ``interval`` of the times, and the names of the ``components`` and possible ``inputs``;
        or ``error``, where the import would raise one.
    """
    found = []
    for paths in splits:
        try:
            with layouts.opened(paths, options, header=True) as opened:
                found.append(_header(opened))
        except (OSError, ValueError) as error:
            found.append({"error": str(error)})
    return found


def _header(opened):
    state = opened[0].header["state"]
    start, second = map(float, state["time"][:2])
    parts = [[file.header.sizes["sample"], file.header.sizes["time"]] for file in opened]
    given = set.intersection(*map(_possible, opened))
    samples, frames = sum(part[0] for part in parts), max(part[1] for part in parts)
    sizes = dict(zip(state.dims, state.shape, strict=True))
    return {
        "sizes": sizes | {"sample": samples, "time": frames},
        "parts": parts,
        "start": start,
        "interval": second - start,
        "components": state["component"].values.tolist(),
        "inputs": sorted(given - {"sample"}),
    }


def _possible(file):
    """Return the names of what may be an input of an experiment."""
    own = {name for name, array in file.header.coords.items() if array.dims == ("sample",)}
    return own | {*file.inputs}


def _kind(pieces):
    """Return the type in which a state is stored: float64 where float32 would lose too much."""
    state = pieces.header["state"]
    if all(np.can_cast(file.header["state"].dtype, np.float32) for file, _ in pieces.runs):
        return "float32"
    rounding = Rounding(state["component"].values)
    try:
        for _, part in pieces:
            rounding.add(part["state"].values)
        lossy = rounding.lossy()
    except ValueError as error:
        raise files.FileError(f"{pieces.path}: {error}") from error
    if lossy:
        print(stored(lossy), flush=True)
    return "float64" if lossy else "float32"


def _described(opened, pieces, gaps):
    """Return what was read, in lines for the log."""
    state = opened[0].header["state"]
    grid = " x ".join(f"{state.sizes[name]}" for name in state.dims[2:-1])
    along = f" along {', '.join(state.dims[2:-1])}"
    unit = str(state["time"].attrs.get("units", "")).partition(" since ")[0]
    return (
        f"read {sum(file.header.sizes['sample'] for file in opened)} samples, "
        f"{state.sizes['time']} times {float(state['time'][1] - state['time'][0]):g} apart, "
        + (f"grid {grid}{along}, " if grid else "no grid, ")
        + f"components {', '.join(state['component'].values)}\n"
        + f"warm-up and horizon are times in the unit of the file: {unit or 'none is stated'}\n"
        + f"this split has {pieces.count} samples"
        + (f"\n{gaps.mean():.1%} of a state is missing in all frames" if gaps is not None else "")
    )
