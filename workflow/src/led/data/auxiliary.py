"""Auxiliary variables of a file of a user: those besides the states, which may be inputs."""

import warnings

from led.data.formats import NUMBERS
from led.jobs.runtime import ResultWarning


def of_samples(dataset, variables):
    """Return a dataset of one sample whose other numbers belong to it: they may be inputs.

    Those of several samples are left as they are.
    """
    if dataset.sizes.get("sample", 1) > 1:
        return dataset
    space = set(dataset[variables[0]].dims) - {"time"}
    own = {
        name: array.set_dims({"sample": 1, **array.sizes})
        for name, array in dataset.variables.items()
        if name not in {*variables, *dataset.dims}
        and array.dtype.kind in NUMBERS
        and (not array.dims or ("time" in array.dims and array.ndim <= 2))
        and not space & set(array.dims)
    }
    return dataset.assign_coords({n: a for n, a in own.items() if n in dataset.coords}).assign(
        {n: a for n, a in own.items() if n not in dataset.coords}
    )


def possible_inputs(dataset, variables):
    """Return the variables that may be an input: numbers of samples or times, or rows of them."""
    space = set(dataset[variables[0]].dims) - {"sample", "time"}
    return [
        name
        for name, array in dataset.data_vars.items()
        if name not in variables
        and {"sample", "time"} & set(array.dims)
        and len(set(array.dims) - {"sample", "time"}) <= 1
        and not space & set(array.dims)
        and array.dtype.kind in NUMBERS
    ]


def report(path, dataset, variables, kept, used):
    """Report what a file holds besides the states and their dimensions."""
    bounds = {dataset[name].attrs.get("bounds") for name in dataset.coords}
    unused = {
        name: dataset[name].dims
        for name in dataset.variables
        if name not in (*variables, *dataset[variables[0]].dims) and name not in bounds
    }
    if unused:
        listed = [f"{name} ({', '.join(dims)})" for name, dims in unused.items()]
        print(f"no state, but inputs may name what samples have: {', '.join(listed)}", flush=True)
    moving = [name for name, dims in unused.items() if "time" in dims and name not in used]
    if moving:
        possible = [name for name in moving if name in kept]
        message = (
            f"{path}: {', '.join(moving)} depends on time and is not used: the networks do not "
            "see it"
            + f"; inputs: [{', '.join(possible)}] in an experiment gives it to them"
            * bool(possible)
        )
        warnings.warn(message, ResultWarning, stacklevel=2)
