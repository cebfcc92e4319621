"""What no single key of the configuration shows: sections that do not fit each other."""

import ast
import difflib
from pathlib import Path

from led import registry
from led.frames import frames_until
from led.solvers.tableaux import tableau

MOST_STEPS = 10**9
MOST_BATCHES = 10_000  # Snakemake plans each of them as a job


def listed(names):
    """Return names in one line."""
    return ", ".join(map(str, names))


def nearest(name, known):
    """Return a hint at the one of `known` that looks most like `name`, if any does."""
    near = difflib.get_close_matches(str(name), map(str, known), n=1, cutoff=0.5)
    return f" (did you mean {near[0]!r}?)" if near else ""


def contradictions(config):
    """Yield a message for each contradiction in a configuration that its schema accepts."""
    datasets = config["datasets"]
    for section in ("datasets", "experiments"):
        yield from _name_contradictions(section, config[section])
    broken = set()
    for name, dataset in datasets.items():
        for message in _dataset_contradictions(f"datasets.{name}", dataset):
            broken.add(name)
            yield message
    for name, experiment in config["experiments"].items():
        key, chosen = f"experiments.{name}", experiment["dataset"]
        if chosen not in datasets:
            yield (
                f"{key}.dataset: found {chosen!r}, expected one of {listed(datasets)}"
                f"{nearest(chosen, datasets)}"
            )
        elif chosen not in broken:
            yield from _experiment_contradictions(key, experiment, datasets[chosen])
        scored = experiment["test_dataset"] or chosen
        if scored in datasets:
            yield from _sample_contradictions(key, experiment, datasets[scored])
        elif scored != chosen:
            yield (
                f"{key}.test_dataset: found {scored!r}, expected one of {listed(datasets)}"
                f"{nearest(scored, datasets)}"
            )


def _name_contradictions(section, names):
    """Yield a message for names that are one on file systems that ignore upper and lower case."""
    known = {}
    for name in names:
        other = known.setdefault(name.lower(), name)
        if other != name:
            yield (
                f"{section}.{name}: found beside {other!r}, expected names that differ in more "
                "than upper and lower case, which some file systems ignore"
            )


def _is_file(path):
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name that is too long, or no name at all
        return False


def _file_contradictions(key, dataset):
    for split in ("train", "validation", "test"):
        path = Path(dataset[split])
        if not _is_file(path):
            yield f"{key}.{split}: found {dataset[split]!r}, expected a file that exists"
        elif path.resolve().is_relative_to(Path("results").resolve()):
            # it would be made anew while it is read, or be made from itself
            yield (
                f"{key}.{split}: found {dataset[split]!r}, expected a file outside results, where "
                "the workflow writes"
            )


def _source_contradictions(key, name):
    """Yield what is wrong with the file of a user's system: it is parsed, not run."""
    path, _ = registry.split(name)
    if not _is_file(path):
        yield f"{key}: found {name!r}, expected a file that exists, and its class"
        return
    try:
        ast.parse(path.read_bytes(), path)
    except (OSError, SyntaxError, ValueError) as error:
        yield f"{key}: found {name!r}, expected a file of Python: {error}"


