"""Where results come from: the settings in their files, and the source files of each job."""

import ast
import hashlib
import json
import platform
from functools import cache
from importlib.metadata import version
from pathlib import Path

VERSION = "0.1.0"
PACKAGES = ("keras", "netCDF4", "numba", "numpy", "scipy", "xarray")
LIBRARY = Path(__file__).parents[1]


def attributes(settings):
    """Return attributes for a NetCDF file: the settings of the job as JSON, and the versions."""
    versions = {"led": VERSION, "python": platform.python_version()}
    versions |= {name: version(name) for name in PACKAGES}
    return {
        "settings": json.dumps(settings, sort_keys=True),
        "versions": json.dumps(versions),
        "Conventions": "CF-1.10",
    }


def identity(settings, code, paths):
    """Return a digest of all that a result follows from: settings, code, packages and input files.

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
    """Return ``{file: digest of its content}`` for a script and all of led that it imports.

    A change of any of these files, and of no other, makes the job run again.

    Parameters
    ----------
    script : str or Path
    *roots : str
        Further files, relative to the package: those that are imported by a name in the
        configuration, e.g. ``"systems/van_der_pol.py"``.
    """
    found = {}
    open_files = [Path(script), *(LIBRARY / root for root in roots)]
    while open_files:
        path = open_files.pop()
        name = str(path.relative_to(LIBRARY)) if path.is_relative_to(LIBRARY) else path.name
        if name not in found:
            found[name], imported = _parse(path)
            open_files.extend(imported)
    return dict(sorted(found.items()))


@cache
def _parse(path):
    """Return the digest of a file and the files of led that it imports, at any depth of nesting."""
    source = path.read_bytes()
    imported = []
    for node in ast.walk(ast.parse(source, path)):
        if isinstance(node, ast.Import):
            imported.extend(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            imported.extend(f"{node.module}.{alias.name}" for alias in node.names)
    files = set()
    for name in imported:
        top, *parts = name.split(".")
        if top == "led":  # a name in a module is looked for as if it were a file, in vain
            for depth in range(len(parts) + 1):
                place = LIBRARY.joinpath(*parts[:depth])
                files.update((place.with_suffix(".py"), place / "__init__.py"))
    return hashlib.sha256(source).hexdigest()[:12], sorted(filter(Path.is_file, files))
