# Which files the jobs read: of a dataset, of an experiment, and all that is made by default.


def batches(wildcards):
    """Input function: the batches of a split."""
    dataset = config["datasets"][wildcards.dataset]
    folder = f"results/datasets/{wildcards.dataset}/batches/{wildcards.split}"
    count = len(chosen.batches_of(dataset, wildcards.split))
    return [f"{folder}/{batch:04d}.nc" for batch in range(count)]


def data_files(split):
    """Parameter function: a user's files. Snakemake does not compare what depends on `output`."""
    return lambda wildcards, output: chosen.files_of(
        config["datasets"][wildcards.dataset], split(wildcards)
    )


def split_file(split):
    """Input function: the samples of a split of the experiment."""
    return (
        lambda wildcards: f"results/datasets/{chosen.dataset_name(config, wildcards, split)}/{split}.nc"
    )


def members(name, suffix):
    """The files of the recurrent networks of an experiment."""
    count = config["experiments"][name]["rnn"]["members"]
    return [f"results/{name}/rnn/{member}{suffix}" for member in range(count)]


def retrained(suffix):
    """Input function: a file of the training of the decoder on forecasts, which not all have."""
    return lambda wildcards: [f"results/{wildcards.experiment}/decoder{suffix}"] * bool(
        chosen.experiment_of(config, wildcards)["decoder"]
    )


def start(wildcards):
    """Input function: the description of the surrogate that a training starts from, if any."""
    description = starts.description_of(chosen.experiment_of(config, wildcards))
    return [description] if description else []


HISTORIES = {
    "autoencoder": "results/{experiment}/autoencoder_history.csv",
    "rnn": lambda wildcards: members(wildcards.experiment, "_history.csv"),
    "decoder": retrained("_history.csv"),
}


def states_file(wildcards):
    """Input function: the samples that are forecast."""
    dataset = chosen.scored_dataset(config, wildcards)
    return f"results/datasets/{dataset}/{chosen.scored_split(wildcards)}.nc"


def calibration_file(wildcards):
    """Input function: what the intervals of the test samples are calibrated by, if there are any."""
    wanted = not wildcards.twin and chosen.experiment_of(config, wildcards)["interval"]
    return [f"results/{wildcards.experiment}/calibration.nc"] * bool(wanted)


def refined_samples(wildcards):
    """Input function: the same samples, simulated with half the time step, if they are simulated."""
    return [states_file(wildcards).replace(".nc", "_refined.nc")] * chosen.is_simulated(
        config, wildcards
    )


def named_forecasts(wildcards):
    """Input function: the named forecasts of an experiment."""
    return [
        f"results/{wildcards.experiment}/{wildcards.twin}forecasts/{name}.nc"
        for name in chosen.experiment_of(config, wildcards)["forecasts"]
    ]


def adaptive_forecasts(wildcards):
    """Input function: the named forecasts of an experiment in the mode adaptive."""
    twin = wildcards.get("twin", "")
    return [
        f"results/{wildcards.experiment}/{twin}forecasts/{name}.nc"
        for name in chosen.adaptive_of(chosen.experiment_of(config, wildcards))
    ]


def if_learning(split):
    """Input function: the samples of a split, for a named forecast whose mode learns from them."""
    return lambda wildcards: (split_file(split)(wildcards) if learns(config, wildcards) else [])


def fitted_baselines(wildcards):
    """Input function: the forecasts of the fitted baselines of an experiment."""
    return [
        f"results/{wildcards.experiment}/{wildcards.twin}baselines/{name}.nc"
        for name in chosen.baselines_of(chosen.experiment_of(config, wildcards))
    ]


def drawn(wildcards):
    """Input function: the figures of an experiment, those of the forecast first."""
    kinds = [] if wildcards.twin else chosen.figures_of(chosen.experiment_of(config, wildcards))
    kinds = sorted(kinds, key=lambda kind: FIGURES[kind].section != "Forecast")
    return [f"results/{wildcards.experiment}/figures/{kind}.png" for kind in kinds]


def study_files(wildcards):
    """Input function: the tables of errors of the runs of a study, on the split that it compares."""
    twin = chosen.twin_of(config["studies"][wildcards.study]["split"])
    runs = stages.of("compare_runs", config, wildcards).settings["runs"]
    return [f"results/{run['run']}/{twin}led_errors.csv" for run in runs]
