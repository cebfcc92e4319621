"""What does not fit within a study, or between it and its base."""

import itertools
import math

from led.config.messages import listed, nearest
from led.config.studies import assigned, name_of_run, points_of, runs

MOST_RUNS = 500  # Snakemake plans about ten jobs for each
FILLED_IN = ("in_all", "study")


def contradictions(config, written):
    """Yield a message for each study of which no experiments can be made.

    Parameters
    ----------
    config : dict
        With the defaults.
    written : dict
        The experiments without them, of which the runs are made.
    """
    experiments = config["experiments"]
    taken = {
        name.lower(): f"the experiment {name!r}"
        for name, experiment in experiments.items()
        if experiment["study"] is None
    }
    made = {}  # of the studies that can be expanded
    for name in config["studies"]:
        if name.lower() in taken:
            yield (
                f"studies.{name}: found next to {taken[name.lower()]}, expected another name: "
                "their results would lie in one folder"
            )
        taken[name.lower()] = f"the study {name!r}"
    for name, study in config["studies"].items():
        messages = list(_study_contradictions(f"studies.{name}", study, experiments, written))
        yield from messages
        if not messages:
            made[name] = runs(name, study)
            yield from _run_contradictions(name, study, taken)
    for name, experiment in experiments.items():
        study = experiment["study"]
        if study is not None and name not in made.get(study, ()):
            yield (
                f"experiments.{name}.study: found {study!r}, expected no such key: the workflow "
                "fills it in"
            )


def _study_contradictions(key, study, experiments, written):
    if study["base"] not in experiments:
        yield (
            f"{key}.base: found {study['base']!r}, expected one of {listed(experiments)}"
            f"{nearest(study['base'], experiments)}"
        )
        return
    kinds = [kind for kind in ("vary", "points") if study[kind] is not None]
    if len(kinds) != 1:
        yield f"{key}: found {' and '.join(kinds) or 'neither'}, expected either vary or points"
        return
    (kind,) = kinds
    count = math.prod(map(len, study["vary"].values())) if kind == "vary" else len(study["points"])
    if count > MOST_RUNS:
        yield f"{key}.{kind}: found {count} runs, expected at most {MOST_RUNS}"
        return
    first, *others = points_of(study)
    for number, point in enumerate(others, 1):
        if point.keys() != first.keys():
            yield (
                f"{key}.points.{number}: found {listed(sorted(point))}, expected the parameters of "
                f"the first point: {listed(sorted(first))}"
            )
            return
    yield from _path_contradictions(key, kind, study["set"], first)
    experiment = experiments[study["base"]]
    for where, values in {"set": study["set"], kind: first}.items():
        for path in sorted(values):
            base = written[study["base"]]
            yield from _reset(f"{key}.{where}.{path}", base, path, values[path])
            try:
                experiment = assigned(experiment, {path: values[path]})
            except TypeError as error:
                yield f"{key}.{where}.{path}: {error}"


def _reset(key, experiment, path, value):
    """Yield a message where a mapping would reset keys of the base that it does not name."""
    found = experiment
    for part in path.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    if not (value and isinstance(value, dict) and isinstance(found, dict)) or path == "forecasts":
        return
    if any(value.get(name, found.get(name)) != found.get(name) for name in ("name", "mode")):
        return  # of another class, with options of its own
    if lost := sorted(found.keys() - value.keys() - {"name", "mode"}):
        yield (
            f"{key}: found a mapping without {listed(lost)}, which would lose the value of the "
            f"base; expected single parameters, such as {path}.{min(value)}"
        )


def _path_contradictions(key, kind, shared, varied):
    for where, paths in {"set": shared, kind: varied}.items():
        for path in paths:
            if path.partition(".")[0] in FILLED_IN:
                yield f"{key}.{where}: found {path}, which the study fills in, expected another"
    for path, other in itertools.product(varied, shared | varied):
        if f"{other}.".startswith(f"{path}.") and (other in shared or other != path):
            yield (
                f"{key}.{kind}.{path}: found with {other}, expected parameters of which none is "
                "another or lies in it"
            )


def _run_contradictions(name, study, taken):
    """Yield a message for runs that are the same, or of a name that is taken; take the others."""
    known = []
    for run, point in ((name_of_run(name, point), point) for point in points_of(study)):
        if point in known:
            yield f"studies.{name}: found {_shown(point)} twice, expected each point once"
        elif run.lower() in taken:
            yield (
                f"studies.{name}: found the name {run!r} for {_shown(point)} next to "
                f"{taken[run.lower()]}, expected another name for the study or the other"
            )
        known.append(point)
        taken.setdefault(run.lower(), f"the run {run!r} of {name}")


def _shown(point):
    return listed(f"{path}: {point[path]!r}" for path in sorted(point))
