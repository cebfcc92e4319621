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
    imported = set()
    for node in ast.walk(ast.parse(source, path)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        else:
            continue
        imported.update(name for name in names if name.split(".")[0] == "led")
    candidates = [LIBRARY.joinpath(*name.split(".")[1:]) for name in sorted(imported)]
    files = [
        file for path in candidates for file in (path.with_suffix(".py"), path / "__init__.py")
    ]
    return hashlib.sha256(source).hexdigest()[:12], [file for file in files if file.is_file()]
