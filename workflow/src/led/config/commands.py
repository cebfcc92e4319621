"""Datasets that a command of the user makes: what cannot work, and what their jobs depend on."""

import csv
import math
import os
import re
from functools import cache
from pathlib import Path

from led.config import paths
from led.config.messages import listed, nearest
from led.data import names
from led.jobs import contents

PLACEHOLDERS = {
    "parameters": "where the command finds the values of a sample",
    "output": "where it has to write",
}
LARGEST = 2**53  # up to which all whole numbers are numbers of double precision
PAIRS = ("uniform", "integer", "normal")


def contradictions(key, dataset):
    """Yield a message for each contradiction in the section `dataset`, which is at `key`."""
    command, dims = dataset["command"], dataset["dims"]
    for name, meaning in PLACEHOLDERS.items():
        if f"{{{name}}}" not in command:
            yield f"{key}.command: found no {{{name}}}, expected it {meaning}"
        if re.search(rf"""['"]\{{{name}\}}|\{{{name}\}}['"]""", command):
            yield (
                f"{key}.command: found {{{name}}} at a quotation mark, expected none there: the "
                "workflow quotes the path"
            )
    for number, path in enumerate(dataset["depends"]):
        yield from paths.contradictions(f"{key}.depends.{number}", path)
    if (dataset["format"] == "netcdf") == (dims is not None):
        yield (
            f"{key}.dims: found {listed(dims or ['null'])}, expected the dimensions of an array "
            "(npy, npz), and null for netcdf, which names them"
        )
    if dataset["format"] != "netcdf" and dataset["dt"] is None:
        yield f"{key}.dt: found null, expected the time between two frames, which no array holds"
    if (dataset["draw"] is None) == (dataset["table"] is None):
        found = "neither" if dataset["draw"] is None else "both"
        yield f"{key}: found {found} of draw and table, expected one of them"
    elif dataset["draw"] is not None:
        for name, distribution in dataset["draw"].items():
            yield from _distribution_contradictions(f"{key}.draw.{name}", distribution)
        yield from _name_contradictions(f"{key}.draw", dims, dataset["draw"])
    else:
        yield from _table_contradictions(f"{key}.table", dataset)


def _distribution_contradictions(key, distribution):
    ((kind, numbers),) = distribution.items()
    if kind in PAIRS and len(numbers) != 2:
        yield f"{key}.{kind}: found {len(numbers)} numbers, expected two"
    elif kind == "normal" and numbers[1] <= 0:
        yield f"{key}.normal: found the deviation {numbers[1]}, expected more than 0"
    elif kind in ("uniform", "integer") and not numbers[0] < numbers[1]:
        yield f"{key}.{kind}: found {listed(numbers)}, expected the lower end first"


def _name_contradictions(key, dims, drawn):
    try:
        names.check([name for name in dims or () if name not in names.CORE], (), drawn)
    except ValueError as error:
        yield f"{key}: {error}"


def input_contradictions(key, inputs, dataset):
    """Yield a message for inputs that are not drawn, where the output is an array alone."""
    drawn = list(dataset["draw"] or table(dataset["table"])[0])
    unknown = [name for name in inputs if name not in drawn]
    if unknown and dataset["format"] != "netcdf":
        hint = nearest(unknown[0], drawn)
        yield f"{key}: found {unknown[0]!r}, expected one of {listed(drawn)}{hint}"


def _table_contradictions(key, dataset):
    if messages := list(paths.contradictions(key, dataset["table"])):
        yield from messages
        return
    try:
        rows = table(dataset["table"])
    except ValueError as error:
        yield f"{key}: {dataset['table']}: {error}"
        return
    if len(rows) < (needed := sum(dataset["samples"].values())):
        yield f"{key}: {dataset['table']}: found {len(rows)} rows, expected one a sample: {needed}"
    yield from _name_contradictions(key, dataset["dims"], rows[0] if rows else ())


def table(path):
    """Return the rows of a table, ``{name: number}``; of a column of whole numbers, integers.

    Raises
    ------
    ValueError
        If a name is none or is there twice, or an entry is no finite number; names the line.
    """
    stat = os.stat(path)
    return _table(path, stat.st_mtime_ns, stat.st_size)


@cache
def _table(path, *stamp):
    with open(path, newline="", encoding="utf-8-sig") as file:
        lines = csv.reader(file, skipinitialspace=True)
        header = next(lines, [])
        if not all(re.fullmatch(r"[A-Za-z_]\w*", name) for name in header) or not header:
            raise ValueError(f"found the names {header}, expected letters, digits and _ in line 1")
        if len(set(header)) < len(header):
            raise ValueError(f"found the names {listed(header)}, expected each once")
        rows = [_numbers(row, header, lines.line_num) for row in lines if row]
    whole = {name for name in header if all(row[name] == int(row[name]) for row in rows)}
    return [{n: int(v) if n in whole else v for n, v in row.items()} for row in rows]


def _numbers(row, header, line):
    if len(row) != len(header):
        raise ValueError(f"line {line}: found {len(row)} entries, expected {len(header)}")
    found = {}
    for name, text in zip(header, row, strict=True):
        try:
            found[name] = float(text.replace("_", "?"))  # which Python takes for a separator
        except ValueError:
            found[name] = math.nan
        if text.strip().lstrip("+-").isdecimal() and abs(int(text)) > LARGEST:
            raise ValueError(
                f"line {line}: found {text!r} for {name}, expected at most 2^53: a larger whole "
                "number is rounded"
            )
        if not math.isfinite(found[name]):
            raise ValueError(f"line {line}: found {text!r} for {name}, expected a finite number")
    return found


def rows(dataset, split, samples):
    """Return the rows of some samples in the table, of train first, then validation, then test.

    None where values are drawn.
    """
    if dataset["table"] is None:
        return None
    sizes, order = dataset["samples"], ("train", "validation", "test")
    before = sum(sizes[name] for name in order[: order.index(split)])
    return table(dataset["table"])[before + samples[0] : before + samples[1]]


def depends(dataset):
    """Return ``path`` and ``sha256`` of the files that samples depend on, in the order of digests.

    They are those of the section, and the program that the command begins with, if it is a file
    in the working directory.
    """
    program = next((w for w in dataset["command"].split() if not re.match(r"\w+=", w)), "")
    place = Path(os.path.normpath(Path(program).absolute()))  # a link counts where it lies
    inside = paths.is_file(program) and place.is_relative_to(Path.cwd())
    chosen = {*dataset["depends"], *[program] * inside}
    found = [{"path": path, "sha256": contents.digest(path)} for path in chosen]
    return sorted(found, key=lambda file: (file["sha256"], file["path"]))
