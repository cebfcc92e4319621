"""Costs, and our solver run coarsely: against known orders, exact solutions and sums by hand."""

from functools import partial
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from led.data.interpolation import onto
from led.data.simulate import draw, simulate
from led.data.simulation import refine
from led.evaluation import costs, forecasters, tables
from led.evaluation.coarse import Continuation, Rung, coarser, ladder
from led.evaluation.convergence import Rotation
from led.jobs import files
from led.solvers.etdrk4 import Etdrk4
from led.solvers.runge_kutta import RungeKutta
from led.systems.advection_diffusion_reaction import AdvectionDiffusionReaction
from led.systems.fitzhugh_nagumo import FitzHughNagumo
from led.systems.grids import Axis
from led.systems.lambda_omega import LambdaOmega
from led.systems.van_der_pol import VanDerPol

DRAWING = {"seed": 0, "split": "test"}


def rotation(times):
    """The exact solution of `Rotation`, (sample, time, component)."""
    times = np.asarray(times, float)
    return np.stack([np.cos(times) - np.sin(times), np.cos(times) + np.sin(times)], -1)[None]


def known(states, system, time=0.0):
    """The last known state, as a file has it."""
    dims = ("sample", *system.grid, "component")
    coordinates = {"sample": np.arange(len(states)), "component": list(system.components)}
    return xr.DataArray(states, coordinates | dict(system.grid), dims).assign_coords(time=time)


@pytest.mark.parametrize(("tableau", "order"), [("heun", 2), ("rk4", 4)])
def test_longer_steps_are_less_accurate_by_the_order_of_the_method(tableau, order):
    """From t = 2 on; 16 steps a frame become one."""
    times = 2 + 0.5 * np.arange(1, 9)
    start = known(rotation([2.0])[:, 0], Rotation(), 2.0)
    continuation = Continuation(Rotation(), RungeKutta(tableau), start, 0.5, 8, **DRAWING)
    rungs = ladder(Rotation(), 16, 8)[:5]
    assert [rung.steps for rung in rungs] == [16, 8, 4, 2, 1]
    found = [np.abs(continuation.run(rung) - rotation(times)).max() for rung in rungs]
    for finer, longer in pairwise(found):
        assert longer / finer == pytest.approx(2**order, rel=0.25)


def test_steps_longer_than_a_frame_are_interpolated():
    """A spline of a smooth curve errs by far less than the method."""
    rungs = ladder(Rotation(), 1, 64)
    assert rungs[:3] == [Rung(1), Rung(1, 2), Rung(1, 4)]
    assert rungs[-1] == Rung(1, 16)  # four steps are left
    start = known(rotation([0.0])[:, 0], Rotation())
    continuation = Continuation(Rotation(), RungeKutta("heun"), start, 0.05, 64, **DRAWING)
    times, (one, two, four) = 0.05 * np.arange(1, 65), map(continuation.run, rungs[:3])
    assert one.shape == two.shape == (1, 64, 2)
    errors = [np.abs(states - rotation(times)).max() for states in (one, two, four)]
    assert [b / a for a, b in pairwise(errors)] == pytest.approx([4, 4], rel=0.2)


def test_a_coarser_grid_errs_by_the_order_of_the_interpolation():
    """The method is exact here, and both grids resolve the wave: the cubic spline is left."""
    system = AdvectionDiffusionReaction(nx=64)
    drawn = draw(system, 0, "test", range(3))
    start = known(np.moveaxis(system.initial_state(drawn), 0, -1), system)
    continuation = Continuation(system, Etdrk4(), start, 0.5, 4, **DRAWING)
    m1, m2, m3, x = (*(drawn[m][:, None] for m in ("m1", "m2", "m3")), system.grid["x"])
    last = np.exp(-(m1 * np.pi**2 + m3) * 2) * np.cos(np.pi * (x + 2 * m2))
    whole, half, quarter = (
        np.abs(continuation.run(Rung(1, 1, coarsening))[:, -1, :, 0] - last).max()
        for coarsening in (1, 2, 4)
    )
    assert whole < 1e-12
    assert quarter / half == pytest.approx(16, rel=0.3)


