"""Classes by name: the name in config.yaml is the name of the file that holds the class."""

import importlib


def create(base, name, **options):
    """Make the `base` that the file `name`.py beside it defines.

    A new system, solver, autoencoder or forecaster is one new file: nothing has to be registered.

    Parameters
    ----------
    base : type
        Abstract class of the role, e.g. `led.systems.base.System`.
    name : str
        Name of a module in the package of `base`, e.g. ``"van_der_pol"``.
    **options
        Arguments of the class.

    Raises
    ------
    TypeError
        If the module does not define exactly one subclass of `base`.
    """
    package = base.__module__.rpartition(".")[0]
    module = importlib.import_module(f"{package}.{name}")
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
    return found[0](**options)
