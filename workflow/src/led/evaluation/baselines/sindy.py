"""Sparse identification of nonlinear dynamics: a few polynomial terms that fit the slopes."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.integrate import solve_ivp

from led.evaluation.baselines.base import SteppingBaseline, copies, needed
from led.jobs.options import NonNegative

REACH = 10  # how much farther than the training data a forecast may go


@dataclass
class Sindy(SteppingBaseline):
    """Polynomial equations found by SINDy, integrated.

    They start from the last frame of the warm-up.

    Slopes are centred differences of fourth order; the two frames at each end of a sample, where
    differences are one-sided, are left out. Coefficients below the threshold are set to zero, again
    and again. Far outside the training data polynomials explode, so a slope there is that at the
    edge of ten times their range, where a forecast stays. Brunton, Proctor and Kutz (2016).

    Parameters
    ----------
    degree : int
        Of the polynomials.
    threshold : float
        Smallest coefficient, in physical units.
    """

    degree: Literal[1, 2, 3, 4, 5, 6, 7, 8, 9, 10] = 3
    threshold: NonNegative = 0.1

    def advance(self, train, window, interval, frames):
        if window.ndim != 3:
            raise ValueError(
                f"baselines: found sindy on a state of shape {window.shape[2:]}, expected "
                "components without a grid"
            )
        samples = np.stack(list(copies(train, self.maps)))
        powers, coefficients = self.identify(samples, interval)
        low, high = samples.min((0, 1)), samples.max((0, 1))
        middle, reach = (high + low) / 2, REACH * (high - low) / 2
        low, high = middle - reach, middle + reach

        def slope(_, state):
            return coefficients @ np.prod(np.clip(state, low, high) ** powers, axis=1)

        times = interval * np.arange(frames + 1)
        states = np.empty((len(window), frames, window.shape[-1]))
        for sample, series in enumerate(window):
            found = solve_ivp(
                slope, times[[0, -1]], series[-1], "LSODA", t_eval=times, rtol=1e-8, atol=1e-8
            )
            if not found.success:
                raise RuntimeError(f"baselines: sindy, test sample {sample}: {found.message}")
            states[sample] = np.clip(found.y.T[1:], low, high)
        return states

    def identify(self, samples, interval):
        """Return the powers of all terms (term, component) and coefficients (component, term)."""
        pysindy = needed("pysindy")
        library = pysindy.PolynomialLibrary(degree=self.degree)
        model = pysindy.SINDy(
            optimizer=pysindy.STLSQ(threshold=self.threshold),
            feature_library=library,
            differentiation_method=pysindy.FiniteDifference(order=4, drop_endpoints=True),
        )
        model.fit(list(samples), t=interval)
        model.print()
        return library.powers_, model.coefficients()
