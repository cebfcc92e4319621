# What the rules share: the checked configuration, and what each job depends on beside its files.
import sys
from pathlib import Path

from snakemake.exceptions import WorkflowError

WORKFLOW = Path(workflow.current_basedir).parent
sys.path.insert(0, str(WORKFLOW / "src"))

from led import provenance, runtime
from led.config import ConfigError, complete, grid_of

runtime.export_source(WORKFLOW / "src")
try:
    config.update(complete(config, WORKFLOW / "schemas" / "config.schema.yaml"))
except ConfigError as error:
    raise WorkflowError(str(error)) from None


wildcard_constraints:
    dataset="|".join(config["datasets"]),
    experiment="|".join(config["experiments"]),
    split="train|validation|test",
    batch=r"\d+",
    member=r"\d+",


def code(script, *roots):
    """Digests of the source files that a script runs: Snakemake does not see edits of modules."""
    return provenance.digest(WORKFLOW / "scripts" / script, *roots)


def settings(**entries):
    """One dictionary a rule, in one order: Snakemake compares the bare text of each parameter."""

    def sort(value):
        if isinstance(value, dict):
            return {key: sort(value[key]) for key in sorted(value)}
        return [sort(entry) for entry in value] if isinstance(value, list) else value

    return sort(entries)


def dataset_of(wildcards):
    """The configuration of the dataset that a job works on."""
    if hasattr(wildcards, "dataset"):
        return config["datasets"][wildcards.dataset]
    return config["datasets"][experiment_of(wildcards)["dataset"]]


def experiment_of(wildcards):
    """The configuration of the experiment that a job works on."""
    return config["experiments"][wildcards.experiment]


def split_file(split):
    """Input function: the samples of a split, simulated for the experiment."""
    return lambda wildcards: (f"results/datasets/{experiment_of(wildcards)['dataset']}/{split}.nc")


def threads_of(wildcards):
    """Threads of TensorFlow, which are part of the configuration: they change the result."""
    return experiment_of(wildcards)["threads"]


def members(wildcards):
    """The networks of the ensemble of an experiment."""
    count = experiment_of(wildcards)["rnn"]["members"]
    return [f"results/{wildcards.experiment}/rnn/{member}.keras" for member in range(count)]


def network(wildcards):
    """The parameters of a recurrent network: all but the size of the ensemble it is in."""
    rnn = experiment_of(wildcards)["rnn"]
    return {key: value for key, value in rnn.items() if key != "members"}


def batches(wildcards):
    """The batches of a split."""
    samples = dataset_of(wildcards)["samples"][wildcards.split]
    count = -(-samples // dataset_of(wildcards)["batch_size"])
    return [
        f"results/datasets/{wildcards.dataset}/batches/{wildcards.split}/{batch:04d}.nc"
        for batch in range(count)
    ]


def simulation(wildcards):
    """What a batch depends on: not the number of all samples, so that more of them keep it."""
    dataset = dataset_of(wildcards)
    start = int(wildcards.batch) * dataset["batch_size"]
    stop = min(start + dataset["batch_size"], dataset["samples"][wildcards.split])
    keys = ("system", "solver", "duration", "dt", "output_every", "seed")
    return settings(
        **{key: dataset[key] for key in keys}, split=wildcards.split, samples=[start, stop]
    )


def simulation_code(script):
    """Digests of a script that simulates, with the system and the solver, which it has by name."""
    return lambda wildcards: code(
        script,
        f"systems/{dataset_of(wildcards)['system']['name']}.py",
        f"solvers/{dataset_of(wildcards)['solver']['name']}.py",
    )


def figures(name):
    """The figures of an experiment: fields only where there is a grid."""
    dataset = config["datasets"][config["experiments"][name]["dataset"]]
    kinds = ["training", "particles", "latents", "errors"] + ["fields"] * bool(grid_of(dataset))
    return [f"results/{name}/figures/{kind}.png" for kind in kinds]


def figure(kind):
    """Parameter function: the section of a figure in the configuration."""
    return lambda wildcards: settings(**experiment_of(wildcards)["figures"][kind])
