"""Everything that is measured of training and validation samples before anything is trained."""

from dataclasses import dataclass, field

import numpy as np

from led.data import missing
from led.data.frames import forecast_frames
from led.inspection import (
    components,
    dimension,
    divergence,
    embedding,
    neighbours,
    periods,
    shifts,
    stationarity,
    trials,
)
from led.inspection.spectrum import Spectrum, modes_for, unexplained
from led.jobs.files import FileError

FRAMES = 40_000  # of the training samples that latents are looked at in
NUMBERS = 20  # latents in which neighbours are looked for
SHOWN = 0.01  # of the variance, that these leave
IDENTITY = 8  # numbers of a state up to which it needs no compression
HELD = 1e9  # bytes of states that are read once and kept


@dataclass(frozen=True, eq=False)
class Examination:
    """What samples are like.

    Parameters
    ----------
    state : xarray.DataArray
        Of the training split; may be a file that is not read yet.
    validation : xarray.DataArray
    components : list of led.inspection.components.Component
    repeated : list of (int, int)
        Sample and time of frames that equal the frame before.
    others : list of str
        Names of the other variables.
    train_left, validation_left : ndarray, shape (mode + 1,)
        Share of the variance that modes of the training samples leave.
    shifts : list of str
        Dimensions along which shifted samples are samples.
    apart : int
        Frames until a state has little to do with the first one.
    memory : int
        Frames that a state is told from where it is measured in one or two numbers; else 1.
    independent : int
        Samples of the training split that do not overlap.
    dimension, dimension_spread : float
    frequencies, power : ndarray
        As `led.inspection.periods.power` returns them.
    periods : list of (float, float)
        Frames and share of the variance.
    divergence : led.inspection.divergence.Divergence
    transient : bool
        Whether samples begin in another way than they end.
    latents : tuple of ndarray
        Of both splits, (sample, time, mode).
    rest : ndarray, shape (sample, time)
        Square of what all modes leave of the validation states.
    spectrum : led.inspection.spectrum.Spectrum
    maps : tuple of callable
        The shifts.
    """

    state: object
    validation: object
    components: list
    repeated: list
    others: list
    train_left: np.ndarray
    validation_left: np.ndarray
    shifts: list
    apart: int
    memory: int
    independent: int
    dimension: float
    dimension_spread: float
    frequencies: np.ndarray
    power: np.ndarray
    periods: list
    divergence: divergence.Divergence
    transient: bool
    latents: tuple = field(repr=False)
    rest: np.ndarray = field(repr=False)
    spectrum: Spectrum = field(repr=False)
    maps: tuple = ()

    @property
    def interval(self):
        """Time between two frames."""
        return float(self.state["time"][1] - self.state["time"][0])

    @property
    def frames(self):
        """Frames of the shorter of a training and a validation sample."""
        return min(self.state.sizes["time"], self.validation.sizes["time"])

    @property
    def grid(self):
        """Sizes of the dimensions of space."""
        return {name: self.state.sizes[name] for name in self.state.dims[2:-1]}

    @property
    def numbers(self):
        """Numbers of a state."""
        return int(np.prod(self.state.shape[2:]))

    def errors_of(self, warmup, horizon):
        """Return the nrmse of the baselines, and the trials of linear dynamics, on the validation.

        Parameters
        ----------
        warmup, horizon : float
            As the experiment takes them.

        Returns
        -------
        dict of {str: float}
        list of led.inspection.trials.Linear
        """
        known, stop = forecast_frames(self.validation["time"].values, warmup, horizon, capped=True)
        names = ("persistence", "mean", "nearest")
        baselines = trials.baselines(
            names, self.state, self.validation, self.spectrum.scaling, warmup, horizon, self.maps
        )
        variance = trials.variance_of(self.validation[:, known:stop], self.spectrum.scaling)
        train, validation = self.latents
        least = self.numbers if self.numbers <= IDENTITY else 1
        linear = trials.linear(
            train, validation[:, :stop], self.rest[:, :stop], variance, known, least
        )
        return baselines, linear

    def floors(self, warmup, horizon):
        """Return the nrmse of the validation states, encoded by the first modes and decoded.

        Returns
        -------
        ndarray, shape (mode + 1,)
            Entry k: with k modes. The median over the samples.
        """
        known, stop = forecast_frames(self.validation["time"].values, warmup, horizon, capped=True)
        variance = trials.variance_of(self.validation[:, known:stop], self.spectrum.scaling)
        squares = (self.latents[1][:, known:stop] ** 2).mean(axis=1)
        rest = self.rest[:, known:stop].mean(axis=1)
        left = np.cumsum(squares[:, ::-1], axis=1)[:, ::-1] + rest[:, None]
        left = np.concatenate([left, rest[:, None]], axis=1)
        return np.median(np.sqrt(left / variance[:, None]), axis=0)


def examine(train, validation, shifted=True):
    """Examine the samples of two splits.

    Parameters
    ----------
    train, validation : xarray.Dataset
        In the form of results/datasets; may be files that are not read yet.
    shifted : bool
        Whether to see if shifted samples are samples.

    Returns
    -------
    Examination

    Raises
    ------
    led.jobs.files.FileError
        If all states are equal.
    """
    state, other = train["state"], validation["state"]
    if state.nbytes + other.nbytes < HELD:
        state, other = state.load(), other.load()
    if missing.of(state) is not None:
        level, shifted = missing.level(state), False  # a shift would move what is missing
        state, other = (
            split.copy(data=missing.replaced(split.values, level)) for split in (state, other)
        )
    spectrum, along, maps = Spectrum.of(state), [], ()
    if spectrum.modes.shape[1] == 0:
        raise FileError(
            "found the same numbers in all frames of the training samples, expected states that "
            "change: there is nothing to learn"
        )
    if shifted:
        spectrum, along, maps = shifts.used(state, other, spectrum)
    few = state[: max(1, FRAMES // state.sizes["time"])]
    latents, rest = spectrum.latents(few)
    validation_latents, validation_rest = spectrum.latents(other)
    train_left = unexplained(latents, rest)
    shown = min(NUMBERS, max(1, modes_for(train_left, SHOWN) or NUMBERS))
    series = latents[..., :shown]
    alone = _without_overlap(train, len(few))
    apart = neighbours.decorrelation(series[alone])
    copies, lag = embedding.delays(series.shape[1], apart, spectrum.modes.shape[0])
    embedded = embedding.embedded(series[alone], copies, lag)
    dimensions = dimension.two_nearest(embedded, apart)
    frequencies, power = periods.power(series)
    return Examination(
        state,
        other,
        components.describe(state),
        components.repeated(few),
        [str(name) for name in train.variables if name not in ("state", *state.dims)],
        train_left,
        unexplained(validation_latents, validation_rest),
        along,
        apart,
        1 + (copies - 1) * lag,
        len(_without_overlap(train, len(state))),
        *dimensions,
        frequencies,
        power,
        periods.dominant(frequencies, power),
        divergence.measure(embedded, apart),
        stationarity.is_transient(latents),
        (np.concatenate([latents, *spectrum.of_copies(few, maps)]), validation_latents),
        validation_rest,
        spectrum,
        maps,
    )


def _without_overlap(dataset, count):
    """Return the numbers of the first samples that share no frames: windows of a run may."""
    if "run_start" not in dataset:
        return np.arange(count)
    time = dataset["time"].values
    length, ends, kept = time[-1] - time[0], {}, []
    for number in range(count):
        run, start = int(dataset["run"][number]), float(dataset["run_start"][number])
        if start > ends.get(run, -np.inf):
            kept.append(number)
            ends[run] = start + length
    return np.array(kept)
