"""Land in a model of the sea: what is learned around it is what is learned without it."""

from types import SimpleNamespace

import keras
import numpy as np
import pytest
import xarray as xr

from led.autoencoders.pca import Pca
from led.autoencoders.pointwise import Pointwise
from led.autoencoders.trained import decode, encode
from led.data.imported import import_split
from led.data.scaling import Scaling
from led.evaluation import errors, ranges, statistics, uncertainty
from led.evaluation.baselines import base
from led.evaluation.baselines.mean import Mean
from led.evaluation.baselines.nearest import Nearest
from led.evaluation.baselines.persistence import Persistence
from led.figures.style import with_numbers
from led.inspection.examination import examine
from led.jobs import files
from led.jobs.runtime import ResultWarning
from led.surrogate.calibration import calibrate
from led.systems import symmetries
from led.training.loop import InUnits, fit
from led.training.settings import Training

LAND = np.zeros((4, 5), bool)
LAND[1:3, 2:4] = LAND[0, 0] = True
TIMES = 0.5 * np.arange(40)


def sea(samples=4, land=LAND, seed=0):
    """Waves of two components in other units, with land that has none."""
    rng = np.random.default_rng(seed)
    x, y = np.arange(4)[:, None], np.arange(5)
    phase = rng.uniform(0, 6, size=(samples, 1, 1, 1))
    u = 300 + np.sin(TIMES[:, None, None] + 0.7 * x + 0.4 * y + phase)
    state = np.stack([u, 1e-3 * (u - 300) ** 2], -1)
    state[..., land, :] = np.nan
    dims = ("sample", "time", "lat", "lon", "component")
    coords = {"sample": range(samples), "time": TIMES, "lat": 10.0 * x[:, 0], "lon": 20.0 * y}
    return xr.DataArray(state, coords | {"component": ["u", "v"]}, dims, name="state")


def without(state):
    """The same cells without the land, in a row."""
    values = state.values[..., ~LAND, :]
    coords = {name: state[name].values for name in ("sample", "time", "component")}
    dims = ("sample", "time", "cell", "component")
    return xr.DataArray(values, coords | {"cell": range(values.shape[2])}, dims, name="state")


def bring(state, folder, reference=None, **options):
    paths = []
    for name, data in {"test": state, "train": state if reference is None else reference}.items():
        data.to_dataset(name="state").to_netcdf(folder / f"{name}.nc")
        paths.append([str(folder / f"{name}.nc")])
    import_split(*paths, str(folder / "out.nc"), **options)
    return files.read(folder / "out.nc")["state"]


# Import


def test_land_stays_missing_and_nothing_else_is(tmp_path, capfd):
    state = sea()
    found = bring(state, tmp_path)
    np.testing.assert_allclose(found, state, rtol=1e-6)
    assert np.isnan(found.values).sum() == 4 * 40 * LAND.sum() * 2
    assert "25.0% of a state is missing in all frames" in capfd.readouterr().out


def holes(state):
    """One number, and two frames, of different samples."""
    state = state.copy(deep=True)
    state[1, 7, 3, 4, 1] = np.nan
    state[2, 11:13] = np.nan
    return state


def test_holes_are_named_with_sample_time_place_and_count(tmp_path):
    state = holes(sea())
    message = (
        r"test\.nc: sample 1 lacks 1 number in 1 of 40 frames, the first at time 3\.5, lat 30, "
        "lon 80 in v; expected numbers, or cells that have none in any frame: .* fill: interpolate"
    )
    with pytest.raises(files.FileError, match=message):
        bring(state, tmp_path)
    with pytest.raises(files.FileError, match="sample 2 lacks 2 of 40 frames, the first at time 5"):
        bring(state.where(state["sample"] != 1, sea()), tmp_path)


def test_holes_are_filled_linearly_in_time(tmp_path):
    state = sea() * 0 + xr.DataArray(TIMES, dims="time") * xr.DataArray(
        [2.0, -3.0], dims="component"
    )
    state = state.transpose("sample", "time", ...)
    gaps = holes(state)
    gaps[3, :2, 3, 0, 0] = np.nan  # no frame before: the value of the next one
    with pytest.warns(ResultWarning, match=r"test\.nc: \d+ numbers in 3 samples were filled"):
        found = bring(gaps, tmp_path, fill="interpolate")
    expected = state.copy(deep=True)
    expected[3, :2, 3, 0, 0] = 2.0 * TIMES[2]
    np.testing.assert_allclose(found, expected, atol=1e-5)
    empty = gaps.copy(deep=True)
    empty[0, :, 3, 3, 0] = np.nan  # of this sample alone
    with pytest.raises(files.FileError, match="sample 0 lacks 40 numbers in 40 of 40 frames"):
        bring(empty, tmp_path, fill="interpolate")


