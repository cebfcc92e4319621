"""Random fields and fronts: statistics against formulas, and the same field on any grid."""

import numpy as np
import pytest

from led.systems.fields import front, gaussian_process, noise

KINDS = {
    "noise": lambda rng, points, lengths, **options: noise(rng, points, lengths, 4, **options),
    "process": lambda rng, points, lengths, **options: gaussian_process(
        rng, points, lengths, 0.3, **options
    ),
}


def rng(seed=0):
    return np.random.default_rng(seed)


@pytest.mark.parametrize("draw", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("periodic", [True, False])
@pytest.mark.parametrize("dimensions", [1, 2, 3])
def test_a_stream_draws_the_same_field_on_any_grid(draw, periodic, dimensions):
    lengths = [2.0, 1.0, 1.5][:dimensions]
    fine = draw(rng(), [np.arange(12) * length / 12 for length in lengths], lengths)
    coarse = draw(rng(), [np.arange(4) * length / 4 for length in lengths], lengths)
    assert fine.shape == (12,) * dimensions
    np.testing.assert_allclose(fine[(slice(None, None, 3),) * dimensions], coarse, atol=1e-12)


@pytest.mark.parametrize("draw", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("periodic", [True, False])
def test_a_point_has_mean_zero_and_variance_one(draw, periodic):
    points, lengths = [np.array([0.0, 0.7]), np.array([0.2])], [2.0, 1.0]
    stream = rng()
    drawn = np.array([draw(stream, points, lengths, periodic=periodic) for _ in range(4000)])
    np.testing.assert_allclose(drawn.mean(axis=0), 0, atol=4 / np.sqrt(4000))
    np.testing.assert_allclose(drawn.var(axis=0), 1, atol=4 * np.sqrt(2 / 4000))


@pytest.mark.parametrize("draw", KINDS.values(), ids=KINDS)
def test_only_a_periodic_field_continues_through_the_ends(draw):
    ends = [np.array([0.0, 2.0])]
    first, last = draw(rng(), ends, [2.0], periodic=True)
    assert first == pytest.approx(last)
    first, last = draw(rng(), ends, [2.0], periodic=False)
    assert abs(first - last) > 0.1


def test_noise_has_a_flat_spectrum_up_to_its_cutoff():
    points, stream = [np.arange(16) / 16, np.arange(32) / 16], rng()
    power = np.mean(
        [np.abs(np.fft.fft2(noise(stream, points, [1.0, 2.0], 3.0))) ** 2 for _ in range(600)],
        axis=0,
    )
    k = np.hypot(np.fft.fftfreq(16, 1 / 16)[:, None], np.fft.fftfreq(32, 1 / 32))
    inside = (k > 0) & (k <= 3)
    assert power[~inside].max() < 1e-20 * power[inside].min()
    np.testing.assert_allclose(power[inside] / power[inside].mean(), 1, atol=5 / np.sqrt(600))


def test_noise_needs_a_wave():
    with pytest.raises(ValueError, match=r"^cutoff: found 0.5, expected at least one wave"):
        noise(rng(), [np.arange(4)], [4.0], 0.5)


def test_a_gaussian_process_has_the_covariance_that_it_states():
    """Along a line of a plane, and across it; images do not count where it is not periodic."""
    points = [np.array([0.0, 0.2, 0.5, 1.0]), np.array([0.0, 0.3])]
    stream, count = rng(), 4000
    drawn = np.array([gaussian_process(stream, points, [1.0, 1.0], 0.3) for _ in range(count)])
    x, y = (c.ravel() for c in np.meshgrid(*points, indexing="ij"))
    squares = (x[:, None] - x) ** 2 + (y[:, None] - y) ** 2
    found = np.cov(drawn.reshape(count, -1), rowvar=False)
    np.testing.assert_allclose(found, np.exp(-squares / (2 * 0.3**2)), atol=4.5 / np.sqrt(count))


def test_a_periodic_gaussian_process_has_the_covariance_of_its_images():
    points, stream, count = [np.array([0.0, 0.25, 0.5])], rng(), 4000
    drawn = np.array(
        [gaussian_process(stream, points, [1.0], 0.3, periodic=True) for _ in range(count)]
    )
    images = np.arange(-9, 10)
    covariance = [np.exp(-((r - images) ** 2) / (2 * 0.3**2)).sum() for r in (0, 0.25, 0.5)]
    found = np.cov(drawn, rowvar=False)[0]
    np.testing.assert_allclose(found, np.array(covariance) / covariance[0], atol=0.07)


def test_a_front_is_a_tanh_of_the_distance_from_its_plane():
    points = [np.linspace(0, 1, 5), np.linspace(0, 2, 3)]
    found = front(points, (0.5, 1.0), (3.0, 4.0), 0.2)
    distance = 0.6 * (points[0][:, None] - 0.5) + 0.8 * (points[1] - 1.0)
    np.testing.assert_allclose(found, np.tanh(distance / 0.2))
    many = front(points, (np.array([0.5, 0.1]), 1.0), (3.0, 4.0), np.array([0.2, 0.3]))
    assert many.shape == (2, 5, 3)
    np.testing.assert_allclose(many[0], found)
