# What the rules share: the checked configuration, and what each job depends on beside its files.
import sys
from pathlib import Path

from snakemake.exceptions import WorkflowError

WORKFLOW = Path(workflow.current_basedir).parent
sys.path.insert(0, str(WORKFLOW / "src"))

from led.jobs import provenance, registry, runtime
from led.config import studies
from led.config.complete import ConfigError, complete

runtime.export_source(WORKFLOW / "src")
try:
    config.update(complete(config, WORKFLOW / "schemas" / "config.schema.yaml"))
except ConfigError as error:
    raise WorkflowError(str(error)) from None


wildcard_constraints:
    dataset="|".join(config["datasets"]),
    experiment="|".join(config["experiments"]),
    study="|".join(config["studies"]) or "(?!)",
    split="train|validation|test",
    batch=r"\d+",
    member=r"\d+",
    network=r"autoencoder|rnn/\d+",
    baseline="dmd|sindy",


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


def name_of_dataset(wildcards, split):
    """The dataset whose split an experiment uses: that of the test may be another one."""
    experiment = experiment_of(wildcards)
    return (split == "test" and experiment["test_dataset"]) or experiment["dataset"]


def split_file(split):
    """Input function: the samples of a split of the experiment."""
    return lambda wildcards: (f"results/datasets/{name_of_dataset(wildcards, split)}/{split}.nc")


def datasets_from(*sources):
    """Pattern of the names of the datasets of some sources; of none, one that fits nothing."""
    chosen = [name for name, entry in config["datasets"].items() if entry["source"] in sources]
    return "|".join(chosen) or "(?!)"


def threads_of(wildcards):
    """Threads of TensorFlow, which are part of the configuration: they change the result."""
    return experiment_of(wildcards)["threads"]


def members(name, suffix):
    """The files of the recurrent networks of an experiment."""
    count = config["experiments"][name]["rnn"]["members"]
    return [f"results/{name}/rnn/{member}{suffix}" for member in range(count)]


def if_trained(section, suffix):
    """Input function: the file of a training that not all have: `decoder` or `joint`."""
    return lambda wildcards: [f"results/{wildcards.experiment}/{section}{suffix}"] * bool(
        experiment_of(wildcards)[section]
    )


def network(wildcards):
    """The parameters of a recurrent network: all but the size of the ensemble it is in."""
    rnn = experiment_of(wildcards)["rnn"]
    return {key: value for key, value in rnn.items() if key != "members"}


def baselines(wildcards):
    """The forecasts that are fitted beside an experiment's own."""
    return [
        f"results/{wildcards.experiment}/baselines/{entry['name']}.nc"
        for entry in experiment_of(wildcards)["baselines"]
    ]


def baseline_settings(wildcards):
    """What such a forecast depends on, beside its data."""
    experiment = experiment_of(wildcards)
    chosen = {entry["name"]: entry for entry in experiment["baselines"]}
    if wildcards.baseline not in chosen:
        raise WorkflowError(
            f"experiments.{wildcards.experiment}.baselines: found no {wildcards.baseline}, which "
            "its forecast needs"
        )
    return settings(
        baseline=chosen[wildcards.baseline],
        warmup=experiment["warmup"],
        train_samples=experiment_of(wildcards)["train_samples"],
        horizon=experiment["horizon"],
    )


def symmetric_system(wildcards, use="augment"):
    """The system whose symmetries an experiment makes use of to `augment` or to `symmetrize`."""
    return dataset_of(wildcards)["system"] if experiment_of(wildcards)[use] else None


def symmetry_sources(wildcards, use="augment"):
    """The file of that system, which declares its symmetries."""
    system = symmetric_system(wildcards, use)
    return [registry.source("systems", system["name"])] if system else []


def autoencoder_settings(wildcards):
    """What an autoencoder depends on, beside its data."""
    return settings(
        system=symmetric_system(wildcards),
        autoencoder=experiment_of(wildcards)["autoencoder"],
        memory=experiment_of(wildcards)["memory"],
        train_samples=experiment_of(wildcards)["train_samples"],
        seed=experiment_of(wildcards)["seed"],
        threads=threads_of(wildcards),
    )


def rnn_settings(wildcards, member):
    """What a recurrent network depends on, beside its data."""
    return settings(
        rnn=network(wildcards),
        warmup=experiment_of(wildcards)["warmup"],
        seed=experiment_of(wildcards)["seed"],
        member=int(member),
        threads=threads_of(wildcards),
    )


