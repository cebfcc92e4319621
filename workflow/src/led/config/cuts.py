"""What is known of a user's files from their headers, and how splits are cut from them."""

from itertools import pairwise

from led.config.chosen import TEST, file_of, windows_of
from led.data import headers
from led.data.frames import frames_within
from led.jobs import contents

SPLITS = ("train", "validation", TEST)


def header(dataset, split):
    """Return ``sizes`` of the state in a file, ``start`` and ``interval`` of its times, or None.

    None where the file cannot be read, as the import says what is wrong with it.
    """
    path, dt = file_of(dataset, split), dataset.get("dt")
    try:
        if dataset["source"] == "npz":
            shape, _ = headers.npz(path)
            sizes = dict(zip(headers.dims_of(shape, dataset.get("dims")), shape, strict=True))
            found = {"sizes": sizes, "start": 0.0, "interval": dt}
        else:
            found = contents.remembered("header", path, lambda: headers.netcdf(path))
    except (OSError, ValueError):
        return None
    if not found or found["sizes"].get("time", 0) < 2 or not (dt or found["interval"]):
        return None
    return found | {"interval": dt or found["interval"]}


def frames_of(dataset, split, found):
    """Return the first frame of the part of a file that a split has, and the one behind its last.

    `found` is what `header` returns.

    Raises
    ------
    ValueError
        If the file has not the times of the split.
    """
    count = found["sizes"]["time"]
    if not dataset.get("split"):
        return 0, count
    return frames_within(found["start"], found["interval"], count, dataset["split"][split])


def cut(dataset, split, found):
    """Return how many samples a split has at most, their frames, and the time of the first one.

    There are fewer where runs end early, which the header does not say.
    """
    first, stop = frames_of(dataset, split, found)
    runs, start = found["sizes"].get("sample", 1), found["start"] + first * found["interval"]
    if not (windows := windows_of(dataset, split)):
        return runs, stop - first, start
    length, step = windows["length"], windows["step"] or windows["length"]
    return runs * (1 + (stop - first - length) // step), length, 0.0


def contradictions(key, dataset):
    """Yield a message for each contradiction in how the splits are cut from files that are there.

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
        return
    if bool(dataset["file"]) != bool(dataset["split"]):
        other = "split" if dataset["file"] else "file"
        yield f"{key}.{other}: found null, expected a value: file and split belong together"
        return
    if dataset["split"] and (messages := list(_interval_contradictions(key, dataset["split"]))):
        yield from messages
        return
    for split in SPLITS:
        if found := header(dataset, split):
            yield from _length_contradictions(key, dataset, split, found)


def _interval_contradictions(key, intervals):
    for split, interval in intervals.items():
        if len(interval) != 2 or interval[0] >= interval[1]:
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
    windows = windows_of(dataset, split)
    if windows and not 2 <= windows["length"] <= stop - first:
        own = split == TEST and dataset["test_windows"]
        yield (
            f"{key}.{'test_windows' if own else 'windows'}.length: found {windows['length']} "
            f"frames, expected 2 to {stop - first}, those of the {split} samples in the file"
        )