def _dataset_contradictions(key, dataset):
    if dataset["source"] != "simulation":
        yield from _file_contradictions(key, dataset)
        return
    name = dataset["system"]["name"]
    if registry.is_file(name):
        yield from _source_contradictions(f"{key}.system.name", name)
    for split, samples in dataset["samples"].items():
        if samples > MOST_BATCHES * dataset["batch_size"]:
            yield (
                f"{key}.batch_size: found {dataset['batch_size']}, expected at least "
                f"{-(-samples // MOST_BATCHES)}: the {samples} samples of {split} are simulated in "
                f"at most {MOST_BATCHES} jobs"
            )
    solver = dataset["solver"]
    if "tableau" in solver:
        try:
            tableau(solver["tableau"], explicit=solver["name"] == "runge_kutta")
        except ValueError as error:
            yield f"{key}.solver.{error}"
    steps = dataset["duration"] / dataset["dt"]
    if steps > MOST_STEPS:
        yield (
            f"{key}.dt: found {dataset['dt']}, expected at least "
            f"{dataset['duration'] / MOST_STEPS:g}: a sample has at most {MOST_STEPS} steps"
        )
    elif abs(steps - round(steps)) > 1e-6 * steps or round(steps) < 1:
        yield (
            f"{key}.duration: found {dataset['duration']}, expected a multiple of dt "
            f"({dataset['dt']})"
        )
    elif round(steps) < dataset["output_every"]:
        yield (
            f"{key}.output_every: found {dataset['output_every']}, expected at most "
            f"{round(steps)}, the steps of a sample"
        )
    elif (every := dataset["test_output_every"]) and dataset["output_every"] % every:
        yield (
            f"{key}.test_output_every: found {every}, expected a divisor of output_every "
            f"({dataset['output_every']}): each time of a training sample is one of a test sample"
        )


def grid_of(dataset):
    """Return the points along each side of the grid of a dataset, as far as its parameters tell.

    A system with a grid has the parameters nx, ny and nz for as many dimensions as it has.
    """
    system = dataset.get("system", {})
    return tuple(system[side] for side in ("nx", "ny", "nz") if side in system)


def _shape_is_known(dataset):
    return dataset["source"] == "simulation" and not registry.is_file(dataset["system"]["name"])


def _experiment_contradictions(key, experiment, dataset):
    smoothing = experiment["smoothing"]
    if smoothing and smoothing["window"] % 2 == 0:
        yield (
            f"{key}.smoothing.window: found {smoothing['window']}, expected an odd number: an even "
            "window has no middle, and would shift the latents"
        )
    if smoothing and smoothing["order"] >= smoothing["window"]:
        yield (
            f"{key}.smoothing.order: found {smoothing['order']}, expected less than the window "
            f"({smoothing['window']})"
        )
    autoencoder = experiment["autoencoder"]
    if autoencoder["name"] == "conv" and len(autoencoder["filters"]) != len(autoencoder["kernels"]):
        yield (
            f"{key}.autoencoder.kernels: found {len(autoencoder['kernels'])} entries, expected "
            f"{len(autoencoder['filters'])}, one for each of filters"
        )
    if experiment["joint"] and experiment["rnn"]["name"] != "stateful":
        yield (
            f"{key}.joint: found beside rnn.name {experiment['rnn']['name']!r}, expected "
            "'stateful': the joint training runs ahead as that does"
        )
    if experiment["decoder"] and autoencoder["name"] == "identity":
        yield (
            f"{key}.decoder: found beside autoencoder.name 'identity', expected null: that decoder "
            "has nothing to learn"
        )
    for option in ("augment", "symmetrize"):
        if experiment[option] and dataset["source"] != "simulation":
            yield (
                f"{key}.{option}: found true, expected false: samples of files declare no "
                "symmetries"
            )
    names = [entry["name"] for entry in experiment["baselines"]]
    if len(set(names)) < len(names):
        yield f"{key}.baselines: found {listed(names)}, expected each name once"
    if dataset["source"] == "simulation":
        yield from _size_contradictions(key, experiment, dataset)
        yield from _time_contradictions(key, experiment, dataset)
    if _shape_is_known(dataset):
        yield from _shape_contradictions(key, experiment, dataset)


def _size_contradictions(key, experiment, dataset):
    chosen, there = experiment["train_samples"], dataset["samples"]["train"]
    if chosen is not None and chosen > there:
        yield (
            f"{key}.train_samples: found {chosen}, expected at most {there}, the training samples "
            "of the dataset"
        )


