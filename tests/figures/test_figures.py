"""Figures: they show the data, and say what they show."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from PIL import Image

from led.evaluation import errors
from led.evaluation.uncertainty import measure
from led.figures import (
    animation,
    costs,
    fields,
    multiscale,
    networks,
    samples,
    scores,
    series,
    statistics,
    style,
    timings,
    uncertainty,
)

GRIDS = {
    "grid": {"x": [0.0, 0.5], "y": [0.0, 0.3, 0.6]},
    "line": {"depth": [0.0, 0.5, 1.0]},
    "box": {"x": [0.0, 0.5], "y": [0.0, 0.3, 0.6], "z": [1.0, 2.0, 3.0]},
    "oscillator": {},
}


def forecast_of(kind, components=("u", "w")):
    rng = np.random.default_rng(0)
    space = GRIDS[kind]
    shape = (2, 8, *map(len, space.values()), len(components))
    coordinates = {
        "sample": [0, 1],
        "time": ("time", 10 + np.arange(8.0), {"units": "ms"}),
        "component": list(components),
        "start": ("sample", [0.2, 0.7], {"units": "mm"}),
        "speed": ("sample", [3.0, 4.0]),
        "origin": ("sample", ["here", "there"]),
        **space,
    }
    dims = ("sample", "time", *space, "component")
    truth = xr.DataArray(rng.normal(size=shape), coordinates, dims, attrs={"units": "u: mV, w: 1"})
    return xr.Dataset(
        {
            "truth": truth,
            "prediction": truth + 0.1,
            "reconstruction": truth + 0.2,
            "reconstruction_smooth": truth + 0.3,
            "latents": (("member", "sample", "time", "latent"), rng.normal(size=(2, 2, 8, 3))),
        }
    )


@pytest.fixture(autouse=True)
def no_figure_stays_open():
    yield
    plt.close("all")


@pytest.fixture(params=["grid", "oscillator"])
def forecast(request):
    return forecast_of(request.param)


@pytest.mark.parametrize(
    ("written", "label"),
    [("u: mV, w: 1", "u [mV]"), ("m s-1", "u [m s-1]"), (1, "u"), (2.5, "u [2.5]"), ("", "u")],
)
def test_units_of_any_kind_are_drawn(written, label):
    forecast = forecast_of("oscillator")
    forecast["truth"].attrs["units"] = written
    forecast["time"].attrs["units"] = written
    assert style.component_label(forecast["truth"], "u") == label
    assert style.labelled("time", forecast["time"]).startswith("time")


def texts(axes):
    return [axis.get_title() for axis in axes], [axis.get_xlabel() for axis in axes]


def legend_of(figure):
    return [text.get_text() for text in figure.legends[0].get_texts()]


def test_particles_show_truth_and_forecast(forecast):
    figure = series.particles(forecast, sample=1, points=None)
    axis = figure.axes[0]
    values = forecast["truth"].sel(sample=1, component="u")
    cell = values[:, 0, 0] if values.ndim == 3 else values
    np.testing.assert_array_equal(axis.lines[0].get_ydata(), cell)
    np.testing.assert_allclose(axis.lines[1].get_ydata(), cell + 0.1)
    assert axis.get_title().startswith("Test sample 1")
    assert axis.get_ylabel() == "u [mV]"
    assert "time [ms]" in texts(figure.axes)[1]


def test_particles_without_a_grid_have_a_phase_plane():
    forecast = forecast_of("oscillator")
    plane = series.particles(forecast, sample=1, points=None).axes[-1]
    path = forecast["truth"].sel(sample=1)
    np.testing.assert_array_equal(plane.lines[0].get_xydata(), path)
    np.testing.assert_array_equal(plane.lines[1].get_xydata(), path[:1])
    np.testing.assert_allclose(plane.lines[2].get_xydata(), path + 0.1)
    assert (plane.get_xlabel(), plane.get_ylabel()) == ("u [mV]", "w")
    assert len(series.particles(forecast_of("oscillator", ["u"]), 0, None).axes) == 1
    assert len(series.particles(forecast_of("grid"), 0, None).axes) == 4


def sure(forecast):
    """A forecast with intervals and a spread."""
    forecast = forecast.assign(spread=0.1 + 0 * forecast["truth"])
    for name, sign in {"lower": -1, "upper": 1}.items():
        bound = forecast["prediction"] + 0.4 * sign
        forecast[name] = bound.assign_attrs(level=0.9)
    return forecast


def test_particles_show_the_interval(forecast):
    points = [[0, 2], [1, 1]] if "x" in forecast.dims else None
    axis = series.particles(sure(forecast), 0, points).axes[0]
    (band,) = axis.collections
    assert band.get_label() == "0.9 of the truth is expected here"
    edges = band.get_paths()[0].vertices[:, 1]
    shown = axis.lines[1].get_ydata()
    assert edges.max() == pytest.approx(shown.max() + 0.4)
    assert edges.min() == pytest.approx(shown.min() - 0.4)


def test_the_uncertainty_shows_what_is_measured(forecast):
    measured = measure(sure(forecast), forecast["truth"])
    axes = uncertainty.uncertainty(measured).axes
    assert len(axes) == 3 * 4
    np.testing.assert_allclose(
        axes[8].lines[0].get_ydata(), measured["coverage_by_lead_time"][:, 2].mean("sample")
    )
    assert axes[0].lines[2].get_ydata() == [0.9, 0.9]
    np.testing.assert_allclose(axes[2].lines[0].get_ydata(), measured["binned_error"][0])
    assert axes[3].get_xlabel() == "lead time [ms]"
    alone = measure(sure(forecast).drop_vars(["lower", "upper"]), forecast["truth"])
    assert len(uncertainty.uncertainty(alone).axes) == 3 * 2
    with pytest.raises(ValueError, match=r"^figures\.uncertainty: found forecasts without interv"):
        uncertainty.uncertainty(measured[["binned_error"]])


def test_fields_share_one_colour_scale():
    forecast = forecast_of("grid")
    for variable, difference in {"prediction": 0.1, "reconstruction": 0.2}.items():
        figure = getattr(fields, variable)(forecast, sample=0, times=[10.0, 13.2])
        images = [image for axis in figure.axes for image in axis.images]
        assert len(images) == 2 * 3 * 2
        truth = forecast["truth"].sel(sample=0, component="u")
        for image in images[:6]:
            limit = float(np.abs(truth.sel(time=[10, 13])).max())
            assert image.get_clim() == pytest.approx((-limit, limit))
        np.testing.assert_allclose(images[1].get_array(), truth.sel(time=13).transpose("y", "x"))
        np.testing.assert_allclose(images[4].get_array(), difference)
        titles, labels = texts(figure.axes)
        assert titles[:2] == ["t = 10 ms", "t = 13 ms"]
        assert labels.count("x") == 4
        assert figure.axes[2].get_ylabel().startswith(style.NAMES[variable])
        assert images[0].get_extent() == pytest.approx((-0.25, 0.75, -0.15, 0.75))


def pictures_of(figure):
    return [image for axis in figure.axes for image in axis.images]


def test_a_line_is_drawn_over_time():
    forecast = forecast_of("line")
    for variable, difference in {"prediction": 0.1, "reconstruction": 0.2}.items():
        figure = getattr(fields, variable)(forecast, sample=1, times=None)
        images = pictures_of(figure)
        assert len(images) == 2 * 3
        truth = forecast["truth"].sel(sample=1, component="u")
        np.testing.assert_array_equal(images[0].get_array(), truth.transpose("depth", "time"))
        np.testing.assert_allclose(images[2].get_array(), difference)
        assert images[0].get_extent() == pytest.approx((9.5, 17.5, -0.25, 1.25))
        axis = figure.axes[0]
        assert (axis.get_xlabel(), axis.get_ylabel()) == ("time [ms]", "depth")


def test_a_box_is_cut_in_three_planes_through_its_middle():
    forecast = forecast_of("box")
    figure = fields.prediction(forecast, sample=0, times=[10.0, 13.0])
    images = pictures_of(figure)
    assert len(images) == 2 * 3 * 3 * 2
    truth = forecast["truth"].sel(sample=0, component="u", time=13)
    for number, middle in enumerate(({"z": 1}, {"y": 1}, {"x": 1})):
        plane = truth.isel(middle).T
        np.testing.assert_array_equal(images[6 * number + 1].get_array(), plane)
    titles = [part.get_suptitle() for part in figure.subfigs]
    assert titles[:3] == [f"u of test sample 0 at {at}" for at in ("z = 2", "y = 0.3", "x = 0.5")]


def test_without_a_grid_there_are_no_fields():
    for variable, key in {"prediction": "fields", "reconstruction": "reconstruction"}.items():
        with pytest.raises(ValueError, match=rf"^figures\.{key}: found samples without a "):
            getattr(fields, variable)(forecast_of("oscillator"), 0, None)


@pytest.mark.parametrize(
    ("dims", "across"),
    [
        (("lat", "lon"), "lon"),
        (("Latitude", "Longitude"), "Longitude"),
        (("lon", "lat"), "lon"),
        (("y", "x"), "x"),
        (("x", "y"), "x"),
        (("depth", "x"), "x"),
    ],
)
def test_longitudes_and_x_lie_across(dims, across):
    forecast = forecast_of("grid").rename(dict(zip(("x", "y"), dims, strict=True)))
    (up,) = set(dims) - {across}
    truth = forecast["truth"].sel(sample=0, component="u")
    figure = fields.prediction(forecast, 0, [10.0])
    np.testing.assert_array_equal(
        pictures_of(figure)[0].get_array(), truth.sel(time=10).transpose(up, across)
    )
    assert figure.axes[2].get_xlabel() == across
    movie = animation.forecast(forecast, 0, 3, 10)
    movie.show(7)
    np.testing.assert_array_equal(
        pictures_of(movie.figure)[0].get_array(), truth[7].transpose(up, across)
    )


def test_latitudes_that_fall_are_drawn_with_the_north_above():
    forecast = forecast_of("grid").rename({"x": "lat", "y": "lon"})
    falling = forecast.isel(lat=[1, 0])
    for each in (forecast, falling):
        picture = pictures_of(fields.prediction(each, 0, [10.0]))[0]
        assert picture.get_extent()[2:] == pytest.approx((-0.25, 0.75))
        values = forecast["truth"].sel(sample=0, component="u", time=10)
        np.testing.assert_array_equal(picture.get_array(), values)


@pytest.mark.parametrize("kind", ["grid", "line", "box"])
def test_a_field_of_one_sign_has_a_scale_over_its_range(kind):
    forecast = forecast_of(kind)
    drawn = ["truth", "prediction"]
    values = forecast["truth"].sel(component="u")
    low, high = float(values.min()), float(values.max())
    for shift, scale in ((300.0, 1.0), (-300.0, 1.0), (low / (low - high), 1 / (high - low))):
        for name in drawn:
            forecast[name] = shift + scale * forecast_of(kind)[name]
        truth = forecast["truth"].sel(component="u", sample=0)
        images = pictures_of(fields.prediction(forecast, 0, truth["time"].values))
        count = len(images) // 2 // 3 // (3 if kind == "box" else 1)
        bounds = images[0].get_clim()
        assert images[0].get_cmap().name == "viridis"
        if kind != "box":  # of which one plane alone is shown
            assert bounds == pytest.approx((float(truth.min()), float(truth.max())))
        assert images[2 * count].get_cmap().name == "RdBu_r"
        reach = bounds[1] - bounds[0]
        assert images[2 * count].get_clim() == pytest.approx((-reach, reach))


def test_a_field_of_one_value_is_drawn():
    for value in (0.0, 5.0):
        forecast = forecast_of("grid") * 0 + value
        forecast["prediction"] += 1
        low, high = pictures_of(fields.prediction(forecast, 0, [10.0]))[0].get_clim()
        assert low == value < high


@pytest.mark.parametrize("kind", ["grid", "line", "box", "oscillator"])
def test_reconstructions_show_the_error_with_and_without_smoothing(kind):
    forecast = forecast_of(kind)
    point = [0] * len(GRIDS[kind])
    figure = series.reconstruction(forecast, sample=1, points=[point])
    upper, lower = figure.axes[2:4]  # of w
    cell = forecast["truth"].sel(sample=1, component="w").values.reshape(8, -1)[:, 0]
    assert [line.get_label() for line in upper.lines] == legend_of(figure)
    for number, line in enumerate(upper.lines):
        np.testing.assert_allclose(line.get_ydata(), cell + [0, 0.2, 0.3][number])
    for number, line in enumerate(lower.lines):
        np.testing.assert_allclose(line.get_ydata(), [0.2, 0.3][number])
    assert lower.get_ylabel() == "error of w"
    without = series.reconstruction(forecast.drop_vars("reconstruction_smooth"), 1, [point])
    assert legend_of(without) == ["truth", "reconstruction"]


def test_latents_show_the_warmup(forecast):
    values = np.random.default_rng(1).normal(size=(2, 18, 3))
    latents = xr.Dataset(
        {"latents": (("sample", "time", "latent"), values)},
        coords={"sample": [0, 1], "time": np.arange(18.0)},
    )
    figure = series.latents(forecast, latents, sample=1)
    axis = figure.axes[0]
    np.testing.assert_array_equal(axis.lines[0].get_ydata(), values[1, :, 0])
    np.testing.assert_array_equal(axis.lines[1].get_xdata(), forecast["time"])
    assert axis.patches[0].get_extents().transformed(axis.transData.inverted()).x1 == (
        pytest.approx(10)
    )


@pytest.mark.parametrize("kind", ["grid", "oscillator"])
def test_the_dataset_shows_samples_and_what_was_drawn(kind):
    state = forecast_of(kind)["truth"]
    point = [1, 2] if kind == "grid" else None
    figure = samples.dataset(state.to_dataset(name="state"), samples=1, point=point)
    cell = state[0, :, 1, 2] if kind == "grid" else state[0]
    np.testing.assert_array_equal(figure.axes[0].lines[0].get_ydata(), cell[:, 0])
    titles, labels = texts(figure.axes)
    place = " at x = 0.5, y = 0.6" if kind == "grid" else ""
    assert titles[0] == f"Training samples over time{place}"
    drawn = figure.axes[titles.index("Drawn for 2 training samples")]
    np.testing.assert_array_equal(drawn.lines[0].get_xydata(), [[0.2, 3], [0.7, 4]])
    np.testing.assert_array_equal(drawn.collections[0].get_offsets(), [[0.2, 3]])
    assert (drawn.get_xlabel(), drawn.get_ylabel()) == ("start [mm]", "speed")
    assert "time [ms]" in labels
    assert legend_of(figure) == ["sample 0"]
    if kind == "oscillator":
        plane = figure.axes[titles.index("Phase plane, dots: start")]
        np.testing.assert_array_equal(plane.lines[0].get_xydata(), state[0])


def test_drawn_arrays_are_not_shown():
    train = forecast_of("grid")["truth"].to_dataset(name="state")
    train["field"] = ("sample", "x", "y"), np.ones((2, 2, 3))
    train["weights"] = ("sample", "mode"), np.ones((2, 4))
    _, labels = texts(samples.dataset(train, samples=1, point=None).axes)
    assert "start [mm]" in labels
    assert not {"field", "weights"} & set(labels)


def test_data_of_which_nothing_is_known_are_shown_alone():
    state = forecast_of("line")["truth"].drop_vars(["start", "speed", "origin"])
    figure = samples.dataset(state.to_dataset(name="state"), samples=5, point=None)
    assert texts(figure.axes)[0] == ["Training samples over time at depth = 0.5", ""]
    alone = state.assign_coords(start=("sample", [0.2, 0.7]))
    axes = samples.dataset(alone.to_dataset(name="state"), samples=5, point=None).axes
    drawn = axes[texts(axes)[0].index("Drawn for 2 training samples")]
    np.testing.assert_array_equal(drawn.lines[0].get_xydata(), [[0, 0.2], [1, 0.7]])


def test_errors_show_the_median_of_each_forecaster(forecast):
    report = errors.errors(forecast["prediction"], forecast["truth"], (1, 1))
    figure = scores.errors(errors.combine({"led": report, "mean": report * 2, "same": 0 * report}))
    line = figure.axes[0].lines[0]
    np.testing.assert_allclose(
        line.get_ydata(), report["snapshot_error_series"].sel(component="u").median("sample")
    )
    assert legend_of(figure) == ["led", "mean", "same (no error)"]
    rows = {"snapshot error": 0, "relative L2 error": 3, "normalised error (nrmse)": 6}
    for label, first in rows.items():
        assert figure.axes[first].get_ylabel() == label
    np.testing.assert_allclose(
        figure.axes[6].lines[0].get_ydata(),
        report["normalised_error_series"].sel(component="u").median("sample"),
    )


def test_each_hour_of_a_century_has_a_title_of_its_own():
    times = xr.DataArray([1043142.0, 1043143.0], dims="time", name="time")
    times.attrs["units"] = "hours since 1900-01-01 00:00:00.0"
    assert [style.instant(time) for time in times] == ["t = 1043142 hours", "t = 1043143 hours"]
    assert style.instant(xr.DataArray(2e-4, attrs={"units": "s"})) == "t = 0.0002 s"
    assert style.lasting("lag", times) == "lag [hours]"


def test_a_forecaster_that_diverges_hides_no_other(forecast):
    report = errors.errors(forecast["prediction"], forecast["truth"], (1, 1))
    given = {"led": report, "mean": report * 2, "dmd": report * 1e9, "same": 0 * report}
    figure = scores.errors(errors.combine(given))
    assert legend_of(figure) == ["led", "mean", "dmd", "same (no error)"]
    low, _ = figure.axes[0].get_ylim()
    assert low < np.nanmin(figure.axes[0].lines[0].get_ydata())


def test_training_marks_the_best_epoch_and_leaves_out_what_is_not_trained():
    columns = {"epoch": [1, 2, 3], "loss": [3.0, 2.0, 1.0], "val_loss": [3.0, 1.5, 2.0]}
    history = pd.DataFrame(columns)
    figure = networks.histories(pd.DataFrame(columns=["epoch"]), [history], [history])
    assert [axis.get_title() for axis in figure.axes] == [
        "Training of the recurrent network 0",
        "Training of the decoder",
    ]
    assert figure.axes[0].lines[2].get_xydata().tolist() == [[2, 1.5]]
    assert legend_of(figure) == ["training", "validation", "kept"]


def test_the_epochs_that_listen_less_are_marked():
    """In recurrent networks alone."""
    history = pd.DataFrame({"epoch": [1, 2, 3], "loss": [3.0, 2, 1], "val_loss": [3.0, 1, 2]})
    figure = networks.histories(history, [history], [], shrinking=2)
    first, second = figure.axes
    assert not first.patches
    assert first.get_xlabel() == "epoch"
    assert second.patches[0].get_x() + second.patches[0].get_width() == 2
    assert "the training loss may rise" in second.get_xlabel()


def test_generation_time_is_compared_with_the_ideal():
    found = {"cores": [1, 2, 3], "seconds": [6.0, 3.5, 2.5], "samples": 10, "batches": 4}
    axis = timings.generation(pd.DataFrame(found), "fhn").axes[0]
    assert axis.lines[0].get_xydata().tolist() == [[1, 6], [2, 3.5], [3, 2.5]]
    assert axis.lines[1].get_ydata().tolist() == [6, 3, 2]
    assert axis.get_title() == "10 samples of fhn in 4 batches"
    assert [label.get_text() for label in axis.get_xticklabels()] == ["1", "2", "3"]


def test_costs_are_points_and_the_solver_is_a_curve():
    rows = [
        ("led", np.nan, 1e-3, 0.1),
        ("nearest", np.nan, 2e-3, 0.5),
        ("solver", 1, 8e-3, 1e-4),
        ("coarse", 1, 4e-3, 1e-3),
        ("coarse", 1, np.nan, np.nan),  # diverged
        ("coarse", 2, 5e-3, 0.2),  # worse and dearer
        ("as_accurate", np.nan, 1e-3, 0.1),
    ]
    columns = ["forecaster", "coarsening", "seconds", "nrmse"]
    (axis,) = (figure := costs.costs(pd.DataFrame(rows, columns=columns))).axes
    curve = next(line for line in axis.lines if line.get_linestyle() == "-")
    assert curve.get_xdata().tolist() == [4e-3, 8e-3]
    assert legend_of(figure) == ["our solver, longer steps", "on a coarser grid"]
    assert [text.get_text().strip() for text in axis.texts] == ["led", "nearest"]
    assert (axis.get_xscale(), axis.get_yscale()) == ("log", "log")


def test_costs_without_a_solver_have_no_legend():
    rows = pd.DataFrame(
        [("led", np.nan, 1e-3, 0.1)], columns=["forecaster", "coarsening", "seconds", "nrmse"]
    )
    assert not costs.costs(rows).legends


def test_an_animation_of_fields_moves_all_pictures():
    forecast = forecast_of("grid")
    movie = animation.forecast(forecast, 1, 3, 10)
    figure, numbers, show = movie.figure, movie.numbers, movie.show
    assert numbers.tolist() == [0, 4, 7]
    show(4)
    pictures = [image for axis in figure.axes for image in axis.images]
    frame = forecast["truth"].isel(sample=1, time=4)
    for number, (component, added) in enumerate([("u", 0), ("u", 0.1), ("u", None), ("w", 0)]):
        expected = frame.sel(component=component).transpose("y", "x")
        expected = np.full((3, 2), 0.1) if added is None else expected + added
        np.testing.assert_allclose(pictures[number].get_array(), expected)
    assert figure.get_suptitle() == "Test sample 1, t = 14 ms"


def test_unequal_cells_are_drawn_where_they_lie():
    """A front at x = 1.6, of points whose distance doubles."""
    x = np.array([0.0, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4])
    forecast = forecast_of("grid").isel(x=[0] * 8).assign_coords(x=x)
    forecast["truth"] = xr.where(forecast["x"] >= 1.6, 1.0, -1.0).broadcast_like(forecast["truth"])
    forecast["truth"] = forecast["truth"].transpose(*forecast["prediction"].dims)
    movie = animation.forecast(forecast, 0, 3, 10)
    drawn = fields.prediction(forecast, 0, [12.0])
    for figure in (drawn, movie.figure):
        (mesh,) = figure.axes[0].collections
        corners = mesh.get_coordinates()[0, :, 0]
        np.testing.assert_allclose(corners[[0, 5, 8]], [-0.05, 1.2, 8.0])
        np.testing.assert_array_equal(mesh.get_array().reshape(3, 8)[0] > 0, x >= 1.6)
    movie.show(4)
    (mesh,) = movie.figure.axes[1].collections
    expected = forecast["prediction"].isel(sample=0, time=4, component=0).transpose("y", "x")
    np.testing.assert_array_equal(np.reshape(mesh.get_array(), (3, 8)), expected)


def test_an_animation_of_a_box_is_a_cut_through_its_middle():
    forecast = forecast_of("box")
    movie = animation.forecast(forecast, 0, 20, 10)
    figure, _, show = movie.figure, movie.numbers, movie.show
    show(7)
    expected = forecast["truth"].isel(sample=0, time=7, z=1, component=0).transpose("y", "x")
    np.testing.assert_array_equal(figure.axes[0].images[0].get_array(), expected)


def test_an_animation_of_a_line_moves_profiles():
    forecast = forecast_of("line")
    movie = animation.forecast(forecast, 0, 20, 10)
    figure, _, show = movie.figure, movie.numbers, movie.show
    show(5)
    profile = forecast["truth"].isel(sample=0, time=5, component=1)
    truth, prediction = figure.axes[1].lines
    np.testing.assert_array_equal(truth.get_ydata(), profile)
    np.testing.assert_allclose(prediction.get_ydata(), profile + 0.1)


def test_an_animation_without_a_grid_moves_points():
    forecast = forecast_of("oscillator")
    movie = animation.forecast(forecast, 1, 100, 10)
    figure, numbers, show = movie.figure, movie.numbers, movie.show
    assert numbers.tolist() == list(range(8))
    show(3)
    path = forecast["truth"].sel(sample=1)
    _, gone, dot, *_ = figure.axes[0].lines
    np.testing.assert_array_equal(gone.get_xydata(), path[:4])
    np.testing.assert_array_equal(dot.get_xydata(), path[3:4])
    _, _, dot = figure.axes[1].lines
    np.testing.assert_allclose(dot.get_xydata(), [[13, 0.1 * np.sqrt(2)]])

    movie = animation.forecast(forecast_of("oscillator", ["u"]), 1, 100, 10)
    figure, _, show = movie.figure, movie.numbers, movie.show
    show(3)
    np.testing.assert_array_equal(figure.axes[0].lines[2].get_xdata(), [13])


def test_an_animation_is_written_as_gif_and_as_png(tmp_path):
    paths = [tmp_path / "forecast.gif", tmp_path / "forecast.png"]
    style.save(animation.forecast(forecast_of("oscillator"), 0, 3, 10), paths)
    for path in paths:
        with Image.open(path) as pictures:
            assert pictures.format == path.suffix[1:].upper()
            assert pictures.n_frames == 3
            assert pictures.info["duration"] == 100


def test_saving_writes_a_png(tmp_path):
    style.save(networks.histories(pd.DataFrame(), [], [], []), [tmp_path / "figure.png"])
    assert (tmp_path / "figure.png").read_bytes().startswith(b"\x89PNG")


def test_of_many_latents_the_first_are_drawn(forecast):
    values = np.random.default_rng(1).normal(size=(2, 18, 400))
    many = xr.Dataset(
        {"latents": (("sample", "time", "latent"), values)},
        coords={"sample": [0, 1], "time": np.arange(18.0)},
    )
    latents = (("member", "sample", "time", "latent"), values[None, :, 10:])
    forecast = forecast.assign(latents=latents)
    figure = series.latents(forecast, many, sample=0)
    assert [axis.get_ylabel() for axis in figure.axes if axis.lines][-1] == "latent 11"
    assert figure.get_size_inches().max() < 20
    assert figure.get_suptitle().endswith("; the first 12 of 400 latents")
    few = series.latents(forecast, many.isel(latent=slice(12)), sample=0)
    assert few.get_suptitle() == "Latents of test sample 0; grey: warm-up"
    assert legend_of(few) == ["encoded truth", "LED forecast"]


@pytest.mark.parametrize("kind", GRIDS)
def test_statistics_of_a_long_forecast(kind, tmp_path):
    """A wave and its half: its histogram, power and autocorrelation are known."""
    space = GRIDS[kind]
    dims = ("sample", "time", *space, "component")
    time = 10 + 0.5 * np.arange(400)
    shape = (400, *(1 for _ in space), 1)
    wave = np.sin(2 * np.pi * time / 10 + np.arange(2)[:, None]).reshape(2, *shape)
    values = np.broadcast_to(wave, (2, 400, *map(len, space.values()), 2))
    coordinates = {"sample": [0, 1], "time": ("time", time, {"units": "ms"})}
    coordinates |= {"component": ["u", "w"], **space}
    truth = xr.DataArray(values, coordinates, dims, attrs={"units": "u: mV, w: 1"})
    figure = statistics.long_run(xr.Dataset({"truth": truth, "prediction": truth / 2}))
    style.save(figure, [tmp_path / "statistics.png"])
    axes = np.reshape(figure.axes, (2, 3 + len(space)))
    titles = [axis.get_title() for axis in axes[0]]
    assert titles[:3] == ["Histogram", "Spectrum in time", "Autocorrelation"]
    assert titles[3:] == [f"Spectrum along {dimension}" for dimension in space]
    histogram, spectrum, correlation = axes[0, :3]
    assert histogram.get_xlabel() == "u [mV]"
    for patch in histogram.patches:
        density, edges, _ = patch.get_data()
        assert (density * np.diff(edges)).sum() == pytest.approx(1)
    assert spectrum.get_xlabel() == "frequency [1/ms]"
    of_truth, dots, of_forecast = spectrum.lines
    frequencies, power = of_truth.get_data()
    assert frequencies[power.argmax()] == pytest.approx(0.1)
    np.testing.assert_allclose(of_forecast.get_ydata(), power / 4)
    np.testing.assert_allclose(dots.get_xdata(), 0.1, atol=0.03)
    lags, values = correlation.lines[1].get_data()
    np.testing.assert_allclose(values, np.cos(2 * np.pi * lags / 10), atol=0.02)
    for axis in axes[0, 3:]:
        assert axis.lines[0].get_ydata()[0] == pytest.approx(0.5)


def test_a_short_forecast_has_no_statistics(forecast):
    with pytest.raises(ValueError, match=r"^figures.statistics: found a forecast of 8 frames, exp"):
        statistics.long_run(forecast)


def test_turns_are_drawn_against_their_ratio():
    """The solver took 8 s for 100 steps, of which 50 are those of the forecast."""
    ratios = {"a-1": 1.0, "a-4": 4.0}
    rows = [
        (name, sample, component, metric, value * (1 + sample))
        for name, value in {"led": 0.5, "a-4": 0.2, "a-1": 0.1}.items()
        for sample in range(3)
        for component, metric in [("u", "mnad"), ("u", "nrmse"), ("all", "mnad")]
    ]
    columns = ["forecaster", "sample", "component", "metric", "value"]
    attributes = {"forecast_steps": 50, "solver_steps": 100}
    forecasts = [
        xr.Dataset(
            {"seconds": ("stage", [slow, slow, 8.0], attributes)},
            {"stage": ["roll", "micro", "solver"]},
        )
        for slow in (1.0, 0.5)
    ]
    table, pairs = pd.DataFrame(rows, columns=columns), [*ratios.items()]
    others = {"label": "others", "ratio": [1, 10], "error": [0.3, 0.6]}
    figure = multiscale.against_ratio(table, forecasts, pairs, "u", "mnad", others)
    left, right = figure.axes
    errors_, latent, published = left.lines
    np.testing.assert_allclose(errors_.get_xydata(), [[1, 0.2], [4, 0.4]])
    assert latent.get_ydata()[0] == 1.0
    np.testing.assert_allclose(published.get_xydata(), [[1, 0.3], [10, 0.6]])
    measured, most, _ = right.lines
    np.testing.assert_allclose(measured.get_xydata(), [[1, 2], [4, 4]])
    np.testing.assert_allclose(most.get_ydata(), 1 + most.get_xdata())


def test_errors_of_many_forecasters_and_of_some_frames_are_drawn():
    forecast = forecast_of("oscillator")
    report = errors.errors(forecast["prediction"], forecast["truth"], [1.0, 1.0])
    some = forecast.isel(time=[1, 4])
    few = errors.errors(some["prediction"], some["truth"], [1.0, 1.0])
    reports = {f"forecaster {n}": report for n in range(9)} | {"some": few}
    figure = scores.errors(errors.combine(reports))
    lines = figure.axes[0].lines
    assert len(lines) == 10
    assert lines[-1].get_xdata().tolist() == [11.0, 14.0]
