"""What does not fit within an experiment, or between it and its datasets."""

from dataclasses import replace

from led.config import forecasts
from led.config.autoencoders import contradictions as autoencoder_contradictions
from led.config.autoencoders import layer_contradictions
from led.config.chosen import COMPARED, OTHERS
from led.config.commands import input_contradictions as drawn_contradictions
from led.config.datasets import source_contradictions
from led.config.messages import listed
from led.config.samples import input_contradictions, samples_of
from led.config.scores import warmup_contradictions
from led.data.frames import frames_until
from led.jobs import registry

RESERVED = {*COMPARED, *OTHERS}


def contradictions(key, experiment, dataset):
    """Yield a message for each contradiction between an experiment, at `key`, and its dataset."""
    train = samples_of(dataset, "train")
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
    for section in ("autoencoder", "rnn"):
        yield from source_contradictions(f"{key}.{section}.name", experiment[section]["name"])
    for number, entry in enumerate(experiment["baselines"]):
        yield from source_contradictions(f"{key}.baselines.{number}.name", entry["name"])
    if autoencoder["name"] == "conv":
        yield from layer_contradictions(f"{key}.autoencoder", autoencoder)
    if experiment["rnn"]["name"] == "least_squares" and experiment["rnn"]["members"] > 1:
        yield (
            f"{key}.rnn.members: found {experiment['rnn']['members']} with rnn.name "
            "'least_squares', expected 1: all members would be the same"
        )
    if dataset["source"] == "command":
        yield from drawn_contradictions(f"{key}.inputs", experiment["inputs"], dataset)
    yield from input_contradictions(f"{key}.inputs", experiment["inputs"], dataset, "train")
    if experiment["decoder"] and autoencoder["name"] == "identity":
        yield (
            f"{key}.decoder: found with autoencoder.name 'identity', expected null: that decoder "
            "has nothing to learn"
        )
    if not (dataset.get("system") or dataset.get("symmetries")):
        for option in [f"{key}.augment"] * experiment["augment"] + _symmetrizing(key, experiment):
            yield f"{option}: found true, expected false: the dataset lists no symmetries"
    names = [registry.label(entry["name"]) for entry in experiment["baselines"]]
    if there := [name for name in names if name.lower() in RESERVED]:
        yield (
            f"{key}.baselines: found {listed(there)}, expected others than {listed(COMPARED)} and "
            f"{listed(OTHERS)}, which every report has"
        )
    if len({name.lower() for name in names}) < len(names):
        yield f"{key}.baselines: found {listed(names)}, expected each name once"
    yield from forecasts.contradictions(key, experiment)
    if train:
        yield from _size_contradictions(key, experiment, train)
    if train and train.frames:
        validation = samples_of(dataset, "validation") or train
        if abs(validation.interval - train.interval) > 1e-6 * train.interval:
            yield (
                f"{key}.dataset: found validation samples with a step of {validation.interval:g}, "
                f"expected {train.interval:g}, that of the training samples"
            )
        shorter = min(train.frames, validation.frames)
        yield from _time_contradictions(key, experiment, replace(train, frames=shorter))
        yield from forecasts.time_contradictions(key, experiment, train, validation)
        if train.grid is not None:
            yield from _shape_contradictions(key, experiment, train, dataset.get("symmetries", ()))
            yield from autoencoder_contradictions(f"{key}.autoencoder", autoencoder, train)


def _symmetrizing(key, experiment):
    """Return the keys by which an experiment asks for forecasts of symmetric copies."""
    named = experiment["forecasts"].items()
    found = [f"{key}.forecasts.{name}.symmetrize" for name, entry in named if entry["symmetrize"]]
    return [f"{key}.symmetrize"] * experiment["symmetrize"] + found


def _size_contradictions(key, experiment, train):
    chosen, there = experiment["train_samples"], train.count
    if chosen is not None and chosen > there:
        yield (
            f"{key}.train_samples: found {chosen}, expected at most {there}, the training samples "
            "of the dataset"
        )


def _time_contradictions(key, experiment, train):
    if messages := list(warmup_contradictions(key, experiment, train)):
        yield from messages
        return
    known = frames_until(experiment["warmup"], train.interval)
    left = train.frames - known
    smoothing = experiment["smoothing"]
    if smoothing and smoothing["window"] > min(known, left):
        yield (
            f"{key}.smoothing.window: found {smoothing['window']} frames, expected at most "
            f"{min(known, left)}: the warm-up has {known} frames and {left} follow it"
        )
    rnn = experiment["rnn"]
    if rnn["name"] in ("windowed", "least_squares") and rnn["window"] > known:
        yield (
            f"{key}.rnn.window: found {rnn['window']} frames, expected at most {known}, the warm-up"
        )
    longest = train.frames - (known - 1) % rnn.get("stride", 1)  # validation starts at a step
    if rnn["name"] == "stateful" and rnn["window"] and not known < rnn["window"] <= longest:
        yield (
            f"{key}.rnn.window: found {rnn['window']} frames, expected {known + 1} to {longest}: "
            f"more than the {known} of the warm-up, at most those of a sample"
        )
    elif rnn["name"] == "stateful" and rnn["stride"] > min(known, left):
        yield (
            f"{key}.rnn.stride: found {rnn['stride']}, expected at most {min(known, left)}: the "
            f"warm-up has {known} frames and {left} follow it"
        )
    for number, entry in enumerate(experiment["baselines"]):
        if entry["name"] == "dmd" and (entry["delays"] - 1) * entry["stride"] >= known:
            yield (
                f"{key}.baselines.{number}.delays: found {entry['delays']} of {entry['stride']} "
                f"frames, expected at most {(known - 1) // entry['stride'] + 1}: the warm-up has "
                f"{known} frames"
            )


def _shape_contradictions(key, experiment, train, symmetries):
    grid = train.grid
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
    stride = autoencoder.get("encoder_stride", 1)
    if not isinstance(stride, int) or stride < 1:
        stride = 1  # of a user's class, which may mean something else by it
    shifted = stride > 1 and any("shift" in entry for entry in symmetries)
    if shifted or any((points - 1) % stride for points in grid):
        for option in _symmetrizing(key, experiment):
            yield (
                f"{option}: found true with autoencoder.encoder_stride {stride}, expected "
                f"false: on the grid {list(grid)} symmetric copies show the encoder the points "
                "in between"
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
