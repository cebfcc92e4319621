"""Classes by name: the name in config.yaml is the name of the file that holds the class."""

import importlib
import importlib.util
from pathlib import Path


def create(base, name, **options):
    """Make the `base` that the file `name`.py beside it defines, or that a user's file does.

    A new system, solver, autoencoder or forecaster is one new file: nothing has to be registered.

    Parameters
    ----------
    base : type
        Abstract class of the role, e.g. `led.systems.base.System`.
    name : str
        Name of a module in the package of `base`, e.g. ``"van_der_pol"``; or a file and its class,
        e.g. ``"models/lorenz.py:Lorenz"``, relative to the working directory.
    **options
        Arguments of the class.

    Raises
    ------
    TypeError
        If the module does not define exactly one subclass of `base`, the file not that class, or
        the class has not these arguments.
    """
    if is_file(name):
        path, class_name = split(name)
        found = getattr(_load(path), class_name, None)
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
        return found(**options)
    except TypeError as error:
        raise TypeError(f"{name}: {error}; found the options {sorted(options)}") from error


def is_file(name):
    """Return whether `name` is that of a user's file and class."""
    return ".py:" in name


def split(name):
    """Return the path and the name of the class of ``file.py:Class``."""
    path, _, class_name = name.rpartition(":")
    return Path(path), class_name


def source(role, name):
    """Return the source file of a class, for `led.jobs.provenance.digest`.

    Parameters
    ----------
    role : str
        A package of led, e.g. ``"systems"``.
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
    ]
    if len(found) != 1:
        raise TypeError(
            f"{module.__file__}: found {len(found)} subclasses of {base.__name__}, expected 1"
        )
    return found[0]


def _load(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def label(name):
    """Return a name as it is part of a file's: of ``file.py:Class`` the class."""
    return split(name)[1] if is_file(name) else name


def function(package, name):
    """Return the function ``module.function`` of a package of led."""
    module, _, function_name = name.partition(".")
    return getattr(importlib.import_module(f"led.{package}.{module}"), function_name)
