"""Statistics of long runs, of series whose histograms, spectra and correlations are known."""

import numpy as np
import pytest
import xarray as xr
from scipy import signal

from led.evaluation import errors, statistics

TIME = 0.5 * np.arange(2000)


def states(values, *grid):
    """(sample, time, *grid) of one component."""
    dims = ("sample", "time", *grid, "component")
    return xr.DataArray(values[..., None], dims=dims, coords={"component": ["u"], "time": TIME})


def compared(found, expected, *grid):
    report = statistics.compare(states(found, *grid), states(expected, *grid), [1.0])
    return {name: values.sel(component="u").values for name, values in report.items()}


def test_the_distance_of_histograms_is_the_share_that_lies_elsewhere():
    """Uniform values, of which a known share is moved beyond the range or to one bin."""
    truth = np.random.default_rng(0).permutation(np.linspace(0, 1, 2000))[None]
    beyond, beside = truth.copy(), truth.copy()
    beyond[0, :500] = 9
    beside[truth < 0.5] = 0.75  # half of all, to a bin that has one fiftieth
    assert compared(truth, truth)["histogram_distance"] == 0
    assert compared(beyond, truth)["histogram_distance"] == pytest.approx(0.25)
    assert compared(beside, truth)["histogram_distance"] == pytest.approx(0.5, abs=0.01)
    assert compared(-1 - truth, truth)["histogram_distance"] == 1


def test_a_phase_changes_no_statistic():
    """But all pointwise errors: sines in opposite phase."""
    wave = 2 * np.pi * TIME / 10
    both = np.sin(wave + np.pi)[None], np.sin(wave)[None]
    assert errors.errors(*map(states, both), [1])["nrmse"].sel(component="u") == pytest.approx(2)
    for name, value in compared(*both).items():
        assert value == pytest.approx(float(name == "deviation_ratio"), abs=2e-3)


@pytest.mark.parametrize("amplitude", [1.1, 0.5])
def test_the_power_of_a_sine_is_that_of_its_amplitude(amplitude):
    wave = 3 + np.sin(2 * np.pi * TIME / 10)[None]
    found = compared(3 + amplitude * (wave - 3), wave)
    assert found["time_spectrum_error"] == pytest.approx(abs(amplitude**2 - 1))
    assert found["autocorrelation_error"] == pytest.approx(0, abs=1e-9)
    assert found["deviation_ratio"] == pytest.approx(amplitude)


def test_weak_modes_are_left_out():
    """A strong and a weak sine: the weak one has 1 % of the energy, its absence goes unseen."""
    strong, weak = np.sin(2 * np.pi * TIME / 10), 0.1 * np.sin(2 * np.pi * TIME / 2.5)
    frequencies, power = statistics.time_spectrum(strong + weak, 0.5)
    assert frequencies[power.argmax()] == pytest.approx(0.1, abs=1 / 256)
    found = frequencies[statistics.energetic(power)]
    np.testing.assert_allclose(found, 0.1, atol=0.02)
    assert compared(strong[None], (strong + weak)[None])["time_spectrum_error"] < 1e-3
    assert compared(weak[None], (strong + weak)[None])["time_spectrum_error"] > 0.99


def test_another_frequency_shows_in_spectrum_and_autocorrelation():
    slow, fast = (np.sin(2 * np.pi * TIME / period)[None] for period in (10, 5))
    found = compared(fast, slow)
    assert found["time_spectrum_error"] == pytest.approx(1, abs=0.01)
    # mean over a period of |cos(t) - cos(2 t)|, by quadrature
    t = np.linspace(0, 2 * np.pi, 100001)
    expected = np.abs(np.cos(t) - np.cos(2 * t)).mean()
    assert found["autocorrelation_error"] == pytest.approx(expected, rel=0.02)


def test_the_autocorrelation_is_that_of_an_autoregressive_series():
    """x' = 0.9 x + noise has 0.9^lag."""
    noise = np.random.default_rng(0).normal(size=(2000, 300))
    series = signal.lfilter([1], [1, -0.9], noise, axis=0)[100:]
    found = statistics.autocorrelation(series)
    assert len(found) == 1900 // 4 + 1
    np.testing.assert_allclose(found, 0.9 ** np.arange(len(found)), atol=0.03)


@pytest.mark.parametrize("points", [16, 15])
def test_waves_on_a_grid_have_their_modes(points):
    """In two dimensions, of other sizes: amplitude^2 / 2 in mode 3 along y, the mean in mode 0."""
    y = np.arange(points) / points
    steady = np.ones((2000, 4, 1)) * np.cos(2 * np.pi * TIME / 7)[:, None, None]
    field = steady * 0.8 * np.cos(2 * np.pi * 3 * y + 0.4)
    power = statistics.space_spectrum(field, 2)
    assert len(power) == points // 2 + 1
    assert power[3] == pytest.approx(0.8**2 / 4, rel=1e-3)
    assert power.sum() == pytest.approx(field.var())
    assert statistics.space_spectrum(field, 1)[1:] == pytest.approx(0, abs=1e-12)
    weaker = compared(0.9 * field[None], field[None], "x", "y")
    assert weaker["space_spectrum_error"] == pytest.approx(1 - 0.81)
    shifted = compared(np.roll(field, 5, axis=2)[None], field[None], "x", "y")
    assert shifted["space_spectrum_error"] == pytest.approx(0, abs=1e-9)
    other = steady * 0.8 * np.cos(2 * np.pi * 2 * y)
    assert compared(other[None], field[None], "x", "y")["space_spectrum_error"] > 0.4


def test_a_constant_forecast_fades_and_a_constant_truth_has_no_statistics():
    wave = np.sin(2 * np.pi * TIME / 10)[None]
    found = compared(0 * wave, wave)
    assert found["deviation_ratio"] == 0
    assert found["time_spectrum_error"] == pytest.approx(1)
    for truth in (0 * wave, 5 + 1e-7 * wave):  # the second is at rest but for a rest of motion
        assert all(np.isnan(value) for value in compared(wave, truth).values())


def test_there_is_nothing_of_a_short_forecast_and_no_space_without_a_grid():
    wave = states(np.sin(TIME)[None])
    assert not statistics.compare(wave[:, :31], wave[:, :31], [1.0]).data_vars
    found = statistics.compare(wave[:, :32], wave[:, :32], [1.0])
    assert set(found.data_vars) == set(errors.STATISTICS) - {"space_spectrum_error"}
    assert found["component"].values.tolist() == ["u", "all"]


def test_the_table_has_them():
    wave = states(np.sin(TIME + np.arange(2)[:, None]))
    report = errors.errors(wave, wave, [1]).assign(out_of_range=wave.std("time") > 9)
    report["out_of_range"] = report["rel_l2"] > 9
    table = errors.table({"led": report.merge(statistics.compare(wave, wave, [1.0]))})
    rows = table[table["metric"].isin(errors.STATISTICS)]
    assert len(rows) == 2 * 2 * 4
    assert set(rows["component"]) == {"u", "all"}
