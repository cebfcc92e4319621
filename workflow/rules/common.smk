# What the rules share: the checked configuration, and what each job depends on besides its files.
import sys
from pathlib import Path

from snakemake.exceptions import WorkflowError

WORKFLOW = Path(workflow.current_basedir).parent
sys.path.insert(0, str(WORKFLOW / "src"))

from led.config import chosen, plan
from led.config.complete import ConfigError, complete
from led.jobs import provenance, runtime

runtime.export_source(WORKFLOW / "src")
try:
    config.update(complete(config, WORKFLOW / "schemas" / "config.schema.yaml"))
except ConfigError as error:
    raise WorkflowError(str(error)) from None


def any_of(names):
    """Pattern of some names; of none, one that fits nothing."""
    return "|".join(names) or "(?!)"


wildcard_constraints:
    dataset=any_of(config["datasets"]),
    experiment=any_of(config["experiments"]),
    study=any_of(config["studies"]),
    split="train|validation|test",
    twin="(validation/)?",  # the folder of what is scored: of the test samples it is none
    batch=r"\d+",
    member=r"\d+",
    network=r"autoencoder|rnn/\d+",
    baseline=r"\w+",


def parameters(describe, script):
    """Parameters of a rule: digests of what its script runs, and its settings as one dictionary."""

    def code(wildcards):
        try:
            sources = describe(wildcards).sources
        except ValueError as error:
            raise WorkflowError(str(error)) from None
        return provenance.digest(WORKFLOW / "scripts" / f"{script}.py", *sources)

    return {"code": code, "settings": lambda wildcards: plan.ordered(describe(wildcards).settings)}


def job(rule):
    """Parameters of a rule that `plan` knows by its name."""
    return parameters(lambda wildcards: getattr(plan, rule)(config, wildcards), rule)


def split_file(split):
    """Input function: the samples of a split of the experiment."""
    return (
        lambda wildcards: f"results/datasets/{chosen.dataset_name(config, wildcards, split)}/{split}.nc"
    )


def members(name, suffix):
    """The files of the recurrent networks of an experiment."""
    count = config["experiments"][name]["rnn"]["members"]
    return [f"results/{name}/rnn/{member}{suffix}" for member in range(count)]


def if_trained(section, suffix):
    """Input function: the file of a training that not all have: `decoder` or `joint`."""
    return lambda wildcards: [f"results/{wildcards.experiment}/{section}{suffix}"] * bool(
        chosen.experiment_of(config, wildcards)[section]
    )


def threads_of(wildcards):
    """Threads of TensorFlow, which are part of the configuration: they change the result."""
    return chosen.experiment_of(config, wildcards)["threads"]
