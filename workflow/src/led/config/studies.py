"""Studies: experiments that differ in some parameters, made from one of them."""

import copy
import hashlib
import itertools
import json
import re

LONGEST = 100  # characters of a name, as in the schema
CIRCLE = re.compile(r"(.+?)\1{19}\Z")  # what Snakemake takes for one, as in the schema


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
    return {name_of_run(name, point): point for point in points_of(study)}


def name_of_run(study, point):
    """Return the name of the experiment with these values: it depends on nothing else.

    The values follow the order of the names of their parameters: 2, 0p5 for 0.5, 32_64 for a
    list. A digest replaces them where they make no name.
    """
    texts = [_text(point[path]) for path in sorted(point)]
    if None not in texts:
        name = "-".join([study, *texts])
        if len(name) <= LONGEST and not CIRCLE.search(name):
            return name
    content = json.dumps([study, point], sort_keys=True, default=str)
    digest = hashlib.sha256(content.encode()).hexdigest()[:12]
    return f"{study[: LONGEST - 13]}-{digest}"


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
                expanded[run] = assigned(experiments[study["base"]], study["set"], point)
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
    reported = set()
    for message in messages:
        found = re.match(r"experiments\.([\w-]+)(?:\.|: )(.*)", message, re.DOTALL)
        if not found or found[1] not in expanded:
            yield message
        elif (key := (expanded[found[1]]["study"], found[2])) not in reported:
            reported.add(key)
            yield f"studies.{key[0]}, run {found[1]}: {key[1]}"


def points_of(study):
    """Return what is varied in each run: one mapping of values by parameter a run."""
    if study["points"] is not None:
        return study["points"]
    paths = sorted(study["vary"])
    grid = itertools.product(*(study["vary"][path] for path in paths))
    return [dict(zip(paths, values, strict=True)) for values in grid]


def _text(value):
    """Return a value as a part of a name, None where the name would be ambiguous."""
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


def assigned(experiment, *assignments):
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
