"""A configuration for samples that were examined, with the reason of each choice."""

import math
from dataclasses import dataclass, field

from led.inspection import cost
from led.inspection.examination import IDENTITY

LINEAR = 0.15  # nrmse of linear dynamics from which on nothing better is looked for
CLEARLY = 0.9  # of the best baseline: below that a trial beats it
FEW = 300  # independent frames, below which a network has little to learn from
CLOSE = 1.02  # times the best trial, within which the simplest one is taken
LYAPUNOV_TIMES = 3  # that chaos can be forecast for
PERIODIC = 0.5  # share of the variance in peaks of the spectrum
LOST = 0.25  # of the validation variance: a forecast in these modes is visibly wrong
ROOM = 0.5  # of the error of the best baseline, that the autoencoder alone may have
NEAR = 0.8  # the same, above which it cannot be beaten by much
MOST_LATENTS = 64  # of a recurrent network
WINDOWS = 3000  # of an epoch, at least, where the samples have so many
ORDERLY = 50  # steps in closed loop of dynamics without chaos
MEMORY = 4000  # megabytes: the default of the configuration


@dataclass(frozen=True)
class Choice:
    """One key of an experiment."""

    key: str
    value: object
    reason: str


@dataclass(frozen=True)
class Proposal:
    """A dataset and an experiment.

    Parameters
    ----------
    dataset : dict
        Its section.
    choices : list of Choice
        The keys of the experiment, in their order.
    baselines : dict of {str: float}
        Their nrmse on the validation samples, with the same warm-up and horizon.
    trials : list of led.inspection.trials.Linear
    warnings : list of str
        What cannot work, and why.
    minutes : float
        Expected for all jobs up to the table of errors.
    memory : float
        Megabytes of the samples of training and validation.
    """

    dataset: dict
    choices: list
    baselines: dict
    trials: list
    minutes: float
    memory: float
    warnings: list = field(default_factory=list)


def propose(found, section):
    """Choose what an experiment needs.

    Parameters
    ----------
    found : led.inspection.examination.Examination
    section : dict
        Of the dataset.

    Returns
    -------
    Proposal
    """
    interval, section = found.interval, dict(section)
    known, why_known = _warmup(found, bool(section.get("windows")))
    ahead, why_ahead = _horizon(found, known)
    warmup = _time(known * interval)
    horizon = None if ahead is None else _time(ahead * interval)
    baselines, trials = found.errors_of(warmup, horizon)
    best = min(baselines, key=baselines.get)
    trial = _simplest(trials)
    linear, why_linear = _is_linear(found, trial, best, baselines[best])
    choices = [Choice("warmup", warmup, why_known), Choice("horizon", horizon, why_ahead)]
    if found.shifts:
        section["symmetries"] = [{"shift": name} for name in found.shifts]
        along = " and ".join(found.shifts)
        why = f"shifted along {along}, samples are like others: they cost time, not simulations"
        choices.append(Choice("augment", True, why))
    choices.append(Choice("threads", 1, "networks of this size gain little from more"))
    held = 4e-6 * found.numbers * sum(state.shape[0] * state.shape[1] for state in _states(found))
    if held > MEMORY and (most := int(cost.memory() / 3)) > MEMORY:
        choices.append(Choice("memory", most, f"a third of this machine; samples have {held:.0f}"))
    floors = found.floors(warmup, horizon)
    modes, why_modes = _modes(found, trial if linear else None, floors, baselines[best])
    warnings = list(_warnings(found, modes, floors, best, baselines[best]))
    encoder = {"name": "identity"} if modes is None else {"name": "pca", "latent_dim": modes}
    choices.append(Choice("autoencoder", encoder, why_modes))
    why_smooth = "the latents are not noisy: smoothing would only blur them"
    choices.append(Choice("smoothing", None, why_smooth))
    if linear:
        network, seconds = {"name": "least_squares", "window": trial.window}, 0.0
    else:
        network, seconds, why_linear = _network(found, known, modes or found.numbers, why_linear)
    choices.append(Choice("rnn", network, why_linear))
    if found.grid:
        choices.append(Choice("figures", {"fields": {"sample": 0}}, "to see it on the grid"))
    reading = 2e-8 * found.numbers * found.state.sizes["time"] * len(found.state) * 8
    minutes = (cost.START * 2 + seconds + reading) / 60
    return Proposal(section, choices, baselines, trials, minutes, held, warnings)


def _states(found):
    return found.state, found.validation


def _time(value):
    return float(f"{value:.9g}")