def test_windows_are_cut_from_runs_that_are_filled(tmp_path):
    state = holes(sea())
    with pytest.warns(ResultWarning, match="were filled linearly in time"):
        found = bring(state, tmp_path, fill="interpolate", windows={"length": 8, "step": 8})
    assert found.shape == (20, 8, 4, 5, 2)
    between = (state[1, 6, 3, 4, 1] + state[1, 8, 3, 4, 1]) / 2
    np.testing.assert_allclose(found[5, 7, 3, 4, 1], between, rtol=1e-6)


def test_all_splits_have_the_land_of_the_training(tmp_path):
    more = LAND.copy()
    more[3, 4] = True
    with pytest.warns(
        ResultWarning, match="320 numbers in 4 samples lie in cells that no training"
    ):
        found = bring(sea(seed=1), tmp_path, reference=sea(land=more))
    assert np.isnan(found[..., 3, 4, :]).all()
    with pytest.raises(
        files.FileError, match=r"test\.nc: sample 0 lacks 80 numbers in 40 of 40 fr"
    ):
        bring(sea(land=more), tmp_path, reference=sea())
    nothing = sea()
    nothing[..., 1] = np.nan
    with pytest.raises(files.FileError, match=r"found no number of v, expected some; leave it out"):
        bring(nothing, tmp_path)


# Networks


def test_the_scaling_is_that_of_the_sea():
    state = sea()
    scaling, expected = Scaling.of(state), Scaling.of(without(state))
    np.testing.assert_allclose(scaling.mean, expected.mean)
    np.testing.assert_allclose(scaling.deviation, expected.deviation)
    np.testing.assert_array_equal(scaling.missing, np.stack([LAND, LAND], -1))
    assert expected.missing is None


@pytest.mark.parametrize("small", [1000, 1])
def test_principal_components_are_those_of_the_sea(small, monkeypatch):
    """With the covariance as a matrix, and by the randomised method."""
    monkeypatch.setattr("led.autoencoders.pca.SMALL", small)
    state = sea()
    restored = []
    for states in (state, without(state)):
        model = Pca(latent_dim=3).objective(states, states).model
        restored.append(decode(model, encode(model, states.values)))
    np.testing.assert_array_equal(np.isnan(restored[0]), np.isnan(state))
    np.testing.assert_allclose(restored[0][..., ~LAND, :], restored[1], rtol=1e-4, atol=1e-5)


def test_the_loss_is_that_of_the_sea():
    target, output = sea(seed=1).values[0], np.nan_to_num(sea(seed=2).values[0])
    unit = np.array([1.0, 1e-3])
    for measure in (keras.losses.mean_squared_error, keras.losses.mean_absolute_error):
        loss = InUnits(measure, unit, "float64")
        np.testing.assert_allclose(
            loss(target, output), loss(target[:, ~LAND], output[:, ~LAND]), rtol=1e-9
        )
    lost = output.copy()
    lost[0, 3, 4, 0] = np.nan
    assert np.isnan(loss(target, lost))  # a training that diverges is seen


def test_a_network_learns_around_land_and_its_file_keeps_it(tmp_path):
    state = sea().astype("float32")
    training = Training(epochs=1, batch_size=8, learning_rate=0.01)
    network = Pointwise(latent_dim=2, training=training, snapshots_per_sample=4)
    objective = network.objective(state, state)
    model, (given, _) = objective.model, objective.batches[0]
    (epoch,) = fit(objective)
    assert np.isfinite([epoch["loss"], epoch["val_loss"]]).all()
    model.save(tmp_path / "model.keras")
    output = keras.saving.load_model(tmp_path / "model.keras").predict(given, verbose=0)
    np.testing.assert_array_equal(np.isnan(output), np.isnan(given))
    np.testing.assert_allclose(output, model.predict(given, verbose=0))


# Evaluation

DEVIATION = np.array([0.7, 4e-4])


