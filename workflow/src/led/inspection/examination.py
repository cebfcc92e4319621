"""Everything that is measured of training and validation samples before anything is trained."""

from dataclasses import dataclass, field

import numpy as np

from led.data import missing
from led.data.frames import forecast_frames
from led.inspection import components, dimension, divergence, neighbours, periods, shifts, trials
from led.inspection.spectrum import Spectrum, modes_for, unexplained
from led.systems import symmetries

FRAMES = 40_000  # of the training samples that latents are looked at in
NUMBERS = 20  # latents in which neighbours are looked for
SHOWN = 0.01  # of the variance, that these leave
DELAYS = {1: 7, 2: 4}  # copies of so many numbers that a state is made of
CHANGED = 2.0  # times the spread between the first and last quarter of a transient
MOVED = 0.5  # deviations that the mean does move meanwhile


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
        baselines = trials.baselines(names, self.state, self.validation, warmup, horizon, self.maps)
        variance = trials.variance_of(self.validation[:, known:stop], self.spectrum.scaling)
        train, validation = self.latents
        least = self.numbers if self.numbers <= IDENTITY else 1
        linear = trials.linear(
            train, validation[:, :stop], self.rest[:, :stop], variance, known, least
        )
        return baselines, linear

    def floor(self, warmup, horizon, modes):
        """Return the nrmse of the validation states themselves, encoded by so many modes."""
        known, stop = forecast_frames(self.validation["time"].values, warmup, horizon, capped=True)
        variance = trials.variance_of(self.validation[:, known:stop], self.spectrum.scaling)
        left = (self.latents[1][:, known:stop, modes:] ** 2).sum(axis=-1) + self.rest[:, known:stop]
        return float(np.median(np.sqrt(left.mean(axis=1) / variance)))


IDENTITY = 8  # numbers of a state up to which it needs no compression


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
    """
    state, other = train["state"], validation["state"]
    if missing.of(state) is not None:
        level, shifted = missing.level(state), False  # a shift would move what is missing
        state, other = (
            split.copy(data=missing.replaced(split.values, level)) for split in (state, other)
        )
    spectrum = Spectrum.of(state)
    along, maps = shifts.periodic(state) if shifted else [], ()
    if along:
        entries = [{"shift": name} for name in along]
        maps = symmetries.of(entries, *symmetries.layout(state))
        shifted = Spectrum.of(state, maps)
        if shifts.gain(spectrum, shifted, other) < shifts.GAIN:
            spectrum = shifted
        else:
            along, maps = [], ()
    few = state[: max(1, FRAMES // state.sizes["time"])]
    latents, rest = spectrum.latents(few)
    validation_latents, validation_rest = spectrum.latents(other)
    train_left = unexplained(latents, rest)
    shown = min(NUMBERS, max(1, modes_for(train_left, SHOWN) or NUMBERS))
    series = latents[..., :shown]
    alone = _without_overlap(train, len(few))
    apart = neighbours.decorrelation(series[alone])
    copies, lag = _delays(series.shape[1], apart, spectrum.modes.shape[0])
    embedded = neighbours.embedded(series[alone], copies, lag)
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
        _is_transient(latents),
        (_with_copies(latents, few, spectrum, maps), validation_latents),
        validation_rest,
        spectrum,
        tuple(maps),
    )


def _delays(frames, apart, numbers):
    """Return how many copies make a state of one or two numbers, and the frames between them."""
    if numbers not in DELAYS:
        return 1, 1
    copies = DELAYS[numbers]
    return copies, max(1, min(apart // 2, frames // (4 * copies)))


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


def _with_copies(latents, states, spectrum, maps):
    """Return the latents of samples, and those of a symmetric copy of each where there are maps."""
    if not maps:
        return latents
    rng = np.random.default_rng(0)
    numbers = rng.integers(len(maps), size=len(states))
    copies = [
        spectrum.latents(maps[number](np.asarray(state)[None]))[0]
        for number, state in zip(numbers, states, strict=True)
    ]
    return np.concatenate([latents, *copies])


def _is_transient(latents):
    """Return whether the first and the last quarter of the samples differ in mean or spread."""
    quarter = max(1, latents.shape[1] // 4)
    first, last = latents[:, :quarter], latents[:, -quarter:]
    means = [part.mean(axis=(0, 1)) for part in (first, last)]
    spreads = [np.sqrt(part.var(axis=(0, 1)).sum()) for part in (first, last)]
    if len(latents) < 4:  # a single series is where it is
        return False
    moved = np.linalg.norm(means[1] - means[0]) / max(*spreads, np.finfo(float).tiny)
    return bool(moved > MOVED or max(spreads) > CHANGED * min(spreads))
