"""Times of the frames of a file: equally spaced, as far as its numbers can show.

Dates are numbers with a unit and a calendar, as files store them: ``days since 1850-01-01``. Months
and years are no equal numbers of days, so their number is the time.
"""

import numpy as np

TOLERANCE = 1e-4  # of a step, between times that are exact
STATED = 0.1  # of a step, between times and a `dt` that the configuration states


MONTHS = "months"
A_YEAR = 12
APART = 3  # days of the month: their middles and ends differ


def read(times, attributes, dt=None):
    """Return equally spaced times and their attributes.

    Parameters
    ----------
    times : ndarray
    attributes : dict
        ``units``, and for dates ``calendar``.
    dt : float, optional
        The step, where it is stated.

    Returns
    -------
    times : ndarray
        As `regular` returns them; of dates that are whole months apart, and not equally spaced in
        days, the number of months since the first. Their days of the month may differ by `APART`.
    attributes : dict

    Raises
    ------
    ValueError
        As `regular`.
    """
    try:
        return regular(times, dt), attributes
    except ValueError:
        if dt is not None or (numbers := _months(times, attributes)) is None:
            raise
    kept = {key: value for key, value in attributes.items() if key not in ("units", "calendar")}
    return numbers, kept | {"units": MONTHS}


def _months(times, attributes):
    """Return the months since the first date, or None where they are not equally spaced."""
    import cftime

    units, calendar = str(attributes.get("units", "")), attributes.get("calendar", "standard")
    if " since " not in units or len(times) < 2:
        return None
    try:
        dates = cftime.num2date(times, units, calendar)
    except (ValueError, OverflowError):
        return None
    if np.ptp([date.day for date in dates]) > APART:
        return None
    numbers = np.array([A_YEAR * date.year + date.month for date in dates], float)
    steps = np.diff(numbers)
    return numbers - numbers[0] if (steps == steps[0]).all() and steps[0] > 0 else None


def regular(times, dt=None):
    """Return equally spaced times.

    Numbers that float32 holds may be rounded: they are replaced by the shortest step that explains
    them. Others are returned as they are.

    Parameters
    ----------
    times : ndarray
    dt : float, optional
        The step, where it is stated.

    Raises
    ------
    ValueError
        If there are fewer than two, or their steps differ.
    """
    if len(times) < 2:
        raise ValueError(f"found {len(times)} times, expected two or more")
    if times.dtype.kind not in "fiu":
        raise ValueError(f"found times of {times.dtype}, expected numbers")
    values, numbers = times.astype(float), np.arange(len(times))
    if dt is not None:
        stated = values[0] + dt * numbers
        if not np.abs(values - stated).max() <= STATED * dt + _rounding(values):
            raise ValueError(
                f"found dt {dt:g}, expected {values[1] - values[0]:g}, the step of its times"
            )
        return stated
    if times.dtype.kind == "f" and (values == values.astype(np.float32)).all():
        step = (values[-1] - values[0]) / (len(values) - 1)
        rounding = _rounding(values)
        for digits in range(2, 18) if step > rounding else ():
            line = values[0] + float(f"{step:.{digits}g}") * numbers
            if np.abs(values - line).max() <= rounding:
                return line
    steps = np.diff(values)
    if steps[0] > 0 and (np.abs(steps - steps[0]) <= TOLERANCE * steps[0]).all():
        return times
    raise ValueError(
        f"found time steps from {steps.min():g} to {steps.max():g}, expected one that is the same "
        "throughout, and larger than zero; where only rounding differs, state it as dt"
    )


def _rounding(values):
    """Return how far apart numbers are at the largest of some values, of the type that holds them.

    That is float32 where it holds all of them.
    """
    narrow = values.astype(np.float32)
    largest = np.abs(narrow if (values == narrow).all() else values).max()
    return float(np.spacing(largest))
