"""What a system of differential equations provides."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np

from led.systems.linear import solve_blocks

DIFFERENCE = 6e-6  # cube root of the rounding error: the best step of a central difference


class System(ABC):
    """State layout, right-hand side, Jacobian, and how a sample is drawn.

    A state has the shape ``(component, sample, *grid)``: all samples of a batch and all points of
    the grid at once. So ``u, w = state`` gives one array a component.

    Attributes
    ----------
    components : tuple of str
        Names of the components of the state.
    units : dict
        Units of ``time``, of each component, of each grid dimension and of each drawn value; what
        has none may be left out.
    events : dict
        What errors in time are reported of, ``{kind: (component, level)}``: the ``activation`` of
        each cell, or the ``oscillation`` in the middle of the grid. Both begin where the
        component rises through the level.
    shared : tuple of str
        Names of the entries of `prepare` that all samples share, such as a matrix.
    stencil : int
        How many points a point of the grid depends on to each side, along each axis.
    drawn_dims : dict
        Dimensions of the drawn arrays that are not on the grid, ``{name: {dimension: points}}``.
    """

    components: ClassVar[tuple[str, ...]]
    units: ClassVar[dict[str, str]] = {}
    events: ClassVar[dict[str, tuple[str, float]]] = {}
    shared: ClassVar[tuple[str, ...]] = ()
    stencil: ClassVar[int] = 0
    drawn_dims: ClassVar[dict[str, dict]] = {}

    @property
    def grid(self):
        """Coordinates of the grid, ``{dimension: points}``; empty for a system without space."""
        return {dimension: axis.points for dimension, axis in self.axes.items()}

    @property
    def axes(self):
        """Dimensions with their boundaries, ``{dimension: led.systems.grids.Axis}``.

        A system whose points are coupled gives them instead of `grid`.
        """
        return {}

    @property
    def symmetries(self):
        """Maps of a state, ``(..., *grid, component)``, that turn solutions into solutions.

        A few that make all others together are enough. Training data can be augmented by them.
        """
        return ()

    @abstractmethod
    def draw(self, rng):
        """Draw one sample: ``{name: number or array}`` of what distinguishes it from the others.

        An array has the shape of the grid, such as a random field of `led.systems.fields`, or
        dimensions of its own in `drawn_dims`.
        """

    @abstractmethod
    def initial_state(self, drawn):
        """Return the state at t = 0, shape ``(component, sample, *grid)``.

        `drawn` holds what `draw` returned, one array of shape ``(sample, ...)`` a name.
        """

    def prepare(self, drawn):
        """Return what `rhs`, `jacobian` and `solve` need, ``{name: array (sample, ...)}``.

        Override it to compute once what does not change in time. Entries that are named in
        `shared` have no axis of samples, and may be of any type.
        """
        return drawn

    def forcing(self, times):
        """Return what drives all samples alike in time, ``{name: array of the shape of times}``.

        It is stored with the samples. A surrogate may have it as an input.
        """
        return {}

    @abstractmethod
    def rhs(self, time, state, prepared):
        """Return d(state)/dt, shape ``(component, sample, *grid)``."""

    def jacobian(self, time, state, prepared):
        """Return the derivatives of `rhs` at each point, ``rows[i][j]`` = d rhs_i / d state_j.

        Each entry is a number or an array that broadcasts to ``(sample, *grid)``. Implicit solvers
        need it. Without one of its own a system has central differences.
        """
        columns = []
        for j in range(len(state)):
            step = DIFFERENCE * np.maximum(1, np.abs(state[j]))
            ahead, behind = state.copy(), state.copy()
            ahead[j] += step
            behind[j] -= step
            difference = self.rhs(time, ahead, prepared) - self.rhs(time, behind, prepared)
            columns.append(difference / (ahead[j] - behind[j]))
        return [[column[i] for column in columns] for i in range(len(state))]

    def solve(self, time, state, h, right, prepared):
        """Solve (1 - h J) x = right, with J the Jacobian of `rhs`: a step of Newton's method.

        Here each point of the grid is solved by itself. With a `stencil`, neighbours are solved
        together, by central differences of `rhs` instead of `jacobian`. Override it for points that
        are coupled in another way, or for a faster method: all implicit solvers then use it.
        """
        if self.stencil:
            from led.systems import stencils

            slopes = partial(self.rhs, time, prepared=prepared)
            return stencils.factorise(self, slopes, state, h)(right)
        return solve_blocks(self.jacobian(time, state, prepared), h, right)


@dataclass(frozen=True)
class Problem:
    """A system bound to the samples of a batch: what a solver sees."""

    system: System
    prepared: dict
    samples: np.ndarray  # their numbers, for error messages

    @classmethod
    def of(cls, system, drawn, samples=None):
        """Bind `system` to the drawn values, ``{name: array (sample, ...)}``."""
        if samples is None:
            samples = np.arange(len(next(iter(drawn.values()))))
        return cls(system, system.prepare(drawn), np.asarray(samples))

    @property
    def coupled(self):
        """Whether the system says that its points are coupled, by a `solve` or a `stencil`."""
        return type(self.system).solve is not System.solve or self.system.stencil > 0

    def check_coupling(self, time, state):
        """Raise a `ValueError` if points are coupled and an implicit solver would not know."""
        if state.ndim > 2 and type(self.system).solve is System.solve:
            from led.systems import stencils

            stencils.check(self.system, partial(self.rhs, time), state)

    def check_parts(self, base, time, state):
        """Raise a `ValueError` if the rates are not the sum of the parts that a solver uses.

        Parameters
        ----------
        base : type
            The class of systems whose `rhs` is the sum.
        time, state
            As in `System.rhs`.
        """
        found, parts = self.rhs(time, state), base.rhs(self.system, time, state, self.prepared)
        near = 1e-6 * np.abs(parts).max(initial=0.0)
        if not np.allclose(found, parts, rtol=1e-6, atol=near, equal_nan=True):
            raise ValueError(
                f"{type(self.system).__name__}.rhs: found other rates than those of the parts that "
                f"{base.__name__} adds up, expected the same: this solver uses the parts alone"
            )

    def rhs(self, time, state):
        """See `System.rhs`."""
        return self.system.rhs(time, state, self.prepared)

    def jacobian(self, time, state):
        """See `System.jacobian`."""
        return self.system.jacobian(time, state, self.prepared)

    def solve(self, time, state, h, right):
        """See `System.solve`."""
        return self.system.solve(time, state, h, right, self.prepared)

    def subset(self, chosen):
        """Return the problem of some of the samples; `chosen` indexes the sample axis."""
        prepared = {
            name: values if name in self.system.shared else values[chosen]
            for name, values in self.prepared.items()
        }
        return Problem(self.system, prepared, self.samples[chosen])
