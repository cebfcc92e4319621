"""Systems with a stiff linear part."""

from abc import abstractmethod
from functools import partial

from led.systems.base import System


class SplitSystem(System):
    """y' = linear(y) + nonlinear(t, y), where the first part is stiff and does not change in time.

    The solver `imex` makes implicit steps of `linear` alone. Its points may be coupled as far as
    `stencil` says.
    """

    @abstractmethod
    def linear(self, state, prepared):
        """Return the linear part, shape ``(component, sample, *grid)``.

        A constant may be added to it, such as that of fixed boundary values.
        """

    @abstractmethod
    def nonlinear(self, time, state, prepared):
        """Return the rest, shape ``(component, sample, *grid)``."""

    def rhs(self, time, state, prepared):
        return self.linear(state, prepared) + self.nonlinear(time, state, prepared)

    def implicit(self, state, h, prepared):
        """Return the function ``right -> x`` that solves x - h linear(x) = right.

        `state` has the shape of both; its values do not matter. Raises a `ValueError` if points of
        the linear part depend on others that are farther away than `stencil` says.
        """
        from led.systems import stencils

        slopes = partial(self.linear, prepared=prepared)
        stencils.check(self, slopes, state)
        solve = stencils.factorise(self, slopes, state, h)
        return lambda right: right + solve(h * slopes(right))
