"""What the figures share: colours, names, labels, and how they are saved."""

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np

from led.data import units
from led.jobs import files

# Okabe and Ito's colours, which the colour-blind can distinguish
TRUTH, FORECAST = "#000000", "#D55E00"
OTHERS = ["#0072B2", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"]
WARMUP = {"color": "#BBBBBB", "alpha": 0.4, "linewidth": 0}
STYLE = {"figure.dpi": 130, "axes.grid": True, "grid.alpha": 0.3, "font.size": 10}
ACROSS = ("x", "lon", "long", "longitude")  # next to a dimension of any other name
DIVERGING = "RdBu_r"  # zero is white
ONE_SIGN = 0.01  # of the largest value: less of the other sign does not count
IMAGES = STYLE | {"axes.grid": False}

# variables of a forecast: what they are called, and how their lines look
NAMES = {
    "truth": "truth",
    "prediction": "LED forecast",
    "reconstruction": "reconstruction",
    "reconstruction_smooth": "reconstruction, latents smoothed",
}
LINES = {
    "truth": {"color": TRUTH},
    "prediction": {"color": FORECAST, "linestyle": "--"},
    # wide below and narrow above, since they lie on each other
    "reconstruction": {"color": OTHERS[0], "linewidth": 3, "alpha": 0.5},
    "reconstruction_smooth": {"color": FORECAST, "linewidth": 1},
}


def save(figure, paths):
    """Write a figure into each of some files; their suffixes choose the format."""
    for path in paths:
        with files.moved_into_place(path) as temporary:
            figure.savefig(temporary)


def grid_of(array):
    """Return the dimensions of space of a state, ``()`` without a grid."""
    return tuple(d for d in array.dims if d not in ("sample", "time", "component"))


def sides_of(frame):
    """Return the dimensions of a plane that lie across and up: x and longitudes lie across."""
    first, second = grid_of(frame)
    return (second, first) if str(second).lower() in ACROSS else (first, second)


def looks_of(truth):
    """Return how images of the truth, of what is compared with it, and of the difference look.

    A field that changes its sign has a scale about zero, which the difference shares. One of one
    sign has a scale over its range.
    """
    low, high = float(truth.min()), float(truth.max())
    largest = max(abs(low), abs(high))
    if low < -ONE_SIGN * largest and high > ONE_SIGN * largest:
        return 3 * [{"cmap": DIVERGING, "vmin": -largest, "vmax": largest}]
    reach = (high - low) or largest or 1.0
    field = {"cmap": "viridis", "vmin": low, "vmax": high if high > low else low + reach}
    return [field, field, {"cmap": DIVERGING, "vmin": -reach, "vmax": reach}]


def colours(count):
    """Return so many colours, from dark to light, that also differ in grey."""
    return plt.get_cmap("viridis")(np.linspace(0, 0.9, count))


def cell_of(array, point):
    """Return the series in one cell of the grid, and where the cell lies.

    Parameters
    ----------
    array : xarray.DataArray or xarray.Dataset
    point : sequence of int
        Indices along the grid; empty without one.
    """
    cell = array.isel(dict(zip(grid_of(array), point, strict=True)))
    return cell, ", ".join(f"{d} = {float(cell[d]):g}" for d in grid_of(array))


def with_numbers(states, point):
    """Return the cell next to a point that is not missing: see `led.data.missing`.

    Parameters
    ----------
    states : xarray.DataArray
        (sample, time, *grid, component), or of one sample.
    point : sequence of int
    """
    first = states.isel({d: 0 for d in ("sample", "time") if d in states.dims})
    there = np.argwhere(first.notnull().all("component").transpose(*grid_of(states)).values)
    return there[np.abs(there - np.array(point)).sum(axis=1).argmin()].tolist() if point else []


def labelled(name, coordinate):
    """Return the name of an axis with the unit of what it shows."""
    unit = unit_of(coordinate)
    return f"{name} [{unit}]" if unit else name


def lasting(name, time):
    """Return the name of an axis of durations with their unit: days, not days since a date."""
    unit = unit_of(time).partition(" since ")[0]
    return f"{name} [{unit}]" if unit else name


def instant(time):
    """Return the text of one time. Its digits show each hour of a century."""
    return f"t = {float(time):.8g} {unit_of(time).partition(' since ')[0]}".rstrip()


def unit_of(coordinate):
    """Return the unit of a coordinate; nothing where it is a plain number."""
    unit = units.unit_of(coordinate)
    return "" if unit == "1" else unit


def component_label(array, component):
    """Return the name of a component with its unit, from the attributes of a state."""
    unit = units.units_of(array)[str(component)]
    return str(component) if unit == "1" else f"{component} [{unit}]"


def edges_of(coordinate):
    """Return the edges of the cells around the points, one more than points.

    They lie in the middle between two points, and as far beyond the first and the last.
    """
    points = np.asarray(coordinate, float)
    if len(points) == 1:
        return points[0] + np.array([-0.5, 0.5])
    middle = (points[1:] + points[:-1]) / 2
    return np.concatenate([[2 * points[0] - middle[0]], middle, [2 * points[-1] - middle[-1]]])
