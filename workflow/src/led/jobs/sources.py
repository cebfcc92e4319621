"""Source files as syntax trees: what they import, without running them."""

import ast
from functools import cache
from pathlib import Path

LIBRARY = Path(__file__).parents[1]


def parse(path):
    """Return the syntax tree of a file.

    Raises
    ------
    OSError, SyntaxError, ValueError
        If it is no file of Python.
    """
    stat = path.stat()
    return _tree(path, stat.st_mtime_ns, stat.st_size)


@cache
def _tree(path, *stamp):
    return ast.parse(path.read_bytes(), path)


def is_ours(path):
    """Return whether a file is one of led."""
    return path.is_relative_to(LIBRARY)


def names(path, folder):
    """Return what the imports of a file bind, ``{name: (folder, parts)}``.

    Parameters
    ----------
    path : Path
    folder : Path
        Folder in which a user's file finds its modules.

    Returns
    -------
    dict of {str: (Path, tuple of str)}
        Where Python would look, and the names of packages, module and entry from there on. A
        package that is installed is looked for there, too, in vain.
    """
    return {name: (place, parts) for name, place, parts in _imports(parse(path), path, folder)}


def imported(path, folder):
    """Return the files of led, and those in a user's folder, that a file imports.

    Imports in functions count. See `names` for the parameters.
    """
    return _files(parse(path), path, folder)


def bound(path):
    """Return the names that a file may bind, and ``"*"`` where it imports all of a module."""
    nodes = [*ast.walk(parse(path))]
    imports = (entry for node in nodes for entry in getattr(node, "names", ()))
    found = {getattr(entry, "asname", None) or getattr(entry, "name", "") for entry in imports}
    found |= {node.name for node in nodes if isinstance(node, ast.ClassDef | ast.FunctionDef)}
    return found | {
        node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


def module(place, parts):
    """Return the file of the module of this name, None if there is none."""
    path = place.joinpath(*parts)
    files = (path.with_name(f"{path.name}.py"), path / "__init__.py")
    return next(filter(Path.is_file, files), None) if parts else None


@cache
def _files(tree, path, folder):
    found = {
        module(place, parts[: depth + 1])  # of an entry of a module, in vain
        for _, place, parts in _imports(tree, path, folder)
        for depth in range(len(parts))
    }
    return sorted(found - {None})


@cache
def _imports(tree, path, folder):
    """Return all imports as (bound name, folder, parts); the last of a name is the one it has."""
    found = []

    def add(name, parts, level=0):
        if level >= len(path.parents):
            return
        if level:
            place, parts = path.parents[level], (path.parents[level - 1].name, *parts)
        else:
            place = LIBRARY.parent if parts[0] == "led" or is_ours(path) else folder
        found.append((name, place, tuple(parts)))

    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                parts = alias.name.split(".")
                add(alias.asname, parts)
                if not alias.asname:
                    add(parts[0], parts[:1])
        elif isinstance(node, ast.ImportFrom):
            parts = node.module.split(".") if node.module else []
            for alias in node.names:
                add(alias.asname or alias.name, [*parts, alias.name], node.level)
    return found