def _warmup(found, windows):
    frames, growth = found.frames, found.divergence.exponent
    if windows:
        return max(1, frames // 2), "half of a window, as the rest follows from several periods"
    if growth:
        known = min(max(4, round(0.1 / growth), found.memory), max(1, frames // 3))
        return known, "a few frames fix a chaotic state; a longer past adds nothing"
    share = sum(entry[1] for entry in found.periods)
    if found.periods and share > PERIODIC and not found.transient:
        known = min(math.ceil(1.5 * found.periods[0][0]), math.ceil(0.4 * frames))
        return (
            known,
            "one and a half periods, or two fifths of a sample: they show the orbit",
        )
    if found.transient:
        return max(2, frames // 10), "a tenth of a sample, as it is a transient"
    return max(2, frames // 5), "a fifth of a sample"


def _horizon(found, known):
    growth, left = found.divergence.exponent, found.frames - known
    if growth and (ahead := math.ceil(LYAPUNOV_TIMES / growth)) < left:
        why = f"{LYAPUNOV_TIMES} Lyapunov times: no forecast follows chaos for longer"
        return ahead, why
    return None, "to the end of the samples"


def _simplest(trials):
    """Return the trial with the fewest coefficients among those that are as good as the best."""
    close = [trial for trial in trials if trial.nrmse <= CLOSE * trials[0].nrmse]
    return min(close, key=lambda trial: trial.modes * trial.window)


def _is_linear(found, trial, best, error):
    """Return whether linear dynamics are proposed, and the reason."""
    reached = f"their nrmse on the validation samples is {trial.nrmse:.2g}, {best} has {error:.2g}"
    if trial.nrmse <= LINEAR and trial.nrmse < CLEARLY * error:
        return True, f"linear dynamics are enough: {reached}"
    independent = found.state.sizes["time"] * found.independent / found.apart
    if independent < FEW and trial.nrmse < CLEARLY * error:
        why = f"a network would learn the {independent:.0f} independent frames by heart"
        return True, f"{why}, so linear dynamics: {reached}"
    return False, f"linear dynamics are not enough: {reached}"


def _modes(found, trial, floors, error):
    """Return the latents of `pca`, None for `identity`, and the reason."""
    if found.numbers <= IDENTITY:
        return None, "a state has few numbers: nothing to compress"
    left = found.validation_left
    if trial:
        modes = trial.modes
    else:
        enough = max(1.5 * left[-1], 1e-3)
        modes = next(k for k, share in enumerate(left) if share <= enough)
        modes = max(1, min(modes, MOST_LATENTS))
        while modes < len(left) - 1 and floors[modes] > ROOM * error:
            modes += 1
    return modes, f"{modes} principal components leave {left[modes]:.2%} of the validation variance"


def _network(found, known, latents, why):
    """Return the section of a recurrent network, the seconds of its training, and the reason."""
    frames, samples, growth = found.frames, len(found.state), found.divergence.exponent
    copies = max(1, len(found.maps))
    units = 256 if latents > IDENTITY else 128
    network = {"name": "stateful", "units": [units]}
    if latents > IDENTITY:
        network["scale"] = "largest"
    rate, training = cost.speed(), {"learning_rate": 0.003, "loss": "mse"}
    if growth:
        closed = min(max(8, round(0.4 / growth)), 64, frames - known - 1)
        window = known + closed
        network |= {"dense_units": [units], "window": window, "shrink_until": 0.2}
        batch = 64
        a_sample = max(1, min(20, frames // window, math.ceil(WINDOWS / (samples * copies))))
        network["windows_per_sample"] = a_sample
        trajectories, steps, most = samples * copies * a_sample, window, 400
        why += f"; windows with {closed} frames in closed loop, as a longer one teaches the mean"
    else:
        network["closed_loop"] = closed = max(1, min(ORDERLY, frames - known - 1))
        batch, steps, most = min(50, max(8, samples * copies // 8)), known + closed, 300
        trajectories = samples * copies * max(1, round(frames / steps))
    seconds = cost.epoch(trajectories, steps, batch, latents, units, units, rate)
    epochs = int(min(most, max(40, cost.TARGET / seconds)))
    training |= {"epochs": epochs, "batch_size": batch, "patience": max(20, epochs // 4)}
    return network | {"training": training}, epochs * seconds, why


def _warnings(found, modes, floors, best, error):
    most = len(found.validation_left) - 1
    left, learned = found.validation_left[most], found.train_left[most]
    if left > LOST and learned < left / 2:
        yield (
            f"Too few samples: {most} principal components of the training samples leave "
            f"{learned:.0%} of their own variance and {left:.0%} of that of the validation "
            "samples. More samples, or symmetries that they have, are needed."
        )
    if modes and floors[modes] > NEAR * error:
        yield (
            f"No forecast by this autoencoder can be much better than {best}: the states alone, "
            f"encoded by {modes} modes and decoded, have an nrmse of {floors[modes]:.2g}, {best} "
            f"has {error:.2g}."
        )
