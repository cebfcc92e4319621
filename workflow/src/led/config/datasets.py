"""What does not fit within a dataset."""

from led.config import commands, cuts, paths
from led.config.chosen import SPLITS
from led.config.messages import listed, nearest
from led.data.names import CORE, RESERVED
from led.jobs import provenance, registry, sources
from led.solvers.tableaux import tableau

MOST_STEPS = 10**9
MOST_BATCHES = 10_000  # Snakemake plans each of them as a job


def grid_of(dataset):
    """Return the points along each side of the grid of a dataset, as its parameters give them.

    A system with a grid has the parameters nx, ny and nz for as many dimensions as it has.
    """
    system = dataset.get("system", {})
    return tuple(system[side] for side in ("nx", "ny", "nz") if side in system)


def shape_is_known(dataset):
    """Return whether `grid_of` is sure: of systems of the workflow itself."""
    return dataset["source"] == "simulation" and not registry.is_file(dataset["system"]["name"])


def _dims_contradictions(key, dims):
    """Yield what is wrong with our names of dimensions: a list of all, or those of some."""
    space, all_of_them = [name for name in dims if name not in CORE], isinstance(dims, list)
    if (all_of_them and "time" not in dims) or len(set(dims)) < len(dims) or len(space) > 3:
        yield (
            f"{key}.dims: found {listed(dims)}, expected each name once: time, at most three "
            "of space, and sample and component if the array has them"
        )
    if there := sorted(RESERVED & set(dims)):
        yield f"{key}.dims: found {there[0]!r}, which the results use: expected another name"


def _file_contradictions(key, dataset):
    if messages := list(cuts.choice_contradictions(key, dataset)):
        yield from messages
        return
    for option in ("file",) if dataset["file"] else SPLITS:
        messages += paths.data_contradictions(f"{key}.{option}", dataset[option])
    yield from messages or cuts.contradictions(key, dataset)


def source_contradictions(key, name):
    """Yield what is wrong with the file of a user's class: it is parsed, not run."""
    if not registry.is_file(name):
        return
    path, own = registry.split(name)
    if not paths.is_file(path):
        yield f"{key}: found {name!r}, expected a file that exists, and its class"
        return
    try:
        provenance.digest(path.resolve())
    except (OSError, SyntaxError, ValueError) as error:
        yield f"{key}: found {name!r}, expected a file of Python: {error}"
        return
    there = sources.bound(path)
    if own not in there and "*" not in there:
        yield f"{key}: found {name!r}, expected a class that {path} has{nearest(own, there)}"


def contradictions(key, dataset):
    """Yield a message for each contradiction in the section `dataset`, which is at `key`."""
    yield from _dims_contradictions(key, dataset.get("dims") or {})
    if dataset["source"] == "files":
        yield from _file_contradictions(key, dataset)
        return
    for split, samples in dataset["samples"].items():
        if samples > MOST_BATCHES * dataset["batch_size"]:
            yield (
                f"{key}.batch_size: found {dataset['batch_size']}, expected at least "
                f"{-(-samples // MOST_BATCHES)}: the {samples} samples of {split} are made in "
                f"at most {MOST_BATCHES} jobs"
            )
    if dataset["source"] == "command":
        yield from commands.contradictions(key, dataset)
        return
    for section in ("system", "solver"):
        yield from source_contradictions(f"{key}.{section}.name", dataset[section]["name"])
    for name, low in dataset["system"].items():
        high = dataset["system"].get(f"{name.removesuffix('_min')}_max")
        if name.endswith("_min") and isinstance(high, int | float) and low > high:
            yield f"{key}.system.{name}: found {low}, expected at most {high}, its _max"
    solver = dataset["solver"]
    if solver["name"] in ("runge_kutta", "implicit_runge_kutta"):
        try:
            tableau(solver["tableau"], explicit=solver["name"] == "runge_kutta")
        except ValueError as error:
            yield f"{key}.solver.{error}"
    steps = dataset["spin_up"] / dataset["dt"]
    if steps > MOST_STEPS or abs(steps - round(steps)) > 1e-6 * steps:
        yield (
            f"{key}.spin_up: found {dataset['spin_up']}, expected a multiple of dt "
            f"({dataset['dt']}), at most {MOST_STEPS} steps"
        )
    messages = []
    for option in ("duration", "test_duration"):
        if not messages and dataset[option] is not None:
            messages = list(_duration_contradictions(key, option, dataset))
    yield from messages
    if not messages and (every := dataset["test_output_every"]) and dataset["output_every"] % every:
        yield (
            f"{key}.test_output_every: found {every}, expected a divisor of output_every "
            f"({dataset['output_every']}): each time of a training sample is one of a test sample"
        )


def _duration_contradictions(key, option, dataset):
    duration, dt, every = dataset[option], dataset["dt"], dataset["output_every"]
    steps = duration / dt
    if steps > MOST_STEPS:
        yield (
            f"{key}.dt: found {dt}, expected at least {duration / MOST_STEPS:g}: a sample has at "
            f"most {MOST_STEPS} steps"
        )
    elif abs(steps - round(steps)) > 1e-6 * steps or round(steps) < 1:
        yield f"{key}.{option}: found {duration}, expected a multiple of dt ({dt})"
    elif round(steps) < every:
        yield (
            f"{key}.output_every: found {every}, expected at most {round(steps)}, the steps of a "
            "sample"
        )
