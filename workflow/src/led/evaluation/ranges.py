"""Forecasts that leave the range of the training data."""

import warnings

import numpy as np
import xarray as xr

from led.evaluation.errors import CONSTANT, append_all
from led.jobs.runtime import ResultWarning

RANGE_FACTOR = 1.5  # how much farther than the training data a forecast may reach
SAME = 0.01  # how far a forecast of a component that is constant in training may lie off


def extremes(state):
    """Return the lowest and the highest value of each component, sample by sample.

    Parameters
    ----------
    state : xarray.DataArray
        (sample, time, *grid, component); may be a file that is not read yet.

    Returns
    -------
    lowest, highest : xarray.DataArray, (component,)
    """
    rest = [d for d in state.dims if d not in ("sample", "component")]
    ends = []
    for sample in range(state.sizes["sample"]):
        values = state.isel(sample=sample, drop=True).load()
        ends.append((values.min(rest), values.max(rest)))
    lowest, highest = (xr.concat(values, "sample") for values in zip(*ends, strict=True))
    return lowest.min("sample"), highest.max("sample")


def out_of_range(prediction, lowest, highest):
    """Say which forecasts leave the range of the training data by more than a factor.

    A value does if its distance from the middle of the range is more than 1.5 times that of the
    range's ends. Such a state was never seen in training, so nothing supports the forecast. A
    component that is constant in training may lie 1 % of its value off.

    Parameters
    ----------
    prediction : xarray.DataArray
        Dimensions (sample, time, *grid, component).
    lowest, highest : xarray.DataArray, (component,)
        As `extremes` returns them.

    Returns
    -------
    xarray.DataArray of bool, (sample, component)
        Also for all components together: whether any of them does.
    """
    rest = [d for d in prediction.dims if d not in ("sample", "component")]
    middle, reach = (highest + lowest) / 2, (highest - lowest) / 2
    size = np.maximum(abs(lowest), abs(highest))
    constant = SAME * size.where(size > 0, 1.0)
    allowed = (RANGE_FACTOR * reach).where(reach > CONSTANT * size, constant)
    beyond = (np.abs(prediction - middle) > allowed).any(rest)
    return append_all(beyond, beyond.any("component"))


def warn_out_of_range(name, flags, lowest, highest):
    """Warn of the samples that `out_of_range` flags, one `ResultWarning` a component."""
    for component in lowest["component"].values:
        chosen = flags.sel(component=component)
        if chosen.any():
            warnings.warn(
                f"{name}: the forecasts of the samples {chosen['sample'].values[chosen].tolist()} "
                f"leave the range of the training data in {component} "
                f"({lowest.sel(component=component):.4g} to "
                f"{highest.sel(component=component):.4g}) by more than {RANGE_FACTOR} times",
                ResultWarning,
                stacklevel=2,
            )
