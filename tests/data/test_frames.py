"""From times to numbers of frames."""

import numpy as np
import pytest

from led.data import frames


@pytest.mark.parametrize(
    ("end", "count"), [(0, 0), (100, 200), (99.9, 200), (99.5, 199), (100.1, 201), (500.5, 1001)]
)
def test_frames_before(end, count):
    time = np.arange(1001) * 0.5
    assert frames.frames_before(time, end) == count
    assert (time < end - 1e-9).sum() == count
    tenths = np.arange(251) * 0.1  # 0.1 has no exact binary form
    assert frames.frames_before(tenths, 7.0) == 70


def test_warmup_and_forecast_follow_each_other():
    time = 10 + np.arange(251) * 0.1
    assert frames.forecast_frames(time, 7.0, 18.0) == (70, 250)
    assert frames.forecast_frames(time, 7.0) == (70, 251)
    assert frames.forecast_frames(time, 7.0, 18.1) == (70, 251)


def test_a_forecast_that_is_capped_ends_with_the_series():
    time = 10 + np.arange(251) * 0.1
    assert frames.forecast_frames(time, 7.0, 1000.0, capped=True) == (70, 251)
    assert frames.forecast_frames(time, 7.0, 5.0, capped=True) == (70, 120)


@pytest.mark.parametrize(
    ("warmup", "horizon", "message"),
    [
        (0.0, None, "warmup: found 0, expected 0.1 to 25"),
        (25.1, None, "warmup: found 25.1, expected 0.1 to 25"),
        (7.0, 18.2, "horizon: found 18.2, expected 0.1 to 18.1"),
        (7.0, 0.0, "horizon: found 0, expected 0.1 to 18.1"),
    ],
)
def test_what_does_not_fit_a_sample_is_rejected(warmup, horizon, message):
    with pytest.raises(ValueError, match=message):
        frames.forecast_frames(np.arange(251) * 0.1, warmup, horizon)
