"""Which source files a job runs: a change of any of them, and of no other, makes it run again."""

import ast
import hashlib
from functools import cache
from pathlib import Path

LIBRARY = Path(__file__).parent


def digest(script, *roots):
    """Return ``{file: digest of its content}`` for a script and all of led that it imports.

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
