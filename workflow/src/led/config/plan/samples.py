"""What the jobs that make samples depend on."""

from led.config import commands
from led.config.chosen import (
    batches_of,
    dataset_of,
    design_of,
    duration,
    files_of,
    interval_of,
    output_every,
    reading_of,
    share_of,
    windows_of,
)
from led.config.plan.dependencies import drawing, only, simulation_sources
from led.config.stage import Stage
from led.jobs import contents


def simulate_batch(config, wildcards):
    """Get the range of the samples but not their number, so that more samples keep a batch."""
    dataset, split = dataset_of(config, wildcards), wildcards.split
    settings = only(dataset, "system", "solver", "dt", "spin_up") | design_of(dataset, split)
    settings |= {
        "duration": duration(dataset, split),
        "output_every": output_every(dataset, split),
        "split": split,
        "samples": batches_of(dataset, split)[int(wildcards.batch)],
    }
    return Stage(settings, simulation_sources(dataset))


def run_command(config, wildcards):
    """Get the command, and of its samples the values or the range, but not their number."""
    dataset, split = dataset_of(config, wildcards), wildcards.split
    samples = batches_of(dataset, split)[int(wildcards.batch)]
    settings = only(dataset, "command", "format", "dt", "dims", "draw")
    settings |= design_of(dataset, split) | {"split": split, "samples": samples}
    if rows := commands.rows(dataset, split, samples):
        settings |= dict.fromkeys(("seed", "design", "number"))
    return Stage(settings | {"rows": rows, "depends": commands.depends(dataset)})


def merge_batches(config, wildcards):
    """Depend on the batches alone."""
    return Stage()


def import_samples(config, wildcards):
    """Depend on how files are read, their content, and the part and windows of this split alone."""
    dataset, split = dataset_of(config, wildcards), wildcards.split
    splits = {"file": split, "reference": "train"}
    digests = {
        role: [contents.digest(path) for path in files_of(dataset, name)]
        for role, name in splits.items()
    }
    settings = reading_of(dataset) | {"digests": digests}
    parts = {
        "interval": interval_of(dataset, split),
        "share": share_of(dataset, split),
        "windows": windows_of(dataset, split),
        "fill": dataset.get("fill"),
    }
    return Stage(settings | {key: value for key, value in parts.items() if value})


def refine_samples(config, wildcards):
    """Depend on the simulation; the samples themselves are a file."""
    dataset, split = dataset_of(config, wildcards), wildcards.split
    return Stage(drawing(dataset, split), simulation_sources(dataset))
