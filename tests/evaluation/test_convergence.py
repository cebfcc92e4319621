"""The comparison of all solvers."""

import numpy as np
import pytest

from led.evaluation import convergence
from led.figures.convergence import convergence as draw

ORDERS = {
    "backward Euler": 1,
    "Crank-Nicolson": 2,
    "heun": 2,
    "ralston": 2,
    "rk4": 4,
    "rk38": 4,
    "butcher5": 5,
    "sdirk2": 2,
    "gauss2": 4,
    "radau_iia": 3,
    "ETDRK4": 4,
    "IMEX, ARS(4,4,3)": 3,
    **{f"Adams-Bashforth {order}": order for order in range(1, 6)},
}


@pytest.fixture(scope="module")
def table():
    return convergence.measure()


def test_all_solvers_are_compared(table):
    assert set(table["solver"]) == set(ORDERS)
    assert table.groupby("solver")["dt"].nunique().eq(len(convergence.STEPS)).all()


@pytest.mark.parametrize("name", ORDERS)
def test_errors_fall_with_the_order(table, name):
    rows = table[table["solver"] == name].sort_values("dt")
    fine = rows[rows["error"] > 1e-11].iloc[:2]  # above rounding
    slope = np.diff(np.log(fine["error"])) / np.diff(np.log(fine["dt"]))
    assert slope[0] == pytest.approx(ORDERS[name], abs=0.25)


def test_the_figure_shows_each_solver(table):
    drawn = {line.get_label(): line for axis in draw(table).axes for line in axis.lines}
    assert set(drawn) == set(ORDERS)
    rows = table[table["solver"] == "rk4"]
    np.testing.assert_allclose(drawn["rk4"].get_xydata(), rows[["dt", "error"]])