@pytest.mark.parametrize(
    ("points", "options", "mode"),
    [
        (lambda n: np.arange(n) / n, {}, lambda x: np.sin(2 * np.pi * x + 1)),
        (lambda n: (np.arange(n) + 0.5) / n, {"boundary": "no_flux"}, lambda x: np.cos(np.pi * x)),
        (
            lambda n: (1 + np.arange(n)) / (n + 1),
            {"boundary": "fixed", "nodes": True, "values": (1.0, 2.0)},
            lambda x: 1 + x + np.sin(np.pi * x),
        ),
    ],
)
def test_values_beyond_the_outer_points_follow_from_the_boundary(points, options, mode):
    """Extrapolation would err by ten times as much there."""

    class Line(AdvectionDiffusionReaction):
        @property
        def axes(self):
            return {"x": Axis(points(self.nx), **options)}

    coarse, fine = Line(nx=16), Line(nx=48)
    found = onto(mode(coarse.grid["x"])[None, :, None], coarse, fine)[0, :, 0]
    assert np.abs(found - mode(fine.grid["x"])).max() < 3e-4


def test_independent_points_are_not_extrapolated():
    system = FitzHughNagumo(nx=4, ny=4)
    states = np.zeros((1, 4, 4, 2))
    states[:, -1, -1] = 1.0
    assert onto(states, system, FitzHughNagumo(nx=16, ny=16)).max() < 1.2


def test_a_system_without_points_or_with_few_has_no_coarser_grid():
    assert coarser(VanDerPol(), 2) is None
    assert coarser(LambdaOmega(nx=9, ny=7), 4) is None
    assert coarser(LambdaOmega(nx=9, ny=8), 2) == LambdaOmega(nx=5, ny=4)
    assert {rung.coarsening for rung in ladder(LambdaOmega(nx=9, ny=8), 2, 50)} == {1, 2}


def test_steps_that_diverge_are_reported_and_the_others_kept():
    system, method = VanDerPol(mu=3.0), RungeKutta("rk4")
    made = {"dt": 0.05, "output_every": 8} | DRAWING
    state = simulate(system, method, samples=range(3), duration=20.0, **made)["state"]
    before, truth = state[:, 9], state[:, 10:]
    continuation = Continuation(system, method, before, 0.4, truth.sizes["time"], **DRAWING)
    found = costs.curve(continuation, ladder(system, 8, truth.sizes["time"]), truth, [1, 1])
    assert found["dt"].tolist() == pytest.approx([0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2])
    assert found["remark"].isna().tolist() == [True] * 4 + [False] * 3
    assert set(found["remark"].dropna()) == {costs.DIVERGED}
    assert found["seconds"].notna().tolist() == found["remark"].isna().tolist()
    assert found["nrmse"].iloc[0] < found["nrmse"].iloc[1] / 8 < 1e-2  # of order 4
    assert found["nrmse"].iloc[1:4].is_monotonic_increasing


def test_half_the_time_step_shows_the_error_of_samples():
    """Of order 2: a quarter of the error is left. The refined samples begin where these do."""
    made = {"dt": 0.1, "output_every": 3} | DRAWING
    method = RungeKutta("heun")
    state = simulate(Rotation(), method, samples=range(12), duration=3.0, **made)["state"]
    parts = dict(refine(state, Rotation(), method, **made))
    assert list(parts) == [0, 10]
    refined = xr.concat([part["state"] for part in parts.values()], "sample")
    xr.testing.assert_equal(refined[:, 0], state[:, 0])
    assert refined.coords.equals(state.coords)
    exact = rotation(state["time"])
    left = np.abs(refined - exact).max() / np.abs(state - exact).max()
    assert float(left) == pytest.approx(0.25, rel=0.1)


def rungs(seconds, errors):
    names = [costs.SOLVER] + [costs.COARSE] * (len(seconds) - 1)
    return pd.DataFrame({"forecaster": names, "seconds": seconds, "nrmse": errors})


