"""What does not fit between an experiment and the samples that it forecasts."""

from led.config import forecasts
from led.config.samples import input_contradictions, samples_of, shape_contradictions
from led.data.frames import LONG_RUN, frames_apart, frames_until


def warmup_contradictions(key, experiment, samples):
    """Yield a message unless the warm-up lies within samples."""
    if not 1 <= frames_until(experiment["warmup"], samples.interval) < samples.frames:
        yield (
            f"{key}.warmup: found {experiment['warmup']}, expected {samples.interval:g} to "
            f"{samples.last:g}, within a sample of the dataset"
        )


def contradictions(key, experiment, dataset, train):
    """Yield a message for what the test samples of `dataset` have not that is asked of them.

    `train` are the `led.config.samples.Samples` that the experiment is trained on, if known.
    """
    option = "test_dataset" if experiment["test_dataset"] else "dataset"
    if experiment["test_dataset"]:
        inputs = input_contradictions(f"{key}.{option}", experiment["inputs"], dataset, "test")
        if messages := list(inputs):
            yield from messages
            return
    tests = samples_of(dataset, "test")
    if not tests:
        return
    if messages := [*shape_contradictions(f"{key}.{option}", tests, train)]:
        yield from messages
        return
    for figure, options in experiment["figures"].items():
        if options is not None and options.get("sample", 0) >= tests.count:
            yield (
                f"{key}.figures.{figure}.sample: found {options['sample']}, expected less than "
                f"{tests.count}, the number of test samples"
            )
            return
    if not tests.frames:
        return
    every, train = 1, train if train and train.frames else None
    if train:
        try:
            every = frames_apart(tests.interval, train.interval)
        except ValueError as error:
            yield f"{key}.{option}: the test samples: {error}"
            return
        if any(warmup_contradictions(key, experiment, train)):
            return
    if messages := list(warmup_contradictions(key, experiment, tests)):
        yield from messages
        return
    smoothing, warmup = experiment["smoothing"], frames_until(experiment["warmup"], tests.interval)
    left = -(-(tests.frames - warmup) // every)
    known = train and train.frames - frames_until(experiment["warmup"], train.interval) <= left
    if smoothing and smoothing["window"] > left and not known:
        yield (
            f"{key}.smoothing.window: found {smoothing['window']} frames, expected at most {left}, "
            "those of a test sample after its warm-up"
        )
    yield from _forecast_contradictions(key, experiment, tests, every)


def _forecast_contradictions(key, experiment, tests, every):
    interval = tests.interval
    warmup, stop = frames_until(experiment["warmup"], interval), tests.frames
    if experiment["horizon"] is not None:
        stop = frames_until(experiment["warmup"] + experiment["horizon"], interval)
        if not warmup < stop <= tests.frames:
            yield (
                f"{key}.horizon: found {experiment['horizon']}, expected {interval:g} to "
                f"{(tests.frames - warmup) * interval:g}, what the warm-up leaves of a sample"
            )
            stop = tests.frames
    yield from forecasts.frame_contradictions(key, experiment, tests, (warmup, stop), every)
    if experiment["figures"]["statistics"] is not None and stop - warmup < LONG_RUN:
        yield (
            f"{key}.figures.statistics: found a forecast of {stop - warmup} frames, expected at "
            f"least {LONG_RUN}"
        )
    first, last = tests.start + warmup * interval, tests.start + (stop - 1) * interval
    for figure in ("fields", "reconstruction"):
        options = experiment["figures"][figure] or {}
        for time in options.get("times") or ():
            if not first - interval / 2 <= time <= last + interval / 2:
                yield (
                    f"{key}.figures.{figure}.times: found {time}, expected {first:g} to {last:g}, "
                    "a time of the forecast"
                )
