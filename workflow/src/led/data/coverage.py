"""How many samples an interval takes that is calibrated on them."""

import math


def share_within(level, samples):
    """Return which share of the calibration lies within intervals that hold `level` of new samples.

    It is level (n + 1) / n with n samples: the new one counts as if it lay outside. See
    `led.surrogate.calibration`.
    """
    return level * (samples + 1) / samples


def fewest_samples(level):
    """Return the smallest number of samples whose `share_within` is not above one."""
    return math.ceil(level / (1 - level) - 1e-9)