def network_sources(wildcards):
    """The files that define layers of a network: an autoencoder has none of its own."""
    if wildcards.network == "autoencoder":
        return []
    return [registry.source("dynamics", experiment_of(wildcards)["rnn"]["name"])]


def batches(wildcards):
    """The batches of a split."""
    samples = dataset_of(wildcards)["samples"][wildcards.split]
    count = -(-samples // dataset_of(wildcards)["batch_size"])
    return [
        f"results/datasets/{wildcards.dataset}/batches/{wildcards.split}/{batch:04d}.nc"
        for batch in range(count)
    ]


def output_every(dataset, split):
    """Every how many time steps a split stores the state."""
    return (split == "test" and dataset["test_output_every"]) or dataset["output_every"]


def simulation(wildcards):
    """What a batch depends on: not the number of all samples, so that more of them keep it."""
    dataset = dataset_of(wildcards)
    start = int(wildcards.batch) * dataset["batch_size"]
    stop = min(start + dataset["batch_size"], dataset["samples"][wildcards.split])
    return settings(
        **{key: dataset[key] for key in ("system", "solver", "duration", "dt", "seed")},
        output_every=output_every(dataset, wildcards.split),
        split=wildcards.split,
        samples=[start, stop],
    )


def simulation_code(script):
    """Digests of a script that simulates, with the system and the solver, which it has by name."""
    return lambda wildcards: code(script, *simulation_sources(dataset_of(wildcards)))


def simulation_sources(dataset):
    """The files of the system and the solver of a dataset."""
    return [
        registry.source("systems", dataset["system"]["name"]),
        registry.source("solvers", dataset["solver"]["name"]),
    ]


def all_solvers():
    """The files of all solvers."""
    folder = WORKFLOW / "src" / "led" / "solvers"
    return [f"solvers/{path.name}" for path in sorted(folder.glob("*.py"))]


def test_simulation(wildcards):
    """How the test samples of an experiment are simulated, if they are."""
    dataset = config["datasets"][name_of_dataset(wildcards, "test")]
    if dataset["source"] != "simulation":
        return None
    keys = ("system", "solver", "dt", "seed")
    return {key: dataset[key] for key in keys} | {"output_every": output_every(dataset, "test")}


def training_interval(wildcards):
    """The time between two frames of the training samples, where the configuration tells it."""
    dataset = dataset_of(wildcards)
    return dataset["dt"] * dataset["output_every"] if dataset["source"] == "simulation" else None


def test_system(wildcards):
    """The system of the test samples of an experiment, which declares what is told of in time."""
    dataset = config["datasets"][name_of_dataset(wildcards, "test")]
    return dataset["system"] if dataset["source"] == "simulation" else None


def report_code(wildcards):
    """Digests of the report of errors, with the system."""
    system = test_system(wildcards)
    return code(
        "report_errors.py", *([registry.source("systems", system["name"])] if system else [])
    )


def rollout_code(wildcards):
    """Digests of the rollout, with what it has by name."""
    dataset = config["datasets"][name_of_dataset(wildcards, "test")]
    sources = simulation_sources(dataset) if test_simulation(wildcards) else []
    sources += symmetry_sources(wildcards, "symmetrize")
    network = registry.source("dynamics", experiment_of(wildcards)["rnn"]["name"])
    return code("rollout_led.py", network, *sources)


def default_experiments():
    """The experiments that are built without a target."""
    return [name for name, entry in config["experiments"].items() if entry["in_all"]]


def default_studies():
    """The studies that are compared without a target."""
    return [name for name, entry in config["studies"].items() if entry["in_all"]]


def runs_of(study):
    """The experiments of a study, and what is varied in each."""
    return studies.runs(study, config["studies"][study])


def cards(name):
    """The model cards of an experiment."""
    return [f"results/{name}/autoencoder.md", *members(name, ".md")]


def figures(name):
    """The figures of an experiment: those that its grid and its autoencoder have."""
    experiment = config["experiments"][name]
    kinds = ["dataset.png", "training.png", "particles.png", "latents.png", "errors.png"]
    kinds += ["animation.gif"] + ["fields.png"] * bool(experiment["figures"]["fields"])
    if experiment["autoencoder"]["name"] != "identity":
        kinds.append("reconstruction_particles.png")
        kinds += ["reconstruction.png"] * bool(experiment["figures"]["reconstruction"])
    return [f"results/{name}/figures/{kind}" for kind in kinds]


def figure(kind):
    """Parameter function: the section of a figure in the configuration."""
    return lambda wildcards: settings(**experiment_of(wildcards)["figures"][kind])
