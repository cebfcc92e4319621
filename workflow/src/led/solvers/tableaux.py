"""Butcher tableaux of Runge-Kutta methods: the built-in ones, and checks of a user's own."""

import math
from dataclasses import dataclass

ROUNDING = 1e-9  # a tableau may be given in decimals


@dataclass(frozen=True)
class Tableau:
    """Coefficients of a Runge-Kutta method with s stages, as lists: A (s, s), b (s) and c (s)."""

    A: list
    b: list
    c: list

    @property
    def explicit(self):
        """Whether each stage follows from those before it."""
        return not any(any(row[i:]) for i, row in enumerate(self.A))

    @property
    def diagonal(self):
        """Whether the stages can be solved one after the other."""
        return not any(any(row[i + 1 :]) for i, row in enumerate(self.A))


def tableau(choice, explicit=False):
    """Return a built-in tableau by its name, or check one that is given.

    Parameters
    ----------
    choice : str or dict
        A name in `TABLEAUX`, or ``A``, ``b`` and ``c``.
    explicit : bool
        Whether it has to be explicit.

    Raises
    ------
    ValueError
        Unless the sizes fit, b sums to one, the rows of A sum to c, and A is strictly lower
        triangular if it has to be.
    """
    method = Tableau(**(TABLEAUX[choice] if isinstance(choice, str) else choice))
    stages, sizes = len(method.A), [len(row) for row in method.A]
    if sizes != [stages] * stages:
        raise ValueError(
            f"tableau.A: found rows of {sizes} entries, expected {stages} rows of {stages}"
        )
    for name, vector in {"b": method.b, "c": method.c}.items():
        if len(vector) != stages:
            raise ValueError(
                f"tableau.{name}: found {len(vector)} entries, expected {stages}, one for each "
                "row of A"
            )
    if abs(sum(method.b) - 1) > ROUNDING:
        raise ValueError(f"tableau.b: found the sum {sum(method.b):g}, expected 1")
    for i, (row, expected) in enumerate(zip(method.A, method.c, strict=True)):
        if abs(sum(row) - expected) > ROUNDING:
            raise ValueError(
                f"tableau.A: found the sum {sum(row):g} in row {i}, expected c[{i}] = {expected:g}"
            )
    if explicit and not method.explicit:
        raise ValueError(
            "tableau.A: found entries on or above the diagonal, expected a strictly lower "
            "triangular matrix; implicit_runge_kutta takes any"
        )
    return method


def triangular_factor(A):
    """Return the lower triangular T of A = T U, where the diagonal of U has ones.

    This is Crout's decomposition, by which Hoffmann and de Swart, BIT 37 (1997), approximate A.

    Parameters
    ----------
    A : list of list of float
        Of a `Tableau`. Rows of zeros are those of T as well.

    Returns
    -------
    list of list of float
        Rows of T, each up to the diagonal.

    Raises
    ------
    ValueError
        If T has a zero on the diagonal of any other row.
    """
    factors = []  # T, and U above the diagonal
    for i, row in enumerate(A):
        factor = []
        for j, entry in enumerate(row):
            entry = entry - sum(factor[k] * factors[k][j] for k in range(min(i, j)))
            if i == j and abs(entry) <= ROUNDING and any(row):
                raise ValueError(
                    f"tableau.A: found a zero pivot in row {i}, expected none outside rows of "
                    "zeros, for a system whose points are coupled; try sdirk2, gauss2 or radau_iia"
                )
            factor.append(entry / factor[i] if j > i and entry else entry)
        factors.append(factor)
    return [factor[: i + 1] for i, factor in enumerate(factors)]


ROOT_3, ROOT_2 = math.sqrt(3), math.sqrt(2)

# Hairer, Norsett, Wanner: Solving Ordinary Differential Equations I (explicit) and II (implicit)
TABLEAUX = {
    "heun": {"A": [[0, 0], [1, 0]], "b": [1 / 2, 1 / 2], "c": [0, 1]},
    "ralston": {"A": [[0, 0], [2 / 3, 0]], "b": [1 / 4, 3 / 4], "c": [0, 2 / 3]},
    "rk4": {
        "A": [[0, 0, 0, 0], [1 / 2, 0, 0, 0], [0, 1 / 2, 0, 0], [0, 0, 1, 0]],
        "b": [1 / 6, 1 / 3, 1 / 3, 1 / 6],
        "c": [0, 1 / 2, 1 / 2, 1],
    },
    "rk38": {
        "A": [[0, 0, 0, 0], [1 / 3, 0, 0, 0], [-1 / 3, 1, 0, 0], [1, -1, 1, 0]],
        "b": [1 / 8, 3 / 8, 3 / 8, 1 / 8],
        "c": [0, 1 / 3, 2 / 3, 1],
    },
    "butcher5": {  # Butcher, J. Austral. Math. Soc. 4 (1964)
        "A": [
            [0, 0, 0, 0, 0, 0],
            [1 / 4, 0, 0, 0, 0, 0],
            [1 / 8, 1 / 8, 0, 0, 0, 0],
            [0, -1 / 2, 1, 0, 0, 0],
            [3 / 16, 0, 0, 9 / 16, 0, 0],
            [-3 / 7, 2 / 7, 12 / 7, -12 / 7, 8 / 7, 0],
        ],
        "b": [7 / 90, 0, 32 / 90, 12 / 90, 32 / 90, 7 / 90],
        "c": [0, 1 / 4, 1 / 4, 1 / 2, 3 / 4, 1],
    },
    "sdirk2": {
        "A": [[1 - ROOT_2 / 2, 0], [ROOT_2 / 2, 1 - ROOT_2 / 2]],
        "b": [ROOT_2 / 2, 1 - ROOT_2 / 2],
        "c": [1 - ROOT_2 / 2, 1],
    },
    "gauss2": {
        "A": [[1 / 4, 1 / 4 - ROOT_3 / 6], [1 / 4 + ROOT_3 / 6, 1 / 4]],
        "b": [1 / 2, 1 / 2],
        "c": [1 / 2 - ROOT_3 / 6, 1 / 2 + ROOT_3 / 6],
    },
    "radau_iia": {
        "A": [[5 / 12, -1 / 12], [3 / 4, 1 / 4]],
        "b": [3 / 4, 1 / 4],
        "c": [1 / 3, 1],
    },
}
