"""What a surrogate consists of: written once, and read by all that forecast with it."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

from led.data import times, units
from led.data.frames import frames_apart, frames_until
from led.jobs import files

FILE = "surrogate.json"
NEAR = 1e-3  # of the spacing of two points: so far they may be from those of the training samples
ROUNDED = 2e-7  # of the largest coordinate, which may be of single precision


@dataclass(frozen=True, kw_only=True)
class Description:
    """All that a forecast needs besides the networks, and which networks these are.

    Parameters
    ----------
    components : list of str
        Names of the components of a state, in their order.
    grid : dict of {str: list of float}
        Coordinates of each dimension of space, in the order of the dimensions.
    units : dict of {str: str}
        Of ``time`` and of the dimensions of space; of the components as ``state``.
    interval : float
        Time between two frames of the training samples, as measured in their file.
    warmup : float
        Time that a forecast is given, in the unit of ``time``.
    smoothing : dict or None
        ``window`` and ``order`` of `led.surrogate.smoothing.smooth`.
    symmetries : dict, list or None
        The section of the system whose symmetries a forecast gets, or the maps of the dataset.
    rnn : dict
        The section of the dynamics.
    inputs : dict of {str: list of [float, float]}
        Names of the inputs, in their order, and the range over the training samples of each number
        that an input has.
    autoencoder : str
        File, relative to the folder of the surrogate, as the following ones.
    members : list of str
        Files of the networks of the ensemble.
    decoder : str or None
        File of the training on forecasts, which replaces the decoder of the autoencoder.
    digests : dict of {str: str}
        SHA-256 of each file.
    """

    components: list
    grid: dict
    units: dict = field(default_factory=dict)
    interval: float
    warmup: float
    smoothing: dict | None = None
    symmetries: dict | list | None = None
    rnn: dict = field(default_factory=dict)
    inputs: dict = field(default_factory=dict)
    autoencoder: str = "autoencoder.keras"
    members: list = field(default_factory=list)
    decoder: str | None = None
    digests: dict = field(default_factory=dict)

    @classmethod
    def of(cls, folder, state, *, autoencoder, members, decoder=None, **settings):
        """Describe trained networks.

        Parameters
        ----------
        folder : str or Path
            Of the surrogate.
        state : xarray.DataArray
            Of the training split, (sample, time, *grid, component).
        autoencoder, members, decoder
            Paths of the networks.
        **settings
            ``warmup``, ``smoothing``, ``symmetries``, ``rnn`` and ``inputs``.
        """
        time = state["time"]
        space = state.dims[2:-1]
        measures = {name: units.unit_of(state[name]) for name in ("time", *space)}
        given = {"autoencoder": autoencoder, "decoder": decoder}
        paths = {key: path and _relative(path, folder) for key, path in given.items()}
        members = [_relative(path, folder) for path in members]
        named = [*members, *filter(None, paths.values())]
        return cls(
            components=[str(name) for name in state["component"].values],
            grid={name: state[name].values.astype(float).tolist() for name in space},
            units=measures | {"state": units.unit_of(state)},
            interval=float(time[1] - time[0]),
            members=members,
            digests={name: _digest(Path(folder) / name) for name in named},
            **paths,
            **settings,
        )

    @classmethod
    def read(cls, folder):
        """Read the description of a folder, and check the files that it names.

        Raises
        ------
        led.jobs.files.FileError
            If there is none, or a file is missing or another one than was described.
        """
        folder = Path(folder)
        try:
            found = cls(**json.loads((folder / FILE).read_text()))
        except FileNotFoundError:
            raise files.FileError(
                f"{folder}: found no {FILE}, expected the results of an experiment: "
                f"snakemake --cores 2 {folder}/{FILE}"
            ) from None
        except (ValueError, TypeError) as error:
            raise files.FileError(
                f"{folder / FILE}: not the description of a surrogate ({error})"
            ) from error
        for name, expected in found.digests.items():
            if _digest(folder / name) != expected:
                raise files.FileError(
                    f"{folder / name}: found another network than the one that {FILE} describes; "
                    "run the workflow again, which describes it anew"
                )
        return found

    def write(self, folder):
        """Write it into a folder, as JSON that people can read."""
        with files.moved_into_place(Path(folder) / FILE) as path:
            path.write_text(json.dumps(asdict(self), indent=2) + "\n")

    @property
    def dims(self):
        """Dimensions of a state: time, those of space, component."""
        return ("time", *self.grid, "component")

    def every(self, step):
        """Return every how many-th frame, `step` apart, is one of a training sample.

        Raises
        ------
        ValueError
            If the frames of the training samples are not multiples of `step` apart.
        """
        return frames_apart(step, self.interval)

    def step_of(self, window):
        """Return the time between two frames of a window: of one frame, that of the training."""
        time = window["time"].values
        return float(time[1] - time[0]) if len(time) > 1 else self.interval

    def check(self, window):
        """Raise a ValueError unless the surrogate can forecast from a window of states.

        Parameters
        ----------
        window : xarray.DataArray
            ([sample,] time, *grid, component), as long as the warm-up or longer.
        """
        dims = tuple(name for name in window.dims if name != "sample")
        if dims != self.dims or "sample" in window.dims[1:]:
            raise ValueError(
                f"window: found the dimensions {window.dims}, expected {self.dims}, or sample in "
                "front of them"
            )
        self._check_components(window)
        self._check_units(window)
        for name, points in self.grid.items():
            found = window[name].values
            spacing = np.abs(np.diff(points)).min() if len(points) > 1 else 0.0
            near = max(NEAR * spacing, ROUNDED * np.abs(points).max())
            if len(found) != len(points) or not np.allclose(found, points, rtol=0, atol=near):
                raise ValueError(
                    f"window: found {len(found)} points along {name}, {_ends(found)}, expected "
                    f"{len(points)}, {_ends(points)}, as in the training samples"
                )
        time = window["time"].values
        if len(time) > 1:
            try:
                times.regular(time)
            except ValueError as error:
                raise ValueError(f"window: {error}") from None
        step = self.step_of(window)
        self.every(step)
        if len(time) < (known := frames_until(self.warmup, step)):
            raise ValueError(
                f"window: found {len(time)} frames, expected at least {known}: the warm-up lasts "
                f"{self.warmup:g}, in steps of {step:g}"
            )

    def _check_components(self, window):
        names = [str(name) for name in window["component"].values]
        unnamed = "component" not in window.coords and len(names) == len(self.components)
        if names != self.components and not unnamed:
            raise ValueError(f"window: found the components {names}, expected {self.components}")

    def _check_units(self, window):
        components, state = self.components, self.units.get("state", "1")
        found = units.named(components, units.unit_of(window))
        try:
            units.check_time(units.unit_of(window["time"]), self.units.get("time", "1"))
            units.check_states(found, units.named(components, state))
        except ValueError as error:
            raise ValueError(f"window: {error} as in the training samples") from None


def _relative(path, folder):
    return str(Path(path).relative_to(folder))


def _digest(path):
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        raise files.FileError(f"{path}: found no such file, expected a trained network") from None


def _ends(points):
    return f"{points[0]:g} to {points[-1]:g}"
