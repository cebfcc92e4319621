"""Newton's method for the equations of an implicit time step."""

import numpy as np

from led.solvers.base import SolverError


def solve_step(problem, time, h, constant, guess, tolerance, max_iterations):
    """Solve y = constant + h f(time, y) for y, for all samples at once.

    A sample is done when its update is at most `tolerance` times its largest value, and is then
    left alone: its solution does not depend on the samples that are solved beside it.

    Parameters
    ----------
    problem : led.systems.base.Problem
        Gives f and its Jacobian.
    time, h : float
    constant, guess : ndarray, shape (component, sample, *grid)
    tolerance : float
        Relative, per sample.
    max_iterations : int

    Returns
    -------
    ndarray, shape (component, sample, *grid)

    Raises
    ------
    SolverError
        If a sample does not converge; names sample, time and residual.
    """
    per_sample = (0, *range(2, guess.ndim))
    solution = np.empty_like(guess)
    open_samples = np.arange(guess.shape[1])
    y = guess
    for _ in range(max_iterations):
        residual = y - constant - h * problem.rhs(time, y)
        update = solve_blocks(problem.jacobian(time, y), h, residual)
        y = y - update
        size = np.abs(update).max(axis=per_sample)
        done = size <= tolerance * np.abs(y).max(axis=per_sample)
        if done.all():
            solution[:, open_samples] = y
            return solution
        if done.any():
            solution[:, open_samples[done]] = y[:, done]
            left = ~done
            open_samples, problem = open_samples[left], problem.subset(left)
            y, constant = y[:, left], constant[:, left]
    residual = np.abs(y - constant - h * problem.rhs(time, y)).max(axis=per_sample)
    raise SolverError(
        f"sample {problem.samples[0]}: Newton's method did not converge in {max_iterations} "
        f"iterations at t = {time:g}; residual {residual[0]:.3g}, relative tolerance {tolerance:g}"
    )


def solve_blocks(jacobian, h, right):
    """Solve (1 - h J) x = right at each point, for the `jacobian` of `System.jacobian`.

    Raises nothing for a singular block: its solution is not finite, and the caller sees that.
    """
    if len(jacobian) == 2:  # Cramer's rule: ten times faster here than LAPACK on blocks of two
        (a, b), (c, d) = jacobian
        a, b, c, d = 1 - h * a, -h * b, -h * c, 1 - h * d
        solution = np.empty_like(right)
        determinant = a * d - b * c
        solution[0] = (d * right[0] - b * right[1]) / determinant
        solution[1] = (a * right[1] - c * right[0]) / determinant
        return solution
    size = len(jacobian)
    matrix = np.empty((*right.shape[1:], size, size))
    for i, row in enumerate(jacobian):
        for j, entry in enumerate(row):
            matrix[..., i, j] = (i == j) - h * entry
    try:
        solved = np.linalg.solve(matrix, np.moveaxis(right, 0, -1)[..., None])
    except np.linalg.LinAlgError:
        return np.full_like(right, np.nan)
    return np.moveaxis(solved[..., 0], -1, 0)
