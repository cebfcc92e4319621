"""Figures: they show the data, and say what they show."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from led import errors, figures


@pytest.fixture(params=["grid", "oscillator"])
def forecast(request):
    rng = np.random.default_rng(0)
    space = {"x": [0.0, 0.5], "y": [0.0, 0.3, 0.6]} if request.param == "grid" else {}
    shape = (2, 8, *(len(points) for points in space.values()), 2)
    coordinates = {
        "sample": [0, 1],
        "time": ("time", 10 + np.arange(8.0), {"units": "ms"}),
        "component": ["u", "w"],
        **space,
    }
    dims = ("sample", "time", *space, "component")
    truth = xr.DataArray(rng.normal(size=shape), coordinates, dims, attrs={"units": "u: mV, w: 1"})
    return xr.Dataset(
        {
            "truth": truth,
            "prediction": truth + 0.1,
            "latents": (("sample", "time", "latent"), rng.normal(size=(2, 8, 3))),
        }
    )


def texts(axes):
    return [axis.get_title() for axis in axes], [axis.get_xlabel() for axis in axes]


def test_particles_show_truth_and_forecast(forecast):
    figure = figures.particles(forecast, sample=1, points=None)
    axis = figure.axes[0]
    values = forecast["truth"].sel(sample=1, component="u")
    cell = values[:, 0, 0] if values.ndim == 3 else values
    np.testing.assert_array_equal(axis.lines[0].get_ydata(), cell)
    np.testing.assert_allclose(axis.lines[1].get_ydata(), cell + 0.1)
    assert axis.get_title().startswith("Test sample 1")
    assert axis.get_ylabel() == "u [mV]"
    assert figure.axes[-1].get_xlabel() == "time [ms]"


def test_fields_share_one_colour_scale(forecast):
    if "x" not in forecast.dims:
        pytest.skip("no grid, no fields")
    figure = figures.fields(forecast, sample=0, times=[10.0, 13.2])
    images = [image for axis in figure.axes for image in axis.images]
    assert len(images) == 2 * 3 * 2
    truth = forecast["truth"].sel(sample=0, component="u")
    for image in images[:6]:
        limit = float(np.abs(truth.sel(time=[10, 13])).max())
        assert image.get_clim() == pytest.approx((-limit, limit))
    np.testing.assert_allclose(images[1].get_array(), truth.sel(time=13).transpose("y", "x"))
    np.testing.assert_allclose(images[4].get_array(), 0.1)
    titles, labels = texts(figure.axes)
    assert titles[:2] == ["t = 10 ms", "t = 13 ms"]
    assert labels.count("x") == 4
    assert images[0].get_extent() == pytest.approx((-0.25, 0.75, -0.15, 0.75))


def test_latents_show_the_warmup(forecast):
    values = np.random.default_rng(1).normal(size=(2, 18, 3))
    latents = xr.Dataset(
        {"latents": (("sample", "time", "latent"), values)},
        coords={"sample": [0, 1], "time": np.arange(18.0)},
    )
    figure = figures.latents(forecast, latents, sample=1)
    axis = figure.axes[0]
    np.testing.assert_array_equal(axis.lines[0].get_ydata(), values[1, :, 0])
    np.testing.assert_array_equal(axis.lines[1].get_xdata(), forecast["time"])
    assert axis.patches[0].get_extents().transformed(axis.transData.inverted()).x1 == (
        pytest.approx(10)
    )


def test_errors_show_the_median_of_each_forecaster(forecast):
    report = errors.errors(forecast["prediction"], forecast["truth"])
    figure = figures.errors(errors.combine({"led": report, "mean": report * 2}))
    line = figure.axes[0].lines[0]
    np.testing.assert_allclose(
        line.get_ydata(), report["snapshot_error_series"].sel(component="u").median("sample")
    )
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["led", "mean"]


def test_training_marks_the_best_epoch_and_leaves_out_what_is_not_trained():
    columns = {"epoch": [1, 2, 3], "loss": [3.0, 2.0, 1.0], "val_loss": [3.0, 1.5, 2.0]}
    histories = {"autoencoder": pd.DataFrame(columns=["epoch"]), "rnn": pd.DataFrame(columns)}
    figure = figures.training(histories)
    assert [axis.get_title() for axis in figure.axes] == ["Training of the rnn"]
    assert figure.axes[0].lines[2].get_xydata().tolist() == [[2, 1.5]]


def test_saving_writes_a_png(tmp_path):
    figures.save(figures.training({}), tmp_path / "figure.png")
    assert (tmp_path / "figure.png").read_bytes().startswith(b"\x89PNG")