def test_errors_are_those_of_the_sea():
    truth, prediction = sea(seed=1), sea(seed=2)
    found = errors.errors(prediction, truth, DEVIATION)
    expected = errors.errors(without(prediction), without(truth), DEVIATION)
    for name in errors.METRICS:
        np.testing.assert_allclose(found[name], expected[name], err_msg=name)
    drawn = found["particle_error_map"].transpose(..., "lat", "lon").values
    assert np.isnan(drawn[..., LAND]).all()
    assert np.isfinite(drawn[..., ~LAND]).all()
    lost = prediction.copy(deep=True)
    lost[2, 3, 3, 3, 0] = np.nan
    with pytest.raises(ValueError, match=r"prediction: found values that are not finite .* \[2\]"):
        errors.errors(lost, truth, DEVIATION)


def test_statistics_and_ranges_are_those_of_the_sea():
    truth, prediction = sea(seed=1), 1.5 * sea(seed=2)
    found = statistics.compare(prediction, truth, DEVIATION)
    expected = statistics.compare(without(prediction), without(truth), DEVIATION)
    for name in errors.STATISTICS:
        if name == "space_spectrum_error":
            assert np.isnan(found[name]).all()
        else:
            np.testing.assert_allclose(found[name], expected[name], err_msg=name)
    ends = ranges.extremes(truth)
    for low, other in zip(ends, ranges.extremes(without(truth)), strict=True):
        np.testing.assert_allclose(low, other)
    flags = ranges.out_of_range(prediction, *ends)
    np.testing.assert_array_equal(flags, ranges.out_of_range(without(prediction), *ends))


def test_intervals_and_spread_are_those_of_the_sea():
    truth, prediction = sea(seed=1), sea(seed=2)
    measured, calibrated = [], []
    for change in (lambda state: state, without):
        forecast = xr.Dataset({"truth": change(truth), "prediction": change(prediction)})
        reach = abs(forecast["prediction"] - 300) / 2
        for name, sign in {"lower": -1, "upper": 1}.items():
            bound = forecast["prediction"] + sign * reach
            forecast[name] = bound.transpose(*forecast["truth"].dims).assign_attrs(level=0.9)
        forecast["spread"] = reach
        measured.append(uncertainty.measure(forecast, change(truth)))
        calibrated.append(calibrate(forecast, SimpleNamespace(digests={}))["quantile"])
    for name in measured[1]:
        np.testing.assert_allclose(measured[0][name], measured[1][name], err_msg=name)
    np.testing.assert_allclose(*calibrated)
    assert np.isfinite(calibrated[0]).all()


@pytest.mark.parametrize("baseline", [Persistence, Mean, Nearest])
def test_baselines_forecast_the_sea(baseline):
    train, states = sea(), sea(samples=2, seed=1)
    found = base.predict(baseline(), train, states, 5.0)["prediction"]
    expected = base.predict(baseline(), without(train), without(states), 5.0)["prediction"]
    np.testing.assert_allclose(found.values[..., ~LAND, :], expected, rtol=1e-5)
    assert np.isnan(found.values[..., LAND, :]).all()


def test_dmd_forecasts_the_sea():
    pytest.importorskip("pydmd")
    from led.evaluation.baselines.dmd import Dmd

    train, states = sea(), sea(samples=2, seed=1)
    found = base.predict(Dmd(rank=8, delays=4), train, states, 5.0)["prediction"]
    np.testing.assert_allclose(
        found.values[..., ~LAND, :], states.values[:, 10:][..., ~LAND, :], atol=2e-2
    )
    assert np.isnan(found.values[..., LAND, :]).all()


def test_symmetries_that_move_land_are_refused():
    state = sea()
    with pytest.raises(ValueError, match="found a map that moves missing cells to others"):
        symmetries.of([{"flip": "lat"}], *symmetries.layout(state))
    assert len(symmetries.of([{"sign": "u"}], *symmetries.layout(state))) == 2


def test_figures_show_cells_that_have_numbers():
    assert with_numbers(sea(), [1, 2]) in ([1, 1], [0, 2])
    assert with_numbers(sea(), [3, 3]) == [3, 3]


def test_an_inspection_sees_the_sea():
    found, expected = (
        examine(change(sea()).to_dataset(), change(sea(seed=1)).to_dataset())
        for change in (lambda state: state, without)
    )
    for name in ("train_left", "validation_left"):
        np.testing.assert_allclose(getattr(found, name)[:4], getattr(expected, name)[:4], atol=0.02)
    assert found.shifts == []
