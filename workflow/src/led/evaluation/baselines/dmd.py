"""Dynamic mode decomposition with delays, in coordinates of the leading POD modes."""

import math
from dataclasses import dataclass

import numpy as np

from led.data.interpolation import between
from led.evaluation.baselines.base import SteppingBaseline, copies, needed
from led.jobs.options import Count

NOISE = np.finfo(np.float32).eps  # of the files: smaller singular values are noise


@dataclass
class Dmd(SteppingBaseline):
    """Dynamic mode decomposition with delays, linear.

    One operator for all training samples; the warm-up gives the amplitudes of its modes.

    States are standardised and projected on POD modes of the training split. PyDMD fits the
    operator that takes `delays` successive states to those one step later, over windows of all
    training samples, one a step. Eigenvalues outside the unit circle are moved onto it, so that no
    forecast grows without bound, not even that of a system that does. DMD: Tu et al. (2014);
    delays: Le Clainche and Vega (2017).

    Parameters
    ----------
    rank : int
        POD modes; a state of fewer numbers has as many as those.
    delays : int
        States that the operator sees.
    stride : int
        Frames a step, and between two of these states; a cubic spline gives the frames in between.
    """

    rank: Count = 20
    delays: Count = 10
    stride: Count = 1

    def advance(self, train, window, interval, frames):
        pydmd = needed("pydmd")
        needs = (self.delays - 1) * self.stride + 1
        if needs > window.shape[1] or self.delays * self.stride >= train.sizes["time"]:
            raise ValueError(
                f"baselines: found dmd with {self.delays} delays of {self.stride} frames, expected "
                f"windows of less than {train.sizes['time'] - self.stride} frames, and of at most "
                f"{window.shape[1]}, the warm-up"
            )
        mean, deviation, modes = _pod(train, self.maps, self.rank)

        def project(states):
            scaled = (states - mean) / deviation
            return scaled.reshape(*states.shape[: -mean.ndim], -1) @ modes

        latents = project(window)[:, -needs :: self.stride]
        steps = -(-frames // self.stride)
        ahead = self._run(pydmd, self._windows(train, project), latents, steps)
        series = np.concatenate([latents, ahead], axis=1)
        ahead = between(series, self.stride, needs - 1 + np.arange(1, frames + 1))
        states = (ahead @ modes.T).reshape(len(window), frames, *mean.shape)
        return states * deviation + mean

    def _windows(self, train, project):
        """Return all windows of delays + 1 states as rows, or fewer rows with the same products.

        The operator follows from the products of the columns alone, which a QR decomposition keeps:
        so memory does not grow with the number of samples.
        """
        rows, waiting = [], 0
        for states in copies(train, self.maps):
            latents = project(states)
            span = self.delays * self.stride + 1
            windows = np.lib.stride_tricks.sliding_window_view(latents, span, axis=0)
            windows = windows[:: self.stride, :, :: self.stride].transpose(0, 2, 1)
            rows.append(windows.reshape(len(windows), -1))
            waiting += len(windows)
            if waiting > 4 * rows[0].shape[1]:
                rows, waiting = [np.linalg.qr(np.concatenate(rows), mode="r")], 0
        return np.concatenate(rows)

    def _run(self, pydmd, windows, latents, steps):
        size = latents.shape[-1]
        before, after = windows[:, :-size].T, windows[:, size:].T
        singular = np.linalg.svd(before, compute_uv=False)
        rank = int((singular > NOISE * singular[0]).sum())
        found = pydmd.DMD(svd_rank=rank).fit(before, after)
        eigenvalues = found.eigs / np.maximum(1, np.abs(found.eigs))
        start = latents.reshape(len(latents), -1).T.astype(complex)
        amplitudes = np.linalg.lstsq(found.modes, start, rcond=None)[0]
        newest = found.modes[-size:]
        powers = eigenvalues[:, None] ** np.arange(1, steps + 1)
        # one sample at a time: with all modes, a long forecast is many times as large as its states
        ahead = [(newest @ (amplitude[:, None] * powers)).real.T for amplitude in amplitudes.T]
        return np.stack(ahead)


def _pod(train, maps, rank):
    """Return mean and deviation of the components, and the leading POD modes of the states."""
    size = math.prod(train.shape[2:])
    total, products, count = np.zeros(size), np.zeros((size, size)), 0
    for states in copies(train, maps):
        values = states.reshape(-1, size)
        total += values.sum(0)
        products += values.T @ values
        count += len(values)
    components = train.shape[-1]
    mean = (total / count).reshape(-1, components).mean(0)
    squares = (np.diag(products) / count).reshape(-1, components).mean(0)
    deviation = np.sqrt(np.maximum(squares - mean**2, 0))
    deviation[deviation == 0] = 1
    centre, scale = (np.tile(values, size // components) for values in (mean, deviation))
    products += count * np.outer(centre, centre) - np.outer(total, centre) - np.outer(centre, total)
    _, modes = np.linalg.eigh(products / np.outer(scale, scale))
    shape = train.shape[2:]
    return np.broadcast_to(mean, shape), np.broadcast_to(deviation, shape), modes[:, ::-1][:, :rank]
