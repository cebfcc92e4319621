"""What machine code of all methods shares: points of any number of components, and the disk.

A state is a tuple of arrays, one a component and with one axis: only then loops over the points are
vectorised. What follows works on tuples of any length, as each call is compiled for its types.
"""

import inspect
from functools import cache
from numbers import Number

import numpy as np
from numba import njit, types
from numba.extending import overload, register_jitable

from led.jobs import provenance

OPTIONS = {"error_model": "numpy"}  # a division by zero is not finite, but no exception


def numbers(problem, shape):
    """Return the parameters of a system, and what `prepare` made of each sample, by name.

    Parameters
    ----------
    problem : led.systems.base.Problem
    shape : tuple of int
        ``(sample, *grid)``.

    Returns
    -------
    record
        Attributes are those parameters that are numbers.
    ndarray of records, shape (sample,) or (sample, point)
        The former where all samples have numbers, the same at all points.
    """
    system, prepared = problem.system, problem.prepared
    number = {name: 1 if name in system.shared else shape[0] for name in prepared}
    given = {name: value for name, value in vars(system).items() if isinstance(value, Number)}
    parameters = _records(given, ())[()]
    if all(np.size(values) == number[name] for name, values in prepared.items()):
        flat = {name: np.reshape(values, number[name]) for name, values in prepared.items()}
        return parameters, _records(flat, shape[:1])
    wide = {}
    for name, values in prepared.items():
        missing = 0 if name in system.shared else len(shape) - np.ndim(values)
        wide[name] = np.reshape(values, np.shape(values) + (1,) * missing)
    return parameters, _records(wide, shape).reshape(shape[0], -1)


def _records(values, shape):
    """Return numbers by name as an array of records: machine code reads them by name, too."""
    records = np.empty(shape, [(name, float) for name in values])
    for name, entries in values.items():
        records[name] = entries
    return records


@cache
def cached(make, *equations):
    """Return a time loop in machine code, as kept on disk or compiled.

    Numba compares the file of the loop with what it has on disk, but not the files of the
    equations and of what the loop calls, nor the values of their modules, which machine code keeps.
    The digests and the values are a variable of the loop, and so a part of the key.

    Parameters
    ----------
    make : callable
        Takes the equations and returns the loop, a function that refers to a variable `sources`.
    *equations : function
        Methods of a system.
    """
    files = [function.__code__.co_filename for function in equations]
    sources = str([provenance.digest(make.__code__.co_filename, *files), *map(_kept, equations)])
    for function in equations:
        register_jitable(**OPTIONS)(function)
    march = make(sources, *equations)
    try:
        return njit(cache=True, **OPTIONS)(march)
    except RuntimeError:  # no folder can be written, neither here nor the user's
        return njit(**OPTIONS)(march)


def _kept(function, seen=()):
    """Return the values outside of a function that machine code keeps, as a text."""
    there, found = inspect.getclosurevars(function), []
    values = there.globals | there.nonlocals
    for module in filter(inspect.ismodule, [*values.values()]):
        names = set(function.__code__.co_names) & vars(module).keys()
        values |= {f"{module.__name__}.{name}": getattr(module, name) for name in names}
    for name, value in sorted(values.items()):
        value = getattr(value, "py_func", value)  # of a function that is compiled already
        if isinstance(value, np.ndarray):
            value = value.dtype.str, value.shape, value.tobytes()
        elif inspect.isfunction(value):
            value = None if value in seen else _kept(value, (*seen, function))
        elif not isinstance(value, (Number, str, tuple)):
            continue  # no other value can be kept, and its text may change from run to run
        found.append((name, repr(value)))
    return str(found)


def at(entries, point):
    """Return the numbers of a point: those of all points, or its own."""


@overload(at, jit_options=OPTIONS)
def _at(entries, point):
    if isinstance(entries, types.Record):
        return lambda entries, point: entries
    return lambda entries, point: entries[point]


def rows(array, like, first=0):
    """Return the rows of an array from one on, as a tuple as long as `like`."""


@overload(rows, jit_options=OPTIONS)
def _rows(array, like, first=0):
    if len(like) == 1:
        return lambda array, like, first=0: (array[first],)
    return lambda array, like, first=0: (array[first], *rows(array, like[1:], first + 1))


def gather(arrays, point):
    """Return the values at a point, one an array."""


@overload(gather, jit_options=OPTIONS)
def _gather(arrays, point):
    if len(arrays) == 1:
        return lambda arrays, point: (arrays[0][point],)
    return lambda arrays, point: (arrays[0][point], *gather(arrays[1:], point))


def put(arrays, point, values):
    """Set the values at a point, one an array."""


@overload(put, jit_options=OPTIONS)
def _put(arrays, point, values):
    if len(arrays) == 0:
        return lambda arrays, point, values: None

    def put_first(arrays, point, values):
        arrays[0][point] = values[0]
        put(arrays[1:], point, values[1:])

    return put_first


def keep(frame, point, values, component=0):
    """Set the values at a point of a frame, shape (point, component), from a component on."""


@overload(keep, jit_options=OPTIONS)
def _keep(frame, point, values, component=0):
    if len(values) == 0:
        return lambda frame, point, values, component=0: None

    def keep_first(frame, point, values, component=0):
        frame[point, component] = values[0]
        keep(frame, point, values[1:], component + 1)

    return keep_first
