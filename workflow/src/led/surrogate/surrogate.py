"""The surrogate: encoder, smoothing, an ensemble of networks, and decoder."""

from dataclasses import dataclass, replace
from functools import reduce
from operator import call, iadd
from pathlib import Path

import keras
import numpy as np
import xarray as xr

from led.autoencoders.trained import decode, encode, load, missing_of, shape_of
from led.data import inputs as driven
from led.data.frames import chosen_frames
from led.data.networks import load_network
from led.dynamics.base import load_members
from led.jobs import files
from led.surrogate import calibration
from led.surrogate.calibration import Calibration
from led.surrogate.description import Description
from led.surrogate.modes import latent
from led.systems import symmetries


@dataclass(frozen=True, eq=False)
class Surrogate:
    """Predicts states from a window of true states, for all samples at once.

    Parameters
    ----------
    description : led.surrogate.description.Description
    autoencoder : keras.Model
    members : tuple of led.dynamics.base.Member
        A forecast decodes the mean of their latents.
    decoder : keras.Model, optional
        Decodes the forecast; that of the autoencoder without it.
    symmetries : tuple of (callable, callable)
        Maps of a state and their inverses, as `led.systems.symmetries.pairs` returns them. Each
        symmetric copy of the window is forecast and mapped back, and the mean is the forecast.
    calibration : led.surrogate.calibration.Calibration, optional
        Of the intervals.
    """

    description: Description
    autoencoder: keras.Model
    members: tuple
    decoder: keras.Model | None = None
    symmetries: tuple = ()
    calibration: Calibration | None = None

    @classmethod
    def load(cls, folder):
        """Load what an experiment has learned.

        Parameters
        ----------
        folder : str or Path
            Of the experiment, e.g. ``"results/fhn"``.

        Raises
        ------
        led.jobs.files.FileError
            If a file is missing, damaged, or another one than the description says, or the networks
            do not fit each other.
        """
        folder, described = Path(folder), Description.read(folder)
        autoencoder = load(folder / described.autoencoder)
        dynamics, networks = load_members(described.rnn, [folder / n for n in described.members])
        expected = autoencoder.get_layer("encoder").output.shape[-1]
        for name, network in zip(described.members, networks, strict=True):
            if (found := dynamics.latents_of(network)) != expected:
                raise files.FileError(
                    f"{folder / name}: found a network of {found} latents, expected {expected}, "
                    f"those of {folder / described.autoencoder}"
                )
        decoder = load_network(folder / described.decoder) if described.decoder else None
        members = tuple(map(dynamics.member, networks))
        found = cls(described, autoencoder, members, decoder).symmetrized(described.symmetries)
        return replace(found, calibration=Calibration.read(folder, described))

    def symmetrized(self, section):
        """Return this surrogate with other symmetric copies, and without a calibration.

        Parameters
        ----------
        section : dict, list or None
            See `led.systems.symmetries.of`.
        """
        described = replace(self.description, symmetries=section)
        names = [*described.grid], described.components
        pairs = symmetries.pairs(section, shape_of(self.autoencoder), *names)
        return replace(self, description=described, symmetries=pairs, calibration=None)

    def forecast(
        self,
        window,
        horizon,
        inputs=None,
        every=None,
        times=None,
        interval=None,
        members=False,
    ):
        """Forecast from a window of states.

        Parameters
        ----------
        window : xarray.DataArray
            ([sample,] time, *grid, component) with the coordinate ``time``, in physical units and
            with the time step of the training data or a whole fraction of it; as long as the
            warm-up of the training.
        horizon : float
            Length of the forecast, in the unit of time.
        inputs : mapping, optional
            For a surrogate with inputs, ``{name: values}``: a number, one for each sample, or an
            `xarray.DataArray` along ``time`` or ``(sample, time)``, which has the times of the
            window and of the forecast: a forcing is known beforehand.
        every : int, optional
            Return every n-th of the frames that follow the window. No other is decoded.
        times : sequence of float, optional
            Return the frames at these times.
        interval : float, optional
            Share of the truth that lies between ``lower`` and ``upper``, such as 0.9. All frames
            are decoded for it, as it is wide where a forecast changes from frame to frame.
        members : bool
            Whether to return the forecasts of all members of an ensemble, and their spread.

        Returns
        -------
        xarray.DataArray or xarray.Dataset
            The times that follow `window`, or those asked for, its other coordinates kept. With an
            interval a dataset of ``prediction``, ``lower`` and ``upper``; with members also of
            ``members``, with the dimension ``member`` in front, and ``spread``, their standard
            deviation.

        Raises
        ------
        ValueError
            If the window has other dimensions, components, grid, units or time step than the
            training samples, unequal steps, too few of them or no number where these have one, the
            horizon is shorter than a time step, a frame that is asked for does not follow the
            window within the horizon, an input is missing or does not fit, or the intervals are not
            calibrated for what is asked.
        """
        self.description.check(window)
        self._check_finite(window)
        batch = window if "sample" in window.dims else window.expand_dims("sample")
        known = batch["time"].values
        step = self.description.step_of(window)
        frames = round(horizon / step)
        if frames < 1:
            raise ValueError(f"horizon: found {horizon:g}, expected at least {step:g}, a time step")
        ahead = known[-1] + step * np.arange(1, frames + 1)
        driving = self._driving(inputs or {}, len(batch), np.concatenate([known, ahead]))
        chosen = np.array(chosen_frames(ahead[0], step, frames, every, times))
        decoded = chosen if interval is None else np.arange(frames)
        run = self.rollout(decoded, len(known), self.description.every(step), members)
        found = run(batch.values, driving)
        template = batch.isel(time=0, drop=True).expand_dims(time=ahead[decoded], axis=1)
        forecast = template.copy(data=found.states)
        forecast["time"].attrs = batch["time"].attrs
        further = {}
        if interval is not None:
            further |= self.calibrated().bounds(forecast, interval)
        if members:
            further |= {"members": (("member", *forecast.dims), found.members)}
            further |= {"spread": forecast.copy(data=found.spread)}
        if further:
            forecast = xr.Dataset({"prediction": forecast, **further})
        if interval is not None:
            forecast = forecast.isel(time=chosen)
        return forecast if batch is window else forecast.isel(sample=0)

    def _check_finite(self, window):
        """Raise a ValueError where a window has no number, and no training sample lacked it."""
        wrong = ~np.isfinite(window) & ~missing_of(self.autoencoder)
        if wrong.any():
            first = dict(zip(wrong.dims, np.argwhere(wrong.values)[0], strict=True))
            place = {name: window[name][number].item() for name, number in first.items()}
            raise ValueError(
                f"window: found {int(wrong.sum())} values that are no numbers, the first at {place}"
                ", expected numbers where the training samples have them"
            )

    def calibrated(self):
        """Return the calibration of the intervals.

        Raises
        ------
        ValueError
            If there is none.
        """
        if self.calibration is None:
            raise ValueError(
                f"interval: found no {calibration.FILE} of these networks, expected one; give the "
                "experiment an interval, such as 0.9, and run the workflow again"
            )
        return self.calibration

    def _driving(self, inputs, samples, times):
        expected = list(self.description.inputs)
        if set(inputs) != set(expected):
            raise ValueError(f"inputs: found {sorted(inputs)}, expected {expected}")
        if not expected:
            return None
        try:
            return driven.read(driven.given(inputs, samples, times), expected)
        except files.FileError as error:
            raise ValueError(str(error)) from None

    def rollout(self, chosen, known, every=1, apart=False):
        """Return the function that forecasts: see `led.surrogate.modes.latent.rollout`."""
        return latent.rollout(self, chosen, known, every, apart)

    def encode(self, states):
        """Encode states and their symmetric copies.

        Parameters
        ----------
        states : ndarray, shape (sample, time, *grid, component)

        Returns
        -------
        ndarray, shape (copy and sample, time, latent)
            Of each copy all samples.
        """
        copies = [map_(states) for map_, _ in self.symmetries]
        return encode(self.autoencoder, np.concatenate(copies) if copies else states)

    @property
    def predicts_variance(self):
        """Whether the members forecast how far their latents may be off."""
        return self.members[0].predicts_variance

    def decode_variance(self, latents, variances, inputs=None):
        """Return the variances of states, of those of their latents.

        To first order: each latent in turn is moved by its standard deviation, and the squares of
        what that changes in a state add up. So the latents count as independent. The errors of
        symmetric copies do not: their variances are averaged.

        Parameters
        ----------
        latents, variances : ndarray, shape (copy and sample, time, latent)
        inputs
            As in `decode`.

        Returns
        -------
        ndarray, shape (sample, time, *grid, component)
        """
        inverses = [inverse for _, inverse in self.symmetries] or [np.asarray]
        total = 0.0
        parts = (np.split(values, len(inverses)) for values in (latents, np.sqrt(variances)))
        for inverse, copy, deviations in zip(inverses, *parts, strict=True):
            middle = decode(self.autoencoder, copy, self.decoder, inputs)
            for number in range(copy.shape[-1]):
                moved = copy.copy()
                moved[..., number] += deviations[..., number]
                change = decode(self.autoencoder, moved, self.decoder, inputs) - middle
                total = total + inverse(change) ** 2
        return total / len(inverses)

    def decode(self, latents, inputs=None):
        """Decode latents as a forecast does: map the symmetric copies back and take their mean.

        Parameters
        ----------
        latents : ndarray, shape (copy and sample, time, latent)
        inputs : ndarray, shape (sample, time, input), optional
            For a decoder that uses them.

        Returns
        -------
        ndarray, shape (sample, time, *grid, component)
        """
        inverses = [inverse for _, inverse in self.symmetries] or [np.asarray]
        decoded = (
            decode(self.autoencoder, copy, self.decoder, inputs)
            for copy in np.split(latents, len(inverses))
        )
        states = reduce(iadd, map(call, inverses, decoded))
        states /= len(inverses)
        return states
