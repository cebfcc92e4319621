# What the rules share: the checked configuration, and what each job depends on besides its files.
from led.config import chosen, starts, startup
from led.config.forecasts import learns
from led.config.plan import figures, stages
from led.config.stage import ordered
from led.jobs import provenance, runtime

runtime.export_source(WORKFLOW / "src")
try:
    schema = WORKFLOW / "schemas" / "config.schema.yaml"
    config.update(startup.configuration(workflow, config, schema))
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
    forecast=r"[\w-]+",


def parameters(describe, script):
    """Digests of what a script runs, and its settings as one dictionary: the parameters of a job.

    Snakemake compares what depends on wildcards alone: `compared`, and not the `settings`.
    """

    def code(wildcards):
        try:
            sources = describe(wildcards).sources
        except ValueError as error:
            raise WorkflowError(str(error)) from None
        return provenance.digest(WORKFLOW / "scripts" / f"{script}.py", *sources)

    return {
        "code": code,
        "compared": lambda wildcards: ordered(describe(wildcards).compared),
        "settings": lambda wildcards, output: ordered(describe(wildcards).settings),
    }


def job(name):
    """Parameters of the jobs of a rule, as `led.config.plan` has them."""
    return parameters(lambda wildcards: stages.of(name, config, wildcards), name)


def threads_of(wildcards):
    """Threads of TensorFlow, which are part of the configuration: they change the result."""
    return chosen.experiment_of(config, wildcards)["threads"]


def figure(draw, kind):
    """Parameters of a figure: its function, and its section of the configuration."""
    return parameters(
        lambda wildcards: figures.plot_of(config, wildcards, draw, kind), "plot_figure"
    )


def captions(wildcards):
    """Parameter function: title and caption of each figure, as in the report of Snakemake."""
    return {
        kind: [entry.shows, (WORKFLOW / "report" / f"{kind}.rst").read_text()]
        for kind, entry in sorted(FIGURES.items())
    }


def configuration(wildcards, output):
    """Parameter function: what the page about an experiment shows.

    Snakemake does not compare what depends on `output`.
    """
    names = {chosen.dataset_name(config, wildcards, split) for split in ("train", "test")}
    return {
        "datasets": {name: config["datasets"][name] for name in sorted(names)},
        "experiments": {wildcards.experiment: chosen.experiment_of(config, wildcards)},
    }
