# The resources that jobs request from a cluster.
import math

from led.config.datasets import grid_of
from led.config.samples import samples_of

TENSORFLOW = 1500  # megabytes, with Snakemake in the same job; half of it was seen


def unpacked(wildcards, input):
    """Megabytes of the input of a job in memory: samples are compressed, `fhn` to a third."""
    return 5 * input.size_mb


def held(wildcards, input):
    """Megabytes of a training, which holds no more states than it may."""
    return min(unpacked(wildcards, input), 2 * chosen.experiment_of(config, wildcards)["memory"])


def forecasts(wildcards, input):
    """Megabytes of the forecasts of the test samples, and of their comparison in the same group."""
    return 40 * input.size_mb


def simulated(wildcards, input):
    """Megabytes of the states of a batch: 16 bytes for each number, in float64 and rounded."""
    dataset = chosen.dataset_of(config, wildcards)
    samples = samples_of(dataset, wildcards.get("split", "train"))
    numbers = math.prod(grid_of(dataset)) * samples.frames * (samples.components or 2)
    return 16e-6 * numbers * dataset["batch_size"]


def needs(minutes=10, fixed=500, data=unpacked):
    """What a job requests from a cluster, more at each attempt; a run on one machine ignores it."""

    def megabytes(wildcards, input, attempt):
        return math.ceil(attempt * (fixed + data(wildcards, input)))

    return {"mem_mb": megabytes, "runtime": lambda wildcards, attempt: attempt * minutes}


def asked(resource):
    """What the configuration asks of a cluster for a batch that a command makes."""

    def amount(wildcards, attempt):
        return attempt * chosen.dataset_of(config, wildcards)["resources"][resource]

    return amount