def _time_contradictions(key, experiment, dataset):
    interval = dataset["dt"] * dataset["output_every"]
    frames = round(dataset["duration"] / dataset["dt"]) // dataset["output_every"] + 1
    warmup = frames_until(experiment["warmup"], interval)
    if not 1 <= warmup < frames:
        yield (
            f"{key}.warmup: found {experiment['warmup']}, expected {interval:g} to "
            f"{(frames - 1) * interval:g}, within a sample of the dataset"
        )
        return
    left = frames - warmup
    stop = frames
    if experiment["horizon"] is not None:
        stop = frames_until(experiment["warmup"] + experiment["horizon"], interval)
        if not warmup < stop <= frames:
            yield (
                f"{key}.horizon: found {experiment['horizon']}, expected {interval:g} to "
                f"{left * interval:g}, what the warm-up leaves of a sample"
            )
    smoothing = experiment["smoothing"]
    if smoothing and smoothing["window"] > min(warmup, left):
        yield (
            f"{key}.smoothing.window: found {smoothing['window']} frames, expected at most "
            f"{min(warmup, left)}: the warm-up has {warmup} frames and {left} follow it"
        )
    first, last = warmup * interval, (stop - 1) * interval
    for figure in ("fields", "reconstruction"):
        options = experiment["figures"][figure] or {}
        for time in options.get("times") or ():
            if not first - interval / 2 <= time <= last + interval / 2:
                yield (
                    f"{key}.figures.{figure}.times: found {time}, expected {first:g} to {last:g}, "
                    "a time of the forecast"
                )
    rnn = experiment["rnn"]
    if rnn["name"] == "windowed" and rnn["window"] > warmup:
        yield (
            f"{key}.rnn.window: found {rnn['window']} frames, expected at most {warmup}, the "
            "warm-up"
        )
    if rnn["name"] == "stateful" and rnn["stride"] > min(warmup, left):
        yield (
            f"{key}.rnn.stride: found {rnn['stride']}, expected at most {min(warmup, left)}: the "
            f"warm-up has {warmup} frames and {left} follow it"
        )
    for number, entry in enumerate(experiment["baselines"]):
        if entry["name"] == "dmd" and (entry["delays"] - 1) * entry["stride"] >= warmup:
            yield (
                f"{key}.baselines.{number}.delays: found {entry['delays']} of {entry['stride']} "
                f"frames, expected at most {(warmup - 1) // entry['stride'] + 1}: the warm-up has "
                f"{warmup} frames"
            )


def _shape_contradictions(key, experiment, dataset):
    grid = grid_of(dataset)
    for number, entry in enumerate(experiment["baselines"]):
        if entry["name"] == "sindy" and grid:
            yield (
                f"{key}.baselines.{number}.name: found 'sindy' on a grid, expected a system "
                "without one"
            )
    autoencoder = experiment["autoencoder"]
    if autoencoder["name"] in ("conv", "pointwise") and not grid:
        yield (
            f"{key}.autoencoder.name: found {autoencoder['name']!r}, which needs a grid; expected "
            "identity or pca for a system without one"
        )
    figures = experiment["figures"]
    one = figures["dataset"]["point"]
    shown = {
        "dataset.point": [] if one is None else [one],
        "particles.points": figures["particles"]["points"] or [],
        "reconstruction_particles.points": figures["reconstruction_particles"]["points"] or [],
    }
    for option, points in shown.items():
        for point in points:
            if len(point) != len(grid) or any(i >= n for i, n in zip(point, grid, strict=True)):
                yield (
                    f"{key}.figures.{option}: found {point}, expected indices of the grid "
                    f"{list(grid)}"
                )


def _sample_contradictions(key, experiment, dataset):
    if dataset["source"] != "simulation":
        return
    tests = dataset["samples"]["test"]
    for figure, options in experiment["figures"].items():
        if options is not None and options.get("sample", 0) >= tests:
            yield (
                f"{key}.figures.{figure}.sample: found {options['sample']}, expected less than "
                f"{tests}, the number of test samples"
            )