def test_the_solver_that_is_as_accurate_lies_on_a_line_in_logarithms():
    """error = seconds^-2, and a rung that is worse and costs more."""
    seconds = np.array([8.0, 5.0, 4.0, 2.0, 1.0])
    curve = rungs(seconds, np.where(seconds == 5, 0.9, seconds**-2))
    assert costs.as_accurate(curve, 0.11) == {
        "forecaster": costs.AS_ACCURATE,
        "nrmse": 0.11,
        "seconds": pytest.approx(0.11**-0.5),
    }
    assert costs.best(curve)[0].tolist() == [1, 2, 4, 8]
    assert costs.as_accurate(curve, 0.001)["remark"] == costs.NONE
    coarsest = costs.as_accurate(curve, 3.0)
    assert (coarsest["seconds"], coarsest["remark"]) == (1.0, costs.CHEAPEST)
    chaos = costs.as_accurate(rungs([2.0, 1.0], [1.3, 1.4]), 1.35)
    assert chaos["remark"] == costs.UNKNOWABLE
    assert "seconds" not in chaos


def reported(**errors):
    rows = [
        (name, sample, component, metric, value)
        for name, value in errors.items()
        for sample in range(3)
        for component in ("u", "all")
        for metric in ("nrmse", "valid_time", "rmse")
    ]
    return pd.DataFrame(rows, columns=["forecaster", "sample", "component", "metric", "value"])


def test_the_table_says_when_a_surrogate_has_paid_for_itself():
    """10 samples over 4 units of time: LED needs 0.1 s a sample, the solver 0.3 s."""
    measured = {"led": {"encode": 0.25, "roll": 0.75}, "dmd": {"fit": 5.0, "forecast": 2.0}}
    prepared = {"simulation": 20.0, "training": 59.5}
    errors = reported(led=0.1, dmd=0.5)
    solver = rungs([3.0, 1.0], [0.001, 0.2]).assign(dt=[0.1, 0.2], coarsening=1)
    table = costs.table(measured, solver, errors, (10, 4.0), prepared).set_index("forecaster")
    assert list(table) == costs.COLUMNS[1:]
    assert table["seconds"].iloc[:4].tolist() == pytest.approx([0.025, 0.05, 0.075, 0.025])
    assert table["seconds_before"].iloc[:2].tolist() == [79.5, 25]
    assert table["pays_after"].fillna("").tolist()[:4] == ["", "", "398", costs.NEVER]
    same = table.loc[costs.AS_ACCURATE]
    assert 0.025 < same["seconds"] < 0.075
    assert int(same["pays_after"]) == np.ceil(79.5 / (4 * (same["seconds"] - 0.025)))
    page = tables.costs(table.reset_index())
    assert "coarse enough" in page
    assert "never" not in page  # only the rung, which the page leaves out
    unknown = costs.table(measured, solver, errors, (10, 4.0), prepared | {"training": np.nan})
    assert unknown["pays_after"].iloc[:3].isna().all()


def test_samples_that_are_not_ours_have_no_solver():
    args = {"led": {"roll": 1.0}}, pd.DataFrame(), reported(led=0.1), (1, 2.0)
    table = costs.table(*args, {"simulation": 0.0, "training": 1.0})
    assert table["forecaster"].tolist() == ["led"]
    assert table["seconds"].tolist() == [0.5]


def test_jobs_before_are_added_and_one_without_a_record_is_not_guessed(tmp_path):
    (tmp_path / "fhn").mkdir()
    write = partial(pd.DataFrame.to_csv, sep="\t", index=False)
    write(pd.DataFrame({"s": [2.5], "mean_load": [99.0]}), tmp_path / "fhn/a.tsv")
    write(pd.DataFrame({"s": [1.0, 3.0]}), tmp_path / "fhn/b.tsv")  # repeated
    assert costs.before(tmp_path, ["fhn/a", "fhn/b"]) == 4.5
    assert np.isnan(costs.before(tmp_path, ["fhn/a", "fhn/missing"]))
    assert costs.before(tmp_path, []) == 0


def test_the_seconds_of_a_forecast_that_ends_early_are_for_the_whole_horizon(tmp_path):
    """Of 5 time units behind a warm-up until t = 10, where the others go on for 20."""
    forecast = xr.Dataset(
        {"seconds": ("stage", [1.0, 2.0, 4.0, 8.0])},
        {"stage": ["fit", "roll", "decode", "solver"], "time": [12.0, 15.0]},
    )
    files.write(forecast, path := tmp_path / "few.nc")
    found = forecasters.recorded(path, 10.0, 20.0)
    assert found == {"fit": 1.0, "roll": 8.0, "decode": 16.0}
