"""Smoothing: right on polynomials, blind to the future and to other samples."""

import numpy as np
import pytest
import xarray as xr
from scipy.signal import savgol_filter

from led.surrogate.smoothing import smooth, smooth_split


def test_polynomials_of_the_order_pass_unchanged():
    t = np.linspace(-1, 1, 40)
    latents = np.stack([1 + t - 2 * t**2, t**2], axis=-1)[None]
    np.testing.assert_allclose(smooth(latents, 9, 2, known=15), latents, atol=1e-12)
    cubic = (t**3)[None, :, None]
    assert np.abs(smooth(cubic, 9, 2, known=15) - cubic).max() > 1e-4


def test_an_even_window_would_shift_and_is_refused():
    with pytest.raises(ValueError, match="found 6, expected an odd number"):
        smooth(np.zeros((1, 30, 1)), 6, 2, known=10)


def test_an_inner_value_is_the_published_weighted_mean():
    """Savitzky and Golay's weights for five points and order two: (-3, 12, 17, 12, -3) / 35."""
    latents = np.random.default_rng(0).normal(size=(1, 20, 1))
    smoothed = smooth(latents, 5, 2, known=10)
    expected = latents[0, 3:8, 0] @ [-3, 12, 17, 12, -3] / 35
    assert smoothed[0, 5, 0] == pytest.approx(expected)


def test_the_warmup_does_not_see_what_follows():
    rng = np.random.default_rng(1)
    latents = rng.normal(size=(3, 50, 2))
    changed = latents.copy()
    changed[:, 20:] = rng.normal(size=(3, 30, 2))
    before, after = (smooth(values, 7, 2, known=20) for values in (latents, changed))
    np.testing.assert_array_equal(before[:, :20], after[:, :20])
    np.testing.assert_array_equal(before[:, :20], smooth(latents[:, :20], 7, 2, known=20))
    assert (before[:, 20:] != after[:, 20:]).all()


@pytest.mark.parametrize("known", [0, 20])
def test_one_part_may_be_empty(known):
    """Then all of the series is smoothed at once, as by scipy."""
    latents = np.random.default_rng(4).normal(size=(2, 20, 3))
    expected = savgol_filter(latents, 5, 2, axis=1)
    np.testing.assert_array_equal(smooth(latents, 5, 2, known=known), expected)


def test_samples_are_smoothed_one_by_one():
    latents = np.random.default_rng(2).normal(size=(3, 30, 2))
    together = smooth(latents, 7, 2, known=10)
    for sample in range(3):
        alone = smooth(latents[sample : sample + 1], 7, 2, known=10)
        np.testing.assert_array_equal(together[sample : sample + 1], alone)


def test_a_window_longer_than_a_part_is_refused():
    message = (
        "^smoothing.window: found 11 frames, expected at most 10, the length of what is smoothed$"
    )
    with pytest.raises(ValueError, match=message):
        smooth(np.zeros((1, 30, 1)), 11, 2, known=10)
    assert smooth(np.zeros((1, 30, 1)), 9, 2, known=9).shape == (1, 30, 1)


def test_a_split_keeps_its_coordinates():
    values = np.random.default_rng(3).normal(size=(2, 40, 1)).astype(np.float32)
    latents = xr.Dataset(
        {"latents": (("sample", "time", "latent"), values)},
        coords={"time": np.arange(40) * 0.5, "firing_x": ("sample", [0.1, 0.2])},
    )
    assert smooth_split(latents, None, 10.0) is latents
    smoothed = smooth_split(latents, {"window": 5, "order": 2}, 10.0)
    np.testing.assert_array_equal(smoothed["latents"], smooth(values, 5, 2, known=20))
    assert smoothed["latents"].dtype == np.float32
    xr.testing.assert_identical(smoothed.drop_vars("latents"), latents.drop_vars("latents"))
