"""Linear equations of an implicit time step."""

import numpy as np


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
