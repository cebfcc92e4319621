"""What is known of the samples of a split before they are made or imported."""

import ast
from dataclasses import dataclass, replace

from led.config import cuts, roles
from led.config.chosen import duration, output_every
from led.config.datasets import grid_of
from led.config.messages import listed as listed_names
from led.data.names import CORE
from led.jobs import registry, sources
from led.systems import listed


@dataclass(frozen=True)
class Samples:
    """What the samples of a split have; None where it is not known before they are made or read.

    Parameters
    ----------
    count : int
    frames : int or None
        Of a sample.
    interval : float or None
        Time between them.
    start : float
        Time of the first frame.
    grid : tuple of int or None
    components : int or None
    """

    count: int
    frames: int
    interval: float
    start: float = 0.0
    grid: tuple | None = None
    components: int | None = None

    @property
    def last(self):
        """Time from the first frame to the last."""
        return (self.frames - 1) * self.interval


def samples_of(dataset, split):
    """Return the `Samples` of a split, None where its file cannot be read.

    Those of a command, and the grid of a user's system, are known by the file of a batch, ``made``,
    once there is one.
    """
    if dataset["source"] == "command":
        count, made = dataset["samples"][split], _readable(dataset)
        found = made and _in_file(made, split)
        return replace(found, count=count) if found else Samples(count, None, None)
    if dataset["source"] != "simulation":
        return _in_file(dataset, split)
    every = output_every(dataset, split)
    frames = round(duration(dataset, split) / dataset["dt"]) // every + 1
    count, components = dataset["samples"][split], _components_of(dataset["system"]["name"])
    if not registry.is_file(dataset["system"]["name"]):
        grid = grid_of(dataset)
    elif found := dataset.get("made") and _in_file(_readable(dataset), split):
        grid, components = found.grid, found.components
    else:
        grid = None
    return Samples(count, frames, dataset["dt"] * every, grid=grid, components=components)


def shape_contradictions(key, found, train):
    """Yield a message for `Samples` of another grid or number of components than in training."""
    for name in ("grid", "components"):
        other, expected = getattr(found, name), getattr(train, name) if train else None
        if None not in (other, expected) and other != expected:
            yield (
                f"{key}: found samples with the {name} {_shown(other)}, expected "
                f"{_shown(expected)}, as in the training samples"
            )


def _shown(sizes):
    return " x ".join(map(str, sizes)) if isinstance(sizes, tuple) and sizes else sizes or "none"


def _components_of(name):
    """Return how many components a system has, if its class lists them."""
    classes = roles.classes_of(sources.LIBRARY / registry.source("systems", name))
    own = registry.split(name)[1] if registry.is_file(name) else roles.choices("systems")[name]
    for line in classes[own].body if own in classes else ():
        if isinstance(line, ast.Assign) and ast.unparse(line.targets[0]) == "components":
            return len(line.value.elts) if isinstance(line.value, ast.Tuple | ast.List) else None
    return None


def input_contradictions(key, inputs, dataset, split):
    """Yield a message for an input that the samples of a split have not, as far as they are known.

    Those of a command are checked by `led.config.commands.input_contradictions`.
    """
    if dataset["source"] == "files":
        found = cuts.header(dataset, split)
        there = found and found["inputs"]
    else:
        there = dataset["source"] == "simulation" and _drawn(dataset["system"])
    for name in inputs if isinstance(there, list) else ():
        if name not in there:
            shown = listed_names(there) if dataset["source"] == "files" else "a name that it draws"
            fixed = dataset.get("system", {}).get(name)
            yield (
                f"{key}: found {name!r}, which the {split} samples of the dataset have not"
                + (f" ({name} is {fixed} in all of them)" if fixed is not None else "")
                + f", expected {shown or 'none'}"
            )
            return


def _drawn(system):
    """Return names among which are all that a system draws, or None.

    They are all texts in its source files, but for options that are one number for all samples.
    """
    path, chosen = sources.LIBRARY / registry.source("systems", system["name"]), system["name"]
    is_own = registry.is_file(chosen)
    chosen = registry.split(chosen)[1] if is_own else roles.choices("systems")[chosen]
    try:
        lineage = roles.lineage_of(*roles.located(path, chosen, path.parent), path.parent)
    except (LookupError, OSError, SyntaxError, ValueError):
        return None
    nodes = [node for file, _ in lineage for node in ast.walk(sources.parse(file))]
    if is_own and any(isinstance(node, ast.JoinedStr) for node in ast.walk(sources.parse(path))):
        return None  # a name may be put together
    texts = {node.value for node in nodes if isinstance(node, ast.Constant)}
    scheduled = any(isinstance(v, list) and v and isinstance(v[0], list) for v in system.values())
    fixed = [n for n, v in system.items() if isinstance(v, int | float)]
    fixed = [] if is_own or scheduled else fixed  # a schedule makes an option change in time
    return sorted({text for text in texts if isinstance(text, str)}.difference(fixed))


def symmetry_contradictions(key, dataset):
    """Yield what is wrong with the symmetries that a dataset lists, at `key`."""
    entries, readable = dataset.get("symmetries"), _readable(dataset)
    if entries and readable and (found := cuts.header(readable, "train")):
        sizes = {name: size for name, size in found["sizes"].items() if name not in CORE}
        for number, entry in enumerate(entries):
            if message := listed.contradiction(entry, sizes, found["components"]):
                yield f"{key}.symmetries.{number}: {message}"


def _readable(dataset):
    """Return the section of the files of a dataset: where they are made, that of a batch."""
    if dataset["source"] == "files":
        return dataset
    made = dataset.get("made")
    return made and {"source": "files", "file": made}


def _in_file(dataset, split):
    if not (found := cuts.header(dataset, split)):
        return None
    sizes = found["sizes"]
    grid = tuple(size for name, size in sizes.items() if name not in CORE)
    count, frames, start = cuts.cut(dataset, split, found)
    return Samples(count, frames, found["interval"], start, grid, sizes.get("component", 1))
