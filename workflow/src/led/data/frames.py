"""From times to numbers of frames."""

import math
import sys

LONG_RUN = 32  # frames that the statistics of a forecast need


def frames_until(time, interval):
    """Return how many frames, from t = 0 on, lie before `time`, rounding errors aside."""
    return math.ceil(min(time / interval - 1e-6, sys.maxsize))  # infinite for a tiny interval


def whole_steps(frames, stride):
    """Round a number of frames up to whole steps of a network."""
    return -(-frames // stride) * stride


def frames_before(time, end):
    """Return how many of the equally spaced times lie before `end`, rounding errors aside."""
    return min(len(time), max(0, frames_until(end - time[0], time[1] - time[0])))


def frames_within(start, step, count, interval):
    """Return the first frame of an interval of time, and the one behind its last.

    Parameters
    ----------
    start, step : float
        First of the times of a series, and their distance.
    count : int
        Number of these times.
    interval : sequence of two float
        The frames at the first time or later that lie before the second, rounding errors aside.

    Raises
    ------
    ValueError
        If it holds less than two frames, or leaves the times.
    """
    first, stop = (frames_until(edge - start, step) for edge in interval)
    if first < 0 or stop > count or stop - first < 2:
        last = start + step * (count - 1)
        raise ValueError(
            f"found the times {start:g} to {last:g} in steps of {step:g}, expected two or more "
            f"from {interval[0]:g} on and before {interval[1]:g}, and none missing"
        )
    return first, stop


def share_of(count, share):
    """Return the first of `count` samples or frames that belong to a share, and the one behind it.

    Parameters
    ----------
    count : int
    share : sequence of two float
        Where it begins and ends, as parts of the whole.
    """
    return tuple(round(count * edge) for edge in share)


def frames_apart(step, interval):
    """Return every how many-th frame, `step` apart, lies on times that are `interval` apart.

    Raises
    ------
    ValueError
        If `interval` is not a multiple of `step`.
    """
    every = round(interval / step)
    if every < 1 or abs(every * step - interval) > 1e-6 * interval:
        raise ValueError(
            f"time: found a step of {step:g}, expected {interval:g}, that of the training samples, "
            "or a whole fraction of it"
        )
    return every


def phases(micro, ratio, interval, stride=1):
    """Return the frames of a macro phase and of a micro phase.

    Parameters
    ----------
    micro : float
        Time of a micro phase.
    ratio : float
        Time of a macro phase over that.
    interval : float
        Time between two frames.
    stride : int
        Frames of a step of the networks.

    Raises
    ------
    ValueError
        If one of the two is no multiple of such a step: between steps a state is interpolated,
        which is not exact enough for a solver.
    """
    found, step = [], stride * interval
    for name, time in {"ratio": ratio * micro, "micro": micro}.items():
        steps = round(time / step)
        if steps < 1 or abs(steps * step - time) > 1e-6 * time:
            raise ValueError(
                f"{name}: found phases of {time:g}, expected a multiple of {step:g}, the time of a "
                "step of the networks"
            )
        found.append(steps * stride)
    return tuple(found)


def chosen_frames(start, step, count, every=None, times=None):
    """Return the numbers of the frames of a forecast that are asked for, ascending.

    Parameters
    ----------
    start, step : float
        First of the times of the forecast, and their distance.
    count : int
        Number of these times.
    every : int, optional
        Every how many-th frame, counted from the last one that is known.
    times : sequence of float, optional
        The times themselves. All frames without both.

    Raises
    ------
    ValueError
        If there is no such frame.
    """
    if times is None:
        every = every or 1
        if every > count:
            raise ValueError(
                f"every: found {every}, expected at most {count}, the frames of the forecast"
            )
        return list(range(every - 1, count, every))
    found = set()
    for time in times:
        frame = round((time - start) / step)
        if not 0 <= frame < count or abs(start + frame * step - time) > 1e-3 * step:
            raise ValueError(
                f"times: found {time:g}, expected times of the forecast: {start:g} to "
                f"{start + (count - 1) * step:g} in steps of {step:g}"
            )
        found.add(frame)
    return sorted(found)


def forecast_frames(time, warmup, horizon=None, capped=False):
    """Return the number of frames of the warm-up, and of the warm-up and the forecast together.

    Parameters
    ----------
    time : ndarray
        Equally spaced.
    warmup : float
        The frames before this time, counted from the first frame, are known.
    horizon : float, optional
        Length of the forecast; to the end of the series without it.
    capped : bool
        Whether a forecast that would go beyond the series ends with it instead.

    Raises
    ------
    ValueError
        If one of the two is empty or goes beyond the series.
    """
    known = frames_before(time, time[0] + warmup)
    step, length = time[1] - time[0], len(time)
    if not 1 <= known < length or warmup > length * step:
        raise ValueError(
            f"warmup: found {warmup:g}, expected {step:g} to {(length - 1) * step:g}, within a "
            "sample of the dataset"
        )
    if horizon is None:
        return known, length
    stop = frames_before(time, time[0] + warmup + horizon)
    if stop == known or (not capped and warmup + horizon > (length + 1e-6) * step):
        raise ValueError(
            f"horizon: found {horizon:g}, expected {step:g} to {(length - known) * step:g}, what "
            "the warm-up leaves of a sample"
        )
    return known, stop
