"""What is known of a user's files from their headers, and how splits are cut from them."""

import json
from functools import lru_cache
from itertools import pairwise

from led.config.chosen import (
    SPLITS,
    TEST,
    files_of,
    interval_of,
    reading_of,
    share_of,
    windows_of,
)
from led.data import frames, headers
from led.jobs import contents


def header(dataset, split):
    """Return what `described` does where a file can be read, else None."""
    found = described(dataset, split)
    return None if found is None or "error" in found else found


def described(dataset, split):
    """Return what `led.data.imported.describe` says of the files of a split, or None.

    It is kept from run to run. None where the process that plans has not got the libraries: then
    the import reports what is wrong.
    """
    reading = json.dumps(reading_of(dataset), sort_keys=True)
    splits = SPLITS if dataset.get("file") is None else [split]
    groups, paths = [files_of(dataset, name) for name in splits], files_of(dataset, split)

    def compute():
        stamps = tuple(map(contents.stamp, groups))
        return _read(tuple(map(tuple, groups)), reading, stamps)[tuple(paths)]

    def compute_if_right():  # a package that is missing today may be there tomorrow
        found = compute()
        return None if found is None or "error" in found else found

    try:
        return contents.remembered(f"header {reading}", paths, compute_if_right) or compute()
    except OSError:
        return None


@lru_cache(maxsize=64)
def _read(groups, reading, stamps):
    """Return the header of each group of files; `stamps` change with what is in them."""
    found = headers.described(groups, json.loads(reading)) or [None] * len(groups)
    return dict(zip(groups, found, strict=True))


def frames_of(dataset, split, found):
    """Return the first frame of the part of a file that a split has, and the one behind its last.

    `found` is what `header` returns.

    Raises
    ------
    ValueError
        If the file has not the times of the split.
    """
    count = found["sizes"]["time"]
    if interval := interval_of(dataset, split):
        return frames.frames_within(found["start"], found["interval"], count, interval)
    share = share_of(dataset, split)
    return frames.share_of(count, share) if share and _runs(found) == 1 else (0, count)


def cut(dataset, split, found):
    """Return how many samples a split has at most, their frames, and the time of the first one.

    There are fewer where runs end early, which the header does not say.
    """
    first, stop = frames_of(dataset, split, found)
    lengths = [length for count, length in found["parts"] for _ in range(count)]
    if (share := share_of(dataset, split)) and len(lengths) > 1:
        lengths = lengths[slice(*frames.share_of(len(lengths), share))]
    start = found["start"] + first * found["interval"]
    if not (windows := windows_of(dataset, split)):
        return len(lengths), stop - first, start
    length, step = windows["length"], windows["step"] or windows["length"]
    ends = [min(stop, frames) - first for frames in lengths]
    return sum(max(0, 1 + (end - length) // step) for end in ends), length, 0.0


def _runs(found):
    return sum(count for count, _ in found["parts"])


def choice_contradictions(key, dataset):
    """Yield what is wrong with the files that are named, and with their parts.

    Parameters
    ----------
    key : str
        Of the dataset.
    dataset : dict
        Its section.
    """
    given = [split for split in SPLITS if split in dataset]
    if dataset["file"] and given:
        yield (
            f"{key}.{given[0]}: found next to file, expected either file and split, or train, "
            "validation and test"
        )
    elif bool(dataset["file"]) != bool(dataset["split"]):
        other = "split" if dataset["file"] else "file"
        yield f"{key}.{other}: found null, expected a value: file and split belong together"
    elif dataset["split"]:
        kinds = {isinstance(part, list) for part in dataset["split"].values()}
        if len(kinds) > 1:
            yield f"{key}.split: found parts and times, expected either of them for all splits"
        elif kinds == {True}:
            yield from _interval_contradictions(key, dataset["split"])
        elif (whole := sum(dataset["split"].values())) > 1 + 1e-9:
            yield f"{key}.split: found parts that add up to {whole:g}, expected at most 1"
    if (slice := (dataset["time"] or {}).get("slice")) and not _is_interval(slice):
        yield f"{key}.time.slice: found {slice}, expected two times, the later one second"


def contradictions(key, dataset):
    """Yield a message for each contradiction between a dataset and its files, which are there."""
    option = "file" if dataset["file"] else None
    messages = [
        f"{key}.{option or split}: {found['error']}"
        for split in SPLITS
        if (found := described(dataset, split)) and "error" in found
    ]
    yield from dict.fromkeys(messages)
    for split in SPLITS if not messages else ():
        if found := header(dataset, split):
            yield from _length_contradictions(key, dataset, split, found)


def _is_interval(times):
    return len(times) == 2 and times[0] < times[1]


def _interval_contradictions(key, intervals):
    for split, interval in intervals.items():
        if not _is_interval(interval):
            yield f"{key}.split.{split}: found {interval}, expected two times, the later one second"
            return
    ordered = sorted(intervals, key=lambda split: intervals[split])
    for split, later in pairwise(ordered):
        if intervals[split][1] > intervals[later][0]:
            yield (
                f"{key}.split.{later}: found {intervals[later]}, expected no time of {split} "
                f"({intervals[split]}): no frame may be in two splits"
            )


def _length_contradictions(key, dataset, split, found):
    try:
        first, stop = frames_of(dataset, split, found)
    except ValueError as error:
        yield f"{key}.split.{split}: {error}"
        return
    if (share := share_of(dataset, split)) and _runs(found) == 1 and stop - first < 2:
        yield (
            f"{key}.split.{split}: found {stop - first} of {found['sizes']['time']} frames in this "
            "part, expected two or more: a larger part"
        )
        return
    if share and _runs(found) > 1 and cut(dataset | NO_WINDOWS, split, found)[0] < 1:
        yield (
            f"{key}.split.{split}: found none of {_runs(found)} samples in this part, expected one "
            "or more: a larger part, or two times for each split"
        )
        return
    windows = windows_of(dataset, split)
    if windows and not 2 <= windows["length"] <= stop - first:
        own = split == TEST and dataset["test_windows"]
        yield (
            f"{key}.{'test_windows' if own else 'windows'}.length: found {windows['length']} "
            f"frames, expected 2 to {stop - first}, those of the {split} samples in the file"
        )


NO_WINDOWS = {"windows": None, "test_windows": None}
