"""Linear equations of a point in machine code: what `led.systems.linear` is for NumPy."""

from numba import njit
from numba.extending import overload

from led.solvers.machine_code import OPTIONS, keep


def solve(rows, h, right, block):
    """Solve (1 - h J) x = right, with J given by its rows; `block` is overwritten by some."""


@overload(solve, jit_options=OPTIONS)
def _solve_block(rows, h, right, block):
    if len(right) == 1:
        return lambda rows, h, right, block: (right[0] / (1 - h * rows[0][0]),)
    if len(right) == 2:
        return _solve_two
    return _solve_many


def _solve_two(rows, h, right, block):
    (a, b), (c, d) = rows
    a, b, c, d = 1 - h * a, -h * b, -h * c, 1 - h * d
    determinant = a * d - b * c
    return (d * right[0] - b * right[1]) / determinant, (a * right[1] - c * right[0]) / determinant


def _solve_many(rows, h, right, block):
    _fill(block, 0, rows, h, right)
    _eliminate(block)
    return _column(block, 0, right)


@njit(**OPTIONS)
def _eliminate(block):
    """Solve the equations of a block, whose last column is the right side, with partial pivots."""
    size = len(block)
    for k in range(size):
        pivot = k
        for i in range(k + 1, size):
            if abs(block[i, k]) > abs(block[pivot, k]):
                pivot = i
        for j in range(k, size + 1):
            block[k, j], block[pivot, j] = block[pivot, j], block[k, j]
        for i in range(k + 1, size):
            factor = block[i, k] / block[k, k]
            for j in range(k + 1, size + 1):
                block[i, j] -= factor * block[k, j]
    for k in range(size - 1, -1, -1):
        for j in range(k + 1, size):
            block[k, size] -= block[k, j] * block[j, size]
        block[k, size] /= block[k, k]


def _fill(block, i, rows, h, right):
    """Set the rows of a block from row i on."""


@overload(_fill, jit_options=OPTIONS)
def _fill_rows(block, i, rows, h, right):
    if len(rows) == 0:
        return lambda block, i, rows, h, right: None

    def fill(block, i, rows, h, right):
        keep(block, i, rows[0])
        for j in range(len(block)):
            block[i, j] = (i == j) - h * block[i, j]
        block[i, len(block)] = right[0]
        _fill(block, i + 1, rows[1:], h, right[1:])

    return fill


def _column(block, i, like):
    """Return the last column of a block from row i on, as a tuple as long as `like`."""


@overload(_column, jit_options=OPTIONS)
def _column_of(block, i, like):
    if len(like) == 1:
        return lambda block, i, like: (block[i, len(block)],)
    return lambda block, i, like: (block[i, len(block)], *_column(block, i + 1, like[1:]))
