"""Newton's method for the equations of an implicit time step."""

import numpy as np

from led.solvers.base import SolverError


def solve_step(problem, time, h, constant, guess, tolerance, max_iterations):
    """Solve y = constant + h f(time, y) for y, for all samples at once.

    A sample is done when its update is at most `tolerance` times its largest value, and is then
    not changed. Its solution does not depend on the other samples.

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
        update = problem.solve(time, y, h, residual)
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
    raise not_converged(problem, time, h, constant, y, tolerance, max_iterations)


def not_converged(problem, time, h, constant, y, tolerance, max_iterations):
    """Return the error of `solve_step` that names sample, time and residual of the first sample."""
    residual = np.abs(y - constant - h * problem.rhs(time, y))[:, 0].max()
    return SolverError(
        f"sample {problem.samples[0]}: Newton's method did not converge in {max_iterations} "
        f"iterations at t = {time:g}; residual {residual:.3g}, relative tolerance {tolerance:g}"
    )
