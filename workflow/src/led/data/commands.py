"""Samples that a command of the user makes, one after the other: run, checked and kept."""

import hashlib
import json
import os
import shlex
import shutil
from dataclasses import dataclass

import xarray as xr

from led.data import inputs, names, outputs
from led.data.simulate import draw
from led.jobs import contents, files, shell
from led.jobs.runtime import progress

SUFFIXES = {"netcdf": ".nc", "npy": ".npy", "npz": ".npz"}


@dataclass(frozen=True)
class Distributions:
    """What the values of a sample are drawn from.

    Parameters
    ----------
    chosen : dict of {str: dict}
        By name, one of ``uniform: [low, high]``, ``integer: [low, high]`` with both ends,
        ``normal: [mean, deviation]``, and ``choice: [...]`` of numbers.
    """

    chosen: dict

    def draw(self, rng):
        """Draw the values of one sample, ``{name: number}``."""
        found = {}
        for name, distribution in sorted(self.chosen.items()):
            ((kind, numbers),) = distribution.items()
            if kind == "integer":
                found[name] = int(rng.integers(*numbers, endpoint=True))
            elif kind == "choice":
                found[name] = whole(numbers)[int(rng.integers(len(numbers)))]
            else:
                found[name] = float(getattr(rng, kind)(*numbers))
        return found


def whole(numbers):
    """Return numbers as integers if all of them are; a program may read no 1.0 as a seed."""
    return [int(number) for number in numbers] if all(n == int(n) for n in numbers) else numbers


def drawn(settings):
    """Return the values of the samples of a batch, one ``{name: number}`` each.

    Parameters
    ----------
    settings : dict
        ``rows``; or ``draw``, and ``samples``, the first and the one after the last, with the other
        arguments of `led.data.simulate.draw`.
    """
    if settings["rows"] is not None:
        return settings["rows"]
    options = {key: settings[key] for key in ("seed", "split", "design", "number")}
    samples = range(*settings["samples"])
    found = draw(Distributions(settings["draw"]), samples=samples, **options)
    return [
        {name: values[row].item() for name, values in found.items()} for row in range(len(samples))
    ]


@dataclass(frozen=True)
class Command:
    """How a sample is made and read.

    Parameters
    ----------
    command : str
        With the placeholders ``{parameters}`` and ``{output}``.
    depends : list of dict
        ``path`` and ``sha256`` of each file that it depends on.
    format : {"netcdf", "npy", "npz"}
    dt : float or None
        Time between two frames.
    dims : list of str or None
        Of an array, in their order.
    threads : int
    used : sequence of str
        Inputs of the experiments on these samples.
    """

    command: str
    depends: list
    format: str
    dt: float | None
    dims: list | None
    threads: int
    used: tuple = ()

    def batch(self, split, first, values, folder):
        """Run the command for each sample of a batch that is not there yet.

        Parameters
        ----------
        split : str
        first : int
            Number of the first sample.
        values : list of dict
            Of each sample: see `drawn`.
        folder : Path
            Of this batch alone. Samples that are finished stay there, under a digest of what they
            depend on; all other files are removed.

        Returns
        -------
        xarray.Dataset
            ``state(sample, time, *grid, component)`` in float64; the values are coordinates of
            ``sample``.

        Raises
        ------
        led.jobs.files.FileError
            If the command fails, or what it wrote is missing, malformed, not finite, or on other
            times or points than the first sample; names the sample and the command.
        """
        folder.mkdir(parents=True, exist_ok=True)
        paths = [self._path(folder, first + row, entry) for row, entry in enumerate(values)]
        for other in set(folder.iterdir()) - set(paths):
            shutil.rmtree(other) if other.is_dir() else other.unlink()
        there = sum(path.exists() for path in paths)
        if there:
            print(f"{there} of {len(paths)} samples are there from an earlier run", flush=True)
        parts = []
        for row, path in enumerate(progress(paths, "sample")):
            sample = first + row
            if not path.exists():
                self._make(f"sample {sample} of {split}", sample, values[row], path)
            part = self._read(path, quiet=row > 0)
            if parts:
                outputs.check_same(path, part, paths[0], parts[0])
            parts.append(part.assign_coords(sample=[sample]))
        batch = _together(parts, values, folder)
        if self.used:
            inputs.read(batch, self.used, folder)  # here, as those of the test are needed last
        return batch

    def _path(self, folder, sample, values):
        content = json.dumps([self.command, [file["sha256"] for file in self.depends], values])
        digest = hashlib.sha256(content.encode()).hexdigest()[:16]
        return folder / f"{sample}-{digest}{SUFFIXES[self.format]}"

    def _make(self, name, sample, values, path):
        """Run the command for a sample; what it wrote moves to `path` if it can be used."""
        written = path.with_name(f"{sample}{path.suffix}")
        parameters = path.with_name(f"{sample}.json")
        parameters.write_text(json.dumps(values) + "\n")
        command = self.command
        for placeholder, file in {"parameters": parameters, "output": written}.items():
            command = command.replace(f"{{{placeholder}}}", shlex.quote(str(file.absolute())))
        print(f"{name}: {command}", flush=True)
        status = shell.run(command, self.threads)
        try:
            if status:
                raise files.FileError("its output is above in the log")
            if not written.exists():
                raise files.FileError(f"found no file {written}, expected its {self.format} there")
            self._read(written, quiet=True)
        except files.FileError as error:
            raise files.FileError(
                f"{name}: the command ended with exit status {status}: {command}\n{error}; the "
                "samples before it are kept"
            ) from error
        for file in self.depends:
            contents.check(file["path"], file["sha256"])
        with open(written, "rb") as file:
            os.fsync(file.fileno())
        os.replace(written, path)

    def _read(self, path, quiet):
        return outputs.read(path, self.dt, self.dims, quiet, self.used)


def _together(parts, values, folder):
    space = parts[0]["state"].dims[2:-1]
    try:
        names.check(space, parts[0]["component"].values, values[0])
        if there := sorted(set(values[0]) & set(parts[0].data_vars)):
            raise ValueError(f"found {there[0]!r} as drawn and as a variable; rename one")
    except ValueError as error:
        raise files.FileError(f"{folder}: {error}") from error
    batch = xr.concat(
        parts, "sample", data_vars="minimal", coords="minimal", compat="override", join="override"
    )
    coordinates = {
        name: ("sample", [entry[name] for entry in values], {"units": "1"}) for name in values[0]
    }
    return batch.assign_coords(coordinates)
