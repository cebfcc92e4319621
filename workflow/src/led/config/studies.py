"""Studies: experiments that differ in some parameters, made from one of them."""

import copy
import hashlib
import itertools
import json
import math
import re

from led.config.messages import listed, nearest

MOST_RUNS = 500  # Snakemake plans about ten jobs for each
LONGEST = 100  # characters of a name, as in the schema
CIRCLE = re.compile(r"(.+?)\1{19}\Z")  # what Snakemake takes for one, as in the schema
FILLED_IN = ("in_all", "study")


def runs(name, study):
    """Return the names of the runs of a study, and what is varied in each.

    Parameters
    ----------
    name : str
    study : dict
        Its section of the configuration, with the defaults.

    Returns
    -------
    dict of {str: dict of {str: object}}
        Parameters are written with dots; the order of keys in the configuration does not matter.
    """
    return {name_of_run(name, point): point for point in _points(study)}


def name_of_run(study, point):
    """Return the name of the experiment with these values: it depends on nothing else.

    The values stand in the order of the names of their parameters: 2, 0p5 for 0.5, 32_64 for a
    list. A digest takes their place where they make no name.
    """
    texts = [_text(point[path]) for path in sorted(point)]
    if None not in texts:
        name = "-".join([study, *texts])
        if len(name) <= LONGEST and not CIRCLE.search(name):
            return name
    content = json.dumps([study, point], sort_keys=True, default=str)
    digest = hashlib.sha256(content.encode()).hexdigest()[:12]
    return f"{study[: LONGEST - 13]}-{digest}"


def contradictions(config):
    """Yield a message for each study of which no experiments can be made.

    Parameters
    ----------
    config : dict
        With the defaults.
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
                f"studies.{name}: found beside {taken[name.lower()]}, expected another name: their "
                "results would lie in one folder"
            )
        taken[name.lower()] = f"the study {name!r}"
    for name, study in config["studies"].items():
        messages = list(_study_contradictions(f"studies.{name}", study, experiments))
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


def expand(studies, experiments):
    """Return the experiments of all studies, without those that are there already.

    Parameters
    ----------
    studies : dict
        With the defaults, and without `contradictions`.
    experiments : dict
        As they are written.

    Returns
    -------
    dict of {str: dict}
        As they could be written, and in each the key ``study``.
    """
    expanded = {}
    for name, study in studies.items():
        for run, point in runs(name, study).items():
            if run not in experiments:
                expanded[run] = _assigned(experiments[study["base"]], study["set"], point)
                expanded[run] |= {"study": name, "in_all": False}
    return expanded


def named(messages, expanded):
    """Yield messages that name a run with its study, and those of several runs once.

    Parameters
    ----------
    messages : iterable of str
        Of experiments, as `led.config.sections.contradictions` yields them.
    expanded : dict
        What `expand` returned.
    """
    told = set()
    for message in messages:
        found = re.match(r"experiments\.([\w-]+)(?:\.|: )(.*)", message, re.DOTALL)
        if not found or found[1] not in expanded:
            yield message
        elif (key := (expanded[found[1]]["study"], found[2])) not in told:
            told.add(key)
            yield f"studies.{key[0]}, run {found[1]}: {key[1]}"


def _points(study):
    if study["points"] is not None:
        return study["points"]
    paths = sorted(study["vary"])
    grid = itertools.product(*(study["vary"][path] for path in paths))
    return [dict(zip(paths, values, strict=True)) for values in grid]


def _text(value):
    """Return a value as it stands in a name, None where it would not tell it from others."""
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return repr(value).replace(".", "p").replace("+", "")
    if isinstance(value, str):
        return value if re.fullmatch("[A-Za-z0-9_-]+", value) else None
    if isinstance(value, list) and not any(isinstance(entry, list) for entry in value):
        texts = [_text(entry) for entry in value]
        return None if None in texts else "_".join(texts) or "empty"
    return None


def _study_contradictions(key, study, experiments):
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
    first, *others = _points(study)
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
            try:
                experiment = _assigned(experiment, {path: values[path]})
            except TypeError as error:
                yield f"{key}.{where}.{path}: {error}"


def _path_contradictions(key, kind, shared, varied):
    for where, paths in {"set": shared, kind: varied}.items():
        for path in paths:
            if path.partition(".")[0] in FILLED_IN:
                yield f"{key}.{where}: found {path}, which the study fills in, expected another"
    for path, other in itertools.product(varied, shared | varied):
        if f"{other}.".startswith(f"{path}.") and (other in shared or other != path):
            yield (
                f"{key}.{kind}.{path}: found beside {other}, expected parameters of which none is "
                "another or lies in it"
            )


def _assigned(experiment, *assignments):
    """Return a copy of an experiment with values at paths: all of the first mapping, then others.

    Raises
    ------
    TypeError
        If a path goes through something that is no mapping.
    """
    experiment = copy.deepcopy(experiment)
    for assignment in assignments:
        for path in sorted(assignment):  # a section before what lies in it
            *parents, key = path.split(".")
            section = experiment
            for parent in parents:
                found, section = section.get(parent), section.setdefault(parent, {})
                if not isinstance(section, dict):
                    raise TypeError(f"found {found!r} as {parent}, expected a mapping there")
            section[key] = copy.deepcopy(assignment[path])
    return experiment


def _run_contradictions(name, study, taken):
    """Yield a message for runs that are the same, or of a name that is taken; take the others."""
    known = []
    for run, point in ((name_of_run(name, point), point) for point in _points(study)):
        if point in known:
            yield f"studies.{name}: found {_shown(point)} twice, expected each point once"
        elif run.lower() in taken:
            yield (
                f"studies.{name}: found the name {run!r} for {_shown(point)} beside "
                f"{taken[run.lower()]}, expected another name for the study or the other"
            )
        known.append(point)
        taken.setdefault(run.lower(), f"the run {run!r} of {name}")


def _shown(point):
    return listed(f"{path}: {point[path]!r}" for path in sorted(point))
