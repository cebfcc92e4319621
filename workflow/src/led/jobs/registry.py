"""Classes by name: the name in config.yaml is the name of the file that holds the class."""

import dataclasses
import hashlib
import importlib
import importlib.util
import inspect
import sys
from pathlib import Path

from led.jobs import sources

ROLES = {  # a folder of led, and the class in its base.py that all others of the role derive from
    "systems": "System",
    "solvers": "Solver",
    "autoencoders": "Autoencoder",
    "dynamics": "Dynamics",
    "evaluation/baselines": "Baseline",
    "surrogate/modes": "Mode",
}


def create(base, name, **options):
    """Make the `base` that `name`.py in the same folder defines, or that a user's file does.

    A new system, solver, autoencoder, dynamics, baseline or mode is one new file.

    Parameters
    ----------
    base : type or str
        Abstract class of the role, e.g. `led.systems.base.System`, or a key of `ROLES`.
    name : str
        Name of a module in the package of `base`, e.g. ``"van_der_pol"``; or a file and its class,
        e.g. ``"models/lorenz.py:Lorenz"``, relative to the working directory.
    **options
        Arguments of the class, as in `make`.

    Raises
    ------
    TypeError
        If the module does not define exactly one subclass of `base`, the file not that class, or
        the class has not these arguments.
    ImportError
        If a user's file imports a module of its folder, and Python would take another.
    """
    if isinstance(base, str):
        module = importlib.import_module(f"led.{base.replace('/', '.')}.base")
        base = getattr(module, ROLES[base])
    if is_file(name):
        path, class_name = split(name)
        found = getattr(_load(path.resolve()), class_name, None)
        if not (isinstance(found, type) and issubclass(found, base)):
            raise TypeError(
                f"{path}: found {found!r} as {class_name}, expected a subclass of "
                f"{base.__module__}.{base.__name__}"
            )
    else:
        package = base.__module__.rpartition(".")[0]
        module = importlib.import_module(f"{package}.{name}")
        found = _only_subclass(module, base)
    try:
        return make(found, **options)
    except TypeError as error:
        raise TypeError(f"{name}: {error}; found the options {sorted(options)}") from error


def make(cls, **options):
    """Make a class from a section of the configuration.

    Where a dataclass has another one as the default of an option, a dictionary replaces some of
    its fields.
    """
    for field in dataclasses.fields(cls) if dataclasses.is_dataclass(cls) else ():
        given = options.get(field.name)
        if isinstance(given, dict) and dataclasses.is_dataclass(field.default):
            options[field.name] = dataclasses.replace(field.default, **given)
    return cls(**options)


def is_file(name):
    """Return whether `name` is that of a user's file and class."""
    return ".py:" in name


def split(name):
    """Return the path and the name of the class of ``file.py:Class``."""
    path, _, class_name = name.rpartition(":")
    return Path(path), class_name


def label(name):
    """Return a name for files and tables: the class of ``file.py:Class``, else `name` itself."""
    return split(name)[1] if is_file(name) else name


def source(role, name):
    """Return the source file of a class, for `led.jobs.provenance.digest`.

    Parameters
    ----------
    role : str
        A key of `ROLES`.
    name : str
        As in `create`.
    """
    return str(split(name)[0].resolve()) if is_file(name) else f"{role}/{name}.py"


def _only_subclass(module, base):
    found = [
        entry
        for entry in vars(module).values()
        if isinstance(entry, type)
        and issubclass(entry, base)
        and entry.__module__ == module.__name__
        and not inspect.isabstract(entry)
    ]
    if len(found) != 1:
        raise TypeError(
            f"{module.__file__}: found {len(found)} subclasses of {base.__name__}, expected 1"
        )
    return found[0]


def _load(path):
    """Return the module of a user's file: one for each path, and for each edit of it."""
    content = path.read_bytes()
    digest = hashlib.sha256(bytes(path) + content).hexdigest()[:12]
    name = f"{path.stem}_{digest}"
    if name in sys.modules:
        return sys.modules[name]
    _find_helpers(path)
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look there for what annotations as text mean
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _find_helpers(path):
    """Let a user's file import the modules of its folder, if Python takes these and no others.

    The folder comes last, so that its files hide neither led nor an installed package.
    """
    folder = path.parent
    if str(folder) not in sys.path:
        sys.path.append(str(folder))
    importlib.invalidate_caches()
    waiting, helpers = [path], set()
    while waiting:
        new = set(sources.imported(waiting.pop(), folder)) - helpers
        new = {other for other in new if not sources.is_ours(other)}
        helpers |= new
        waiting.extend(new)
    for top in sorted({other.relative_to(folder).parts[0] for other in helpers}):
        name, expected = top.removesuffix(".py"), folder / top
        spec = importlib.util.find_spec(name)  # without running it
        found = spec.origin or next(iter(spec.submodule_search_locations))
        if not Path(found).resolve().is_relative_to(expected.resolve()):
            raise ImportError(
                f"{path}: found {found} for 'import {name}', expected {expected}, which lies "
                "in the same folder: rename that"
            )


def function(package, name):
    """Return the function ``module.function`` of a package of led."""
    module, _, function_name = name.partition(".")
    return getattr(importlib.import_module(f"led.{package}.{module}"), function_name)
