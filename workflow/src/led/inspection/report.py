"""What an examination has found, in words: for the terminal, and for the page."""

import numpy as np

from led.data import units
from led.inspection.spectrum import modes_for

SHARES = (0.1, 0.01, 0.001)
SHOWN = (1, 2, 4, 8, 16, 32, 64, 128, 256)
WIDTH = 88


def sections(found, proposal, notes):
    """Return the parts of a report.

    Parameters
    ----------
    found : led.inspection.examination.Examination
    proposal : led.inspection.proposal.Proposal
    notes : list of str
        What reading the files has printed.

    Returns
    -------
    list of (str, list of str)
        Headings and sentences.
    """
    return [
        ("What was read", [*_read(found), *notes]),
        ("Components", [*_components(found)]),
        ("How many numbers a state needs", [*_spectrum(found)]),
        ("How it moves", [*_motion(found)]),
        ("What simple forecasts reach", [*_simple(proposal)]),
        ("Proposal", [*_proposal(proposal)]),
    ]


def text(parts, warnings):
    """Return a report for the terminal."""
    lines = []
    for heading, sentences in parts:
        lines += [heading, *(f"  {sentence}" for sentence in sentences), ""]
    lines += [f"Warning: {warning}" for warning in warnings]
    return "\n".join(lines).rstrip() + "\n"


def _read(found):
    state, unit = found.state, units.unit_of(found.state["time"])
    unit = "" if unit == "1" else f" {unit}"
    for name, split in (("training", state), ("validation", found.validation)):
        yield (
            f"{split.sizes['sample']} {name} samples of {split.sizes['time']} frames, "
            f"{found.interval:g}{unit} apart: regular."
        )
    sides = " x ".join(map(str, found.grid.values()))
    along = f"{sides} points along {', '.join(found.grid)}" if found.grid else "none"
    yield f"Grid: {along}. A state has {found.numbers} numbers."
    if found.others:
        yield f"Other variables, which may be inputs: {', '.join(found.others)}."
    if found.repeated:
        sample, frame = found.repeated[0]
        yield (
            f"{len(found.repeated)} frames equal the frame before, the first in sample {sample} "
            f"at frame {frame}: a sensor that stood still, or a steady state."
        )


def _components(found):
    names = units.units_of(found.state)
    for part in found.components:
        unit = "" if names[part.name] == "1" else f" {names[part.name]}"
        yield (
            f"{part.name}: {part.lowest:.4g} to {part.highest:.4g}{unit}, mean {part.mean:.4g}, "
            f"standard deviation {part.deviation:.4g}"
            + "".join(f"; {remark}" for remark in part.remarks)
            + "."
        )


def _spectrum(found):
    if found.numbers > 1:
        yield from _modes(found.train_left, found.validation_left)
    if np.isfinite(found.dimension):
        yield (
            f"Intrinsic dimension {found.dimension:.1f}, give or take {found.dimension_spread:.1f} "
            "(two nearest neighbours)."
        )
    else:
        yield "Intrinsic dimension: too few states have neighbours."


def _modes(learned, left):
    yield "Share of the variance that principal components of the training samples leave:"
    for count in [count for count in SHOWN if count < len(left)]:
        yield f"  {count:4d}: {learned[count]:8.2%} of training, {left[count]:8.2%} of validation"
    enough = [(share, modes_for(left, share)) for share in SHARES]
    reached = [f"{count} leave {share:.1%}" for share, count in enough if count]
    yield f"Of validation, {', '.join(reached) or 'all of them leave more than 10 %'}."


def _motion(found):
    step = found.interval
    yield f"States decorrelate in {found.apart} frames, {found.apart * step:.4g} in time."
    if found.periods:
        shown = [f"{frames * step:.4g} ({share:.0%})" for frames, share in found.periods]
        yield f"Dominant periods, with their share of the variance: {', '.join(shown)}."
    else:
        yield "No dominant period."
    grown = found.divergence
    if grown.exponent:
        yield (
            f"Largest Lyapunov exponent {grown.exponent / step:.3g}, give or take "
            f"{grown.error / step:.1g}, {grown.why}: chaos, with a Lyapunov time of "
            f"{step / grown.exponent:.3g}."
        )
    else:
        yield f"Largest Lyapunov exponent: none seen; {grown.why}."
    if found.transient:
        yield "Samples begin in another way than they end: a transient."
    if found.shifts:
        yield f"Periodic along {', '.join(found.shifts)}, and shifted samples are samples."


def _simple(proposal):
    yield "Median nrmse over the validation samples; 1 is as bad as their mean:"
    for name, error in proposal.baselines.items():
        yield f"  {name}: {error:.3g}"
    best = proposal.trials[0]
    yield (
        f"  linear dynamics of {best.modes} latents, from {best.window} frames: {best.nrmse:.3g}"
    )


def _proposal(proposal):
    for choice in proposal.choices:
        yield f"{choice.key}: {written(choice.value)}  # {choice.reason}"
    yield (
        f"Expected on this machine: {max(1, round(proposal.minutes))} minutes, with "
        f"{proposal.memory:.0f} MB of samples in memory."
    )


def written(value):
    """Return a value as YAML in one line."""
    import yaml

    return (
        yaml.safe_dump(value, default_flow_style=True, width=10**6, sort_keys=False)
        .split("\n...")[0]
        .strip()
    )


def configuration(proposal, name, path, dataset=None):
    """Return the proposal as the text of a configuration.

    Parameters
    ----------
    proposal : led.inspection.proposal.Proposal
    name : str
        Of the dataset and of the experiment.
    path : str
        Of the file that it goes to, for the command in its first lines.
    dataset : str, optional
        One that there is already; its section is left out.
    """
    key = written(name)  # a year would be a number
    lines = [
        "# Proposed by `led inspect`. The target comes before --configfile, which takes all that",
        "# follows it for further files:",
        f"#   snakemake --cores 2 results/{name}/report.html --configfile {path}",
        *(f"# Warning: {warning}" for warning in proposal.warnings),
        *([] if dataset else ["datasets:", f"  {key}:"]),
        *(f"    {key}: {written(value)}" for key, value in proposal.dataset.items()),
        "experiments:",
        f"  {key}:",
        f"    dataset: {written(dataset or name)}",
    ]
    for choice in proposal.choices:
        lines += [f"    # {choice.reason}", f"    {choice.key}: {written(choice.value)}"]
    return "\n".join(lines) + "\n"
