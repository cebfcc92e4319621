"""What does not fit between the intervals of an experiment and the samples that calibrate them."""

from led.config.messages import listed, nearest
from led.config.samples import input_contradictions, samples_of, shape_contradictions
from led.config.scores import warmup_contradictions
from led.data.coverage import fewest_samples
from led.data.frames import frames_apart


def contradictions(key, experiment, datasets, broken):
    """Yield a message for what the validation samples that are forecast have not.

    Parameters
    ----------
    key : str
        Of the experiment.
    experiment : dict
    datasets : dict
        All of them; those of the names in `broken` have messages of their own.
    broken : set of str
    """
    own, chosen = experiment["validation_dataset"], experiment["dataset"]
    scored = own or chosen
    if own and own not in datasets:
        yield (
            f"{key}.validation_dataset: found {own!r}, expected one of {listed(datasets)}"
            f"{nearest(own, datasets)}"
        )
    names = {scored, chosen, experiment["test_dataset"] or chosen}
    if not names <= set(datasets) - broken:
        return
    if own:
        place, asked = f"{key}.validation_dataset", experiment["inputs"]
        if messages := [*input_contradictions(place, asked, datasets[own], "validation")]:
            yield from messages
            return
    train = samples_of(datasets[chosen], "train")
    validation = samples_of(datasets[scored], "validation")
    tests = samples_of(datasets[experiment["test_dataset"] or chosen], "test")
    if not validation or not tests:
        return
    others = [samples for samples in (train, tests) if samples and samples.frames]
    if any([*warmup_contradictions(key, experiment, samples)] for samples in others):
        return  # and has a message elsewhere
    messages = [*_other_contradictions(key, experiment, validation, train)]
    if messages:
        yield from messages if own else ()
        return
    if level := experiment["interval"]:
        yield from _interval_contradictions(f"{key}.interval", level, experiment, validation, tests)


def _other_contradictions(key, experiment, validation, train):
    if messages := [*shape_contradictions(f"{key}.validation_dataset", validation, train)]:
        yield from messages
        return
    if not validation.frames:
        return
    if train and train.frames:
        try:
            frames_apart(validation.interval, train.interval)
        except ValueError as error:
            yield f"{key}.validation_dataset: the validation samples: {error}"
            return
    yield from warmup_contradictions(key, experiment, validation)


def _interval_contradictions(key, level, experiment, validation, tests):
    if validation.count < (fewest := fewest_samples(level)):
        most = validation.count / (validation.count + 1)
        yield (
            f"{key}: found {level:g} with {validation.count} validation samples, expected at most "
            f"{most:.3g}, or a validation_dataset with {fewest} samples or more: samples count, "
            "not their times and cells, which depend on each other"
        )
    if not validation.frames or not tests.frames:
        return
    left, most = (s.last + s.interval - experiment["warmup"] for s in (validation, tests))
    asked = experiment["horizon"] or most
    if left + validation.interval / 2 < asked < most + tests.interval / 2:
        yield (
            f"{key}: found {level:g} with forecasts of {asked:g} and validation samples for "
            f"{left:g}, expected a validation_dataset with samples as long as those of the test: "
            "errors grow with the lead time"
        )
