"""Times of files: equal steps, as far as the numbers that hold them can show."""

import numpy as np
import pytest

from led.data import units
from led.data.times import read, regular


@pytest.mark.parametrize("start", [0.0, 1000.0])
@pytest.mark.parametrize("step", [0.1, 0.01, 1 / 3])
def test_rounded_times_get_the_step_that_was_rounded(start, step):
    """At 1000 the numbers of float32 lie 6e-5 apart, so that steps of 0.01 differ by 0.6 %."""
    exact = start + step * np.arange(121)
    found = regular(exact.astype(np.float32))
    digits = 1e-12 if step < 1 / 3 else 1e-6
    np.testing.assert_allclose(np.diff(found), step, rtol=digits if start == 0 else 2e-4)
    assert np.ptp(np.diff(found)) < 1e-9
    np.testing.assert_array_equal(regular(exact), exact)


def test_a_short_decimal_is_found_from_any_start():
    steps = [regular((t + 0.1 * np.arange(200)).astype(np.float32)) for t in (0, 20, 1000)]
    for times in steps:
        assert np.diff(times).mean() == pytest.approx(0.1, rel=1e-9)


@pytest.mark.parametrize("unit", [1e-12, 1.0, 1e12])
def test_unequal_steps_are_refused_in_any_unit(unit):
    for times in ([1, 4, 1, 14], [0, 1, 4, 5], [0, 1, 2, 3.001]):
        for kind in (np.float64, np.float32):
            with pytest.raises(ValueError, match="found time steps from"):
                regular(np.array(times, kind) * kind(unit))
    np.testing.assert_allclose(np.diff(regular(unit * np.arange(4.0))), unit)


def test_months_have_like_days():
    """Their ends and middles differ by a few days; other dates are no months."""
    attributes = {"units": "days since 1999-12-31", "calendar": "noleap"}
    ends = np.cumsum([31, 28, 31, 30, 31, 30]).astype(float)
    found, named = read(ends, attributes)
    np.testing.assert_array_equal(found, np.arange(6))
    assert named == {"units": "months"}
    apart = np.array([1.0, 59.0, 60.0, 120.0, 121.0, 181.0])  # 1 Jan, 28 Feb, 1 Mar, 30 Apr
    with pytest.raises(ValueError, match="found time steps from 1 to 60"):
        read(apart, attributes)


def test_a_stated_step_replaces_rounded_times():
    times = np.array([0.0, 0.33, 0.67, 1.0, 1.33])
    with pytest.raises(ValueError, match="state it as dt"):
        regular(times)
    np.testing.assert_allclose(regular(times, 1 / 3), np.arange(5) / 3)
    with pytest.raises(ValueError, match=r"found dt 0\.5, expected 0\.33, the step of its times"):
        regular(times, 0.5)
    with pytest.raises(ValueError, match="found dt 1e-12"):
        regular(np.array([1, 4, 1, 14]) * 1e-12, 1e-12)


def test_a_stated_step_hides_no_gap_of_times_that_are_not_rounded():
    """Seconds since 1970: float32 would round them to 128, float64 does not."""
    times = 1.7e9 + 60.0 * np.delete(np.arange(40), 20)
    for dt in (60.0, 62.0):
        with pytest.raises(ValueError, match="found dt"):
            regular(times, dt)
    whole = 1.7e9 + 60.0 * np.arange(40)
    np.testing.assert_array_equal(regular(whole, 60.0), whole)


def test_a_unit_has_several_names():
    for same in (("h", "hours since 1990-01-01"), ("hrs", "hour"), ("s", "secs"), ("1", "days")):
        units.check_time(*same)
    for other in (("m", "ms"), ("days", "hours"), ("s", "ms")):
        with pytest.raises(ValueError, match=f"time: found the unit '{other[0]}', expected"):
            units.check_time(*other)
    for same in (("m/s", "m s**-1"), ("m s-1", "s^-1 m"), ("Celsius", "degC"), ("kg/m3", "kg m-3")):
        units.check_states(*({"u": unit} for unit in same))
    with pytest.raises(ValueError, match="u: found the unit 'm/s2', expected 'm s-1'"):
        units.check_states({"u": "m/s2"}, {"u": "m s-1"})
