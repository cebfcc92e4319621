"""Classes in source files: what may be chosen for a role, and what a class derives from.

A class is never imported here: the Snakefile would have to import NumPy and Keras.
"""

import ast
import re
from functools import cache

from led.jobs import registry, sources

WITHOUT_OPTIONS = {("abc", "ABC"), ("typing", "Generic"), ("typing", "Protocol")}


@cache
def choices(role):
    """Return the classes of a role, ``{name of the file: name of the class}``.

    Parameters
    ----------
    role : str
        A key of `led.jobs.registry.ROLES`.

    Returns
    -------
    dict of {str: str}
        Of the files of its folder that define exactly one class that is not abstract.
    """
    found = {}
    for path in sorted((sources.LIBRARY / role).glob("*.py")):
        made = [name for name, node in classes_of(path).items() if _is_choice(path, node, role)]
        if len(made) == 1:
            found[path.stem] = made[0]
    return found


def summary(role, name):
    """Return the first line of the docstring of a class, as a part of a sentence.

    Parameters
    ----------
    role : str
        A key of `led.jobs.registry.ROLES`.
    name : str
        As `led.jobs.registry.create` takes it.
    """
    _, node = _class_of(role, name)
    docstring = ast.get_docstring(node) or node.name
    sentence = docstring.partition("\n")[0].rstrip(".")
    return sentence[0].lower() + sentence[1:] if sentence[1:2].islower() else sentence


def attribute(role, name, key):
    """Return the value of a class attribute, which is a literal: the one that Python would find.

    Parameters
    ----------
    role, name
        As in `summary`.
    key : str
        Of the attribute.

    Raises
    ------
    LookupError
        If there is none.
    """
    path, node = _class_of(role, name)
    for _, ancestor in lineage_of(path, node, path.parent):
        for line in ancestor.body:
            target = getattr(line, "target", None) or next(iter(getattr(line, "targets", ())), None)
            if getattr(target, "id", None) == key and line.value:
                return ast.literal_eval(line.value)
    raise LookupError(f"{name}: found no {key}")


def _class_of(role, name):
    """Return the file and the node of a class by its name in the configuration."""
    path = sources.LIBRARY / registry.source(role, name)
    chosen = registry.split(name)[1] if registry.is_file(name) else choices(role)[name]
    return located(path, chosen, path.parent)


def _is_choice(path, node, role):
    """Return whether a class is one of a role, and not abstract."""
    try:
        lineage = lineage_of(path, node, path.parent)
    except LookupError:  # it derives from a class of another package
        return False
    base = sources.LIBRARY / role / "base.py", registry.ROLES[role]
    abstract = {}
    for _, ancestor in reversed(lineage):
        abstract |= defined_in(ancestor)
    ancestors = [(file, ancestor.name) for file, ancestor in lineage[1:]]
    return base in ancestors and not any(abstract.values())


def classes_of(path):
    """Return the classes of a file, by name."""
    return {node.name: node for node in sources.parse(path).body if isinstance(node, ast.ClassDef)}


def located(path, name, folder):
    """Return the file and the node of a class that a file defines or imports.

    Parameters
    ----------
    path : Path
    name : str
    folder : Path
        Folder in which a user's file finds its modules.

    Raises
    ------
    LookupError
        If it is neither in led nor in the folder of the user's file.
    """
    if name in classes_of(path):
        return path, classes_of(path)[name]
    place, parts = sources.names(path, folder)[name]
    file = sources.module(place, parts[:-1])
    if file is None:
        raise LookupError(name)
    return located(file, parts[-1], folder)


def place_of(node, path, folder):
    """Return where an imported name comes from, as `sources.names` does, None for another."""
    head, *rest = ast.unparse(node).split(".")
    place, parts = sources.names(path, folder).get(head, (None, ()))
    return place and (place, (*parts, *rest))


def meant_by(node, path, folder):
    """Return the file and the node of the class that an expression means: see `located`."""
    if isinstance(node, ast.Name):
        return located(path, node.id, folder)
    place, parts = place_of(node, path, folder) or (path.parent, ())
    file = sources.module(place, parts[:-1])
    if file is None:
        raise LookupError(ast.unparse(node))
    return located(file, parts[-1], folder)


def lineage_of(path, node, folder):
    """Return a class and all that it derives from, each as file and node, in Python's order."""
    found = [(path, node)]
    for base in node.bases:
        base = base.value if isinstance(base, ast.Subscript) else base
        place = place_of(base, path, folder)
        if ast.unparse(base) == "object" or (place and place[1] in WITHOUT_OPTIONS):
            continue
        found.extend(lineage_of(*meant_by(base, path, folder), folder))
    return list(dict.fromkeys(reversed(found)))[::-1]


def is_dataclass(node):
    """Return whether a class is decorated as one."""
    return any(
        re.match(r"(dataclasses\.)?dataclass\b", ast.unparse(decorator))
        for decorator in node.decorator_list
    )


def defined_in(node):
    """Return the names that a class defines, and whether each is abstract."""
    found = {}
    for line in node.body:
        if isinstance(line, ast.FunctionDef | ast.AsyncFunctionDef):
            decorators = " ".join(map(ast.unparse, line.decorator_list))
            found[line.name] = "abstractmethod" in decorators
        elif isinstance(line, ast.Assign):
            found |= {ast.unparse(target): False for target in line.targets}
        elif isinstance(line, ast.AnnAssign) and line.value:
            found[ast.unparse(line.target)] = False
    return found
