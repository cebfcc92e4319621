"""Intervals around a forecast that hold a stated share of the truth.

Split conformal prediction: forecasts of samples that are set aside show how large errors are, in
units of a scale that a forecast has of itself. The intervals of a new forecast are as many scales
wide as that took. After Gopakumar et al., "Uncertainty quantification of surrogate models using
conformal prediction" (2024).

Samples are exchangeable: no order distinguishes those set aside from those to come. Their times and
cells are not, as an error lasts and spreads. So the guarantee is one over samples: of a new sample,
on average at least the stated share of the times and cells of a bin of lead times lies within the
intervals. With n samples set aside it takes a share of level (n + 1) / n of theirs. Angelopoulos,
Bates, Fisch, Lei, Schuster, "Conformal risk control" (2024), where the loss is the share that lies
outside.
"""

import json
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xarray as xr

from led.data.coverage import fewest_samples, share_within
from led.jobs import files
from led.jobs.runtime import ResultWarning

FILE = "calibration.nc"
BINS = 20  # of the lead times, each with its own quantiles
LEVELS = np.arange(1, 1000) / 1000
FLOOR = 0.0015  # of the deviation of a component: where a forecast stands still


def calibrate(forecast, description):
    """Return how many times the `scale` of a forecast its intervals have to reach, at all levels.

    Parameters
    ----------
    forecast : xarray.Dataset
        What `led.surrogate.run.score` returns, of samples that are like those to come. May be a
        file that is not read yet.
    description : led.surrogate.description.Description
        Of the surrogate that made it.

    Returns
    -------
    xarray.Dataset
        ``quantile(level, lead_time, component)``: of |error| / scale over all samples, times and
        cells of a bin of lead times, whose end ``lead_time`` is, from the last known frame on. The
        levels are those that so many samples allow. ``floor(component)`` of the scale, in the unit
        of the component. The attributes are the
        number of ``samples``, the time ``step`` between two frames, and the ``digests`` of the
        networks.

    Raises
    ------
    ValueError
        If the forecast has one frame: its scale needs two.
    """
    time = forecast["time"].values
    if len(time) < 2:
        raise ValueError(
            "interval: found forecasts of one frame to calibrate with, expected two or more"
        )
    step = float(time[1] - time[0])
    bins = np.array_split(np.arange(len(time)), min(BINS, len(time)))
    components = forecast["component"].values
    samples = forecast.sizes["sample"]
    highest = samples / (samples + 1)  # takes the largest score
    levels = np.append(LEVELS[highest - 1e-9 > LEVELS], highest)
    shares = np.clip(share_within(levels, samples) - 1e-9, 0, 1)  # k / n is the k-th of n
    quantiles = np.empty((len(levels), len(bins), len(components)))
    floors, failed = np.empty(len(components)), np.zeros(samples, bool)
    for number in range(len(components)):
        truth, prediction = (
            forecast[name].isel(component=number).values for name in ("truth", "prediction")
        )
        there = ~np.isnan(truth[0, 0])
        if not there.all():  # see `led.data.missing`
            truth, prediction = truth[:, :, there], prediction[:, :, there]
        floors[number] = FLOOR * truth.std(dtype=float) or 1.0  # of a constant component
        scores = np.abs(prediction - truth)
        scores /= scale(prediction, 1.0, floors[number])
        wrong = ~np.isfinite(scores)
        scores[wrong] = np.inf  # farther from the truth than any interval reaches
        failed = failed | wrong.reshape(samples, -1).any(axis=1)
        for place, frames in enumerate(bins):
            quantiles[:, place, number] = np.quantile(
                scores[:, frames], shares, method="inverted_cdf"
            )
    if failed.any():
        warnings.warn(
            f"{failed.sum()} of the {samples} validation forecasts, the first of sample "
            f"{forecast['sample'].values[failed][0]}, have values that are not finite: they count "
            "as outside of every interval",
            ResultWarning,
            stacklevel=2,
        )
    return xr.Dataset(
        {
            "quantile": (("level", "lead_time", "component"), quantiles),
            "floor": ("component", floors),
        },
        coords={
            "level": levels,
            "lead_time": [step * (frames[-1] + 1) for frames in bins],
            "component": components,
        },
        attrs={
            "samples": samples,
            "step": step,
            "digests": json.dumps(description.digests, sort_keys=True),
        },
    )


def scale(prediction, steps, floor):
    """Return how large errors of a forecast may be, where and when: its change from frame to frame.

    Parameters
    ----------
    prediction : ndarray, shape (sample, time, *grid)
        Of two frames or more.
    steps : float
        Frames of the calibration in the time between two frames.
    floor : float
        Is added everywhere.
    """
    return np.abs(np.gradient(prediction, axis=1)) / steps + floor


@dataclass(frozen=True, eq=False)
class Calibration:
    """What `calibrate` returned, for the surrogate that it belongs to.

    Parameters
    ----------
    found : xarray.Dataset
    """

    found: xr.Dataset

    @classmethod
    def read(cls, folder, description):
        """Read that of a surrogate.

        Returns
        -------
        Calibration or None
            None if the folder has none, or that of other networks.

        Raises
        ------
        led.jobs.files.FileError
            If the file is damaged.
        """
        path = Path(folder) / FILE
        if not path.exists():
            return None
        found = files.read(path)
        same = json.loads(found.attrs["digests"]) == description.digests
        return cls(found) if same else None

    def bounds(self, prediction, level):
        """Return the intervals around a forecast.

        Parameters
        ----------
        prediction : xarray.DataArray
            (sample, time, *grid, component); its first frame follows the last known one.
        level : float
            Share of the truth that lies within, rounded up to a thousandth.

        Returns
        -------
        dict of {str: xarray.DataArray}
            ``lower`` and ``upper``, with the attribute ``level``.

        Raises
        ------
        ValueError
            If the level is not between 0 and 1 or takes more samples than there are, or the
            forecast has one frame or is longer than those of the calibration.
        """
        if not 0 < level < 1:
            raise ValueError(f"interval: found {level:g}, expected more than 0 and less than 1")
        samples, time = int(self.found.attrs["samples"]), prediction["time"].values
        if samples < (needed := fewest_samples(level)):
            raise ValueError(
                f"interval: found {level:g} with a calibration on {samples} samples, expected at "
                f"most {samples / (samples + 1):.4g}, or {needed} samples"
            )
        if len(time) < 2:
            raise ValueError("horizon: found one frame, expected two or more with an interval")
        step, ends = time[1] - time[0], self.found["lead_time"].values
        lead = time - time[0] + step
        if lead[-1] > ends[-1] + step / 2:
            raise ValueError(
                f"horizon: found {lead[-1]:g}, expected at most {ends[-1]:g} with an interval: the "
                "forecasts of the calibration are so long"
            )
        bins = np.searchsorted(ends, lead - step / 2)
        row = np.searchsorted(self.found["level"].values, level - 1e-9)
        reach = prediction.astype(float)
        for number in range(prediction.sizes["component"]):
            width = self.found["quantile"].values[row, bins, number]
            part = prediction.values[..., number]
            steps = step / self.found.attrs["step"]
            width = width.reshape(1, -1, *[1] * (part.ndim - 2))
            reach[..., number] = width * scale(part, steps, self.found["floor"].values[number])
        given = {"level": level} | prediction.attrs
        return {
            "lower": (prediction - reach).astype(prediction.dtype).assign_attrs(given),
            "upper": (prediction + reach).astype(prediction.dtype).assign_attrs(given),
        }
