"""Where results come from: the settings in their files, and the source files of each job."""

import ast
import hashlib
import json
import platform
import sys
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from led.jobs import sources

VERSION = "0.1.0"
PACKAGES = (
    "keras",
    "netCDF4",
    "numba",
    "numpy",
    "scipy",
    "tensorflow",
    "tensorflow-cpu",
    "xarray",
)
NAMES = "jobs/options.py"  # for annotations alone: no result depends on it


def attributes(settings):
    """Return attributes for a NetCDF file: the settings of the job as JSON, and the versions.

    The backend of Keras is among them where the job has imported Keras.
    """
    versions = {"led": VERSION, "python": platform.python_version()}
    for name in PACKAGES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:  # TensorFlow has one of two names
            continue
    found = {
        "settings": json.dumps(settings, sort_keys=True),
        "versions": json.dumps(versions),
        "Conventions": "CF-1.10",
    }
    if "keras" in sys.modules:
        found["keras_backend"] = sys.modules["keras"].config.backend()
    return found


def identity(settings, code, paths):
    """Return a digest of all that a result depends on: settings, code, packages and input files.

    Parameters
    ----------
    settings : dict
    code : dict
        As `digest` returns it.
    paths : sequence of str
        The input files; their content counts, not their names.
    """
    known = hashlib.sha256(json.dumps([attributes(settings), code], sort_keys=True).encode())
    for path in paths:
        with open(path, "rb") as file:
            known.update(hashlib.file_digest(file, "sha256").digest())
    return known.hexdigest()


def digest(script, *roots):
    """Return ``{file: digest of its code}`` for a script and all that it imports of led.

    The modules in the folder of a user's file count as those of led do. A change of the code of any
    of these files, and of no other, makes the job run again. Comments, docstrings and layout are
    no code.

    Parameters
    ----------
    script : str or Path
    *roots : str
        Further files: those that are imported by a name in the configuration, as
        `led.jobs.registry.source` names them.

    Returns
    -------
    dict of {str: str}
        Files of led have their path in it, others their path in the folder of the root. Files of
        one name are numbered, so that a folder that is moved changes nothing.

    Raises
    ------
    OSError, SyntaxError, ValueError
        If one is no file of Python.
    """
    paths = [Path(script), *(sources.LIBRARY / root for root in roots)]
    waiting = [(path, path.parent) for path in paths]
    found = {}
    while waiting:
        path, folder = waiting.pop()
        if sources.is_ours(path):
            folder = sources.LIBRARY
        name = path.relative_to(folder).as_posix()
        if (path, folder) not in found and name != NAMES:
            found[path, folder] = name, _digest(sources.parse(path))
            waiting.extend((other, folder) for other in sources.imported(path, folder))
    digests = {}
    for name, code in sorted(found.values()):
        key, number = name, 1
        while key in digests:
            number += 1
            key = f"{name} ({number})"
        digests[key] = code
    return digests


@cache
def _digest(tree):
    return hashlib.sha256("\n".join(_code(tree)).encode()).hexdigest()[:12]


def _code(tree):
    """Yield the parts of a syntax tree, without docstrings and places in the file.

    `ast.dump` would do, but for the empty fields that newer versions of Python add.
    """
    waiting = [tree]
    while waiting:  # a recursion would end at a long expression
        node = waiting.pop()
        if isinstance(node, list):
            yield str(len(node))
            waiting.extend(node)
        elif isinstance(node, ast.AST):
            fields = dict(ast.iter_fields(node))
            if isinstance(node, DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
                fields["body"] = node.body[1:]
            fields = {name: value for name, value in fields.items() if value not in (None, [])}
            yield " ".join([type(node).__name__, *fields])
            waiting.extend(fields.values())
        else:
            yield repr(node)


DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
