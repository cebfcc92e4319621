"""Finite differences against derivatives: orders at each boundary, in one to three dimensions."""

from dataclasses import replace

import numpy as np
import pytest

from led.systems.grids import Axis, derivative, gradient, laplacian


def axis(count, boundary, nodes=False, **options):
    """Return an axis between walls at 0 and 1, or of period 1."""
    if boundary == "periodic":
        points = np.arange(count) / count
    elif not nodes:
        points = (np.arange(count) + 0.5) / count
    elif boundary == "no_flux":
        points = np.linspace(0, 1, count)
    else:
        points = np.linspace(0, 1, count + 2)[1:-1]
    return Axis(points, boundary, nodes, **options)


# each with its derivatives: it satisfies the boundary, and is not symmetric about the middle
FIELDS = {
    "periodic": [
        lambda x: np.sin(2 * np.pi * x + 1),
        lambda x: 2 * np.pi * np.cos(2 * np.pi * x + 1),
        lambda x: -4 * np.pi**2 * np.sin(2 * np.pi * x + 1),
    ],
    "no_flux": [
        lambda x: np.cos(np.pi * x) + np.cos(2 * np.pi * x),
        lambda x: -np.pi * np.sin(np.pi * x) - 2 * np.pi * np.sin(2 * np.pi * x),
        lambda x: -(np.pi**2) * (np.cos(np.pi * x) + 4 * np.cos(2 * np.pi * x)),
    ],
    "fixed": [np.exp, np.exp, np.exp],
}
BOUNDARIES = [
    ("periodic", False),
    ("no_flux", False),
    ("no_flux", True),
    ("fixed", False),
    ("fixed", True),
]


@pytest.mark.parametrize(("boundary", "nodes"), BOUNDARIES)
def test_differences_are_of_second_order_up_to_the_walls(boundary, nodes):
    """But for the curvature in the cells at fixed values: of first order there alone."""
    first, second = [], []
    for count in (40, 80):
        x = axis(count, boundary, nodes, values=(1.0, np.e))
        field, slope, curvature = (part(x.points) for part in FIELDS[boundary])
        wrong = np.abs(laplacian(field, {"x": x}) - curvature)
        end = slice(1, -1) if (boundary, nodes) == ("fixed", False) else slice(None)
        first.append(np.abs(gradient(field, {"x": x})[0] - slope).max())
        second.append(wrong[end].max())
    assert np.log2(first[0] / first[1]) == pytest.approx(2, abs=0.1)
    assert np.log2(second[0] / second[1]) == pytest.approx(2, abs=0.1)


@pytest.mark.parametrize(("boundary", "nodes"), BOUNDARIES)
def test_the_equation_of_poisson_is_solved_to_second_order(boundary, nodes):
    """Its operator as a matrix of columns; constants are added to what it cannot see."""
    errors = []
    for count in (20, 40):
        x = axis(count, boundary, nodes, values=(1.0, np.e))
        field, _, curvature = (part(x.points) for part in FIELDS[boundary])
        constant = laplacian(np.zeros(count), {"x": x})
        matrix = (laplacian(np.eye(count), {"x": x}) - constant).T
        found = np.linalg.lstsq(matrix, curvature - constant, rcond=1e-10)[0]
        if boundary != "fixed":
            found += (field - found).mean()
        errors.append(np.abs(found - field).max())
    assert np.log2(errors[0] / errors[1]) == pytest.approx(2, abs=0.15)


def test_dimensions_add_up_with_boundaries_of_their_own():
    axes = {"x": axis(5, "periodic"), "y": axis(7, "no_flux"), "z": axis(4, "no_flux", True)}
    field = np.random.default_rng(0).normal(size=(2, 3, 5, 7, 4))
    total = 0
    for position, (name, alone) in enumerate(axes.items()):
        lines = np.moveaxis(field, position - 3, -1)
        total = total + np.moveaxis(laplacian(lines, {name: alone}), -1, position - 3)
        slopes = np.moveaxis(derivative(lines, {name: alone}, name), -1, position - 3)
        np.testing.assert_array_equal(gradient(field, axes)[position], slopes)
    np.testing.assert_allclose(laplacian(field, axes), total, atol=1e-12)


def test_nothing_flows_through_a_wall_or_leaves_a_period():
    field = np.random.default_rng(0).normal(size=9)
    for boundary in ("periodic", "no_flux"):
        assert laplacian(field, {"x": axis(9, boundary)}).sum() == pytest.approx(0, abs=1e-11)
    weights = np.array([0.5, *[1.0] * 7, 0.5])  # the first and the last have half a cell
    found = laplacian(field, {"x": axis(9, "no_flux", True)})
    assert np.dot(weights, found) == pytest.approx(0, abs=1e-11)


def test_a_stencil_wider_than_the_grid_is_rejected():
    message = "dimension 'y': found 2 points, expected at least 3: the stencil .* is wider"
    axes = {"x": axis(5, "periodic"), "y": axis(2, "periodic")}
    for differences in (laplacian, gradient):
        with pytest.raises(ValueError, match=message):
            differences(np.ones((5, 2)), axes)


def test_wrong_axes_are_rejected():
    with pytest.raises(ValueError, match="found 'open', expected periodic, no_flux or fixed"):
        Axis(np.arange(3.0), "open")
    for points in ([0.0, 1.0, 3.0], [1.0, 1.0, 1.0], [1.0]):
        with pytest.raises(ValueError, match="points: found no equal spacing"):
            replace(axis(3, "periodic"), points=np.array(points))
    with pytest.raises(ValueError, match=r"shape \(2, 4\), expected the last axes \(3,\)"):
        laplacian(np.ones((2, 4)), {"x": axis(3, "periodic")})
