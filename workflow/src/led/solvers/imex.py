"""An implicit-explicit Runge-Kutta method, for a stiff linear part."""

from dataclasses import dataclass

from led.solvers.base import Solver
from led.systems.split import SplitSystem

# of Ascher, Ruuth, Spiteri, Appl. Numer. Math. 25, 151 (1997), section 2.8: (4,4,3)
DIAGONAL = 1 / 2
IMPLICIT = [[], [1 / 6], [-1 / 2, 1 / 2], [3 / 2, -3 / 2, 1 / 2]]  # below the diagonal
EXPLICIT = [[1 / 2], [11 / 18, 1 / 18], [5 / 6, -5 / 6, 1 / 2], [1 / 4, 7 / 4, 3 / 4, -7 / 4]]
TIMES = [0, 1 / 2, 2 / 3, 1 / 2]


@dataclass(frozen=True)
class Imex(Solver):
    """ARS(4,4,3): order 3, implicit and L-stable in the linear part, explicit in the rest.

    It has no options. The system is a `led.systems.split.SplitSystem`, or a `SpectralSystem` as
    one of them. Linear equations are factorised once: the memory has their solution, and the time
    step that it is for.
    """

    def start(self, problem, time, state):
        if not isinstance(problem.system, SplitSystem):
            raise TypeError(
                f"solver imex: found the system {type(problem.system).__name__}, expected a "
                "subclass of led.systems.split.SplitSystem or led.systems.spectral.SpectralSystem, "
                "which gives its linear part"
            )
        problem.check_parts(SplitSystem, time, state)
        return None, None

    def step(self, problem, time, state, dt, memory):
        system, prepared = problem.system, problem.prepared
        if memory[0] != dt:
            memory = dt, system.implicit(state, DIAGONAL * dt, prepared)
        stage, stiff, rest = state, [], []
        for implicit, explicit, c in zip(IMPLICIT, EXPLICIT, TIMES, strict=True):
            rest.append(system.nonlinear(time + c * dt, stage, prepared))
            terms = zip([*implicit, *explicit], [*stiff, *rest], strict=True)
            known = state + dt * sum(weight * slope for weight, slope in terms)
            stage = memory[1](known)
            stiff.append((stage - known) / (DIAGONAL * dt))
        return stage, memory
