"""What the tables and pages about forecasts depend on, and the measurements of costs."""

from led.config import roles, starts, studies
from led.config.chosen import (
    COMPARED,
    batches_of,
    dataset_of,
    design_of,
    experiment_of,
    images_used,
    scored_dataset,
    scored_split,
)
from led.config.forecasts import MODES
from led.config.plan.dependencies import BASELINES, only, simulation_sources, sources_of
from led.config.plan.forecasts import rollout_led
from led.config.stage import Stage
from led.jobs import registry


def report_errors(config, wildcards):
    """Depend on the events that the system declares, and on the baselines that are made here."""
    dataset = config["datasets"][scored_dataset(config, wildcards)]
    experiment = experiment_of(config, wildcards)
    settings = only(experiment, "train_samples")
    settings |= {"system": dataset.get("system"), "inputs": experiment["inputs"]}
    settings["baselines"] = [{"name": name} for name in COMPARED]
    settings["symmetries"] = images_used(config, wildcards)
    settings["variance"] = experiment["rnn"].get("variance", False)
    sources = [registry.source(BASELINES, name) for name in COMPARED]
    sources += sources_of("systems", settings["system"])
    return Stage(settings, sources + sources_of("systems", settings["symmetries"]))


def measure_costs(config, wildcards):
    """Depend on all that is timed, and on the jobs that came before."""
    rollout, report = rollout_led(config, wildcards), report_errors(config, wildcards)
    keys = ("train_samples", "symmetries", "baselines")
    settings = only(rollout.settings, "horizon", "simulation") | only(report.settings, *keys)
    settings["jobs"] = _jobs_before(config, wildcards.experiment)
    return Stage(settings, sorted({*rollout.sources, *report.sources}))


def _jobs_before(config, name):
    """Return the jobs that make the training and validation samples, and the training jobs.

    Those of the surrogate that the training starts from count, too.
    """
    experiment = config["experiments"][name]
    dataset = config["datasets"][experiment["dataset"]]
    rule = {"simulation": "simulate_batch", "command": "run_command"}.get(dataset["source"])
    used = {"train": experiment["train_samples"], "validation": None}
    simulation = [
        f"datasets/{experiment['dataset']}/{rule}_{split}_{number:04d}"
        for split, count in used.items()
        for number, (start, _) in enumerate(batches_of(dataset, split) if rule else ())
        if count is None or start < count
    ]
    training = ["train_autoencoder"]
    training += [
        f"{step}_{split}" for step in ("encode_latents", "smooth_latents") for split in used
    ]
    training += [f"train_rnn_{member}" for member in range(experiment["rnn"]["members"])]
    training += ["train_decoder"] * bool(experiment["decoder"])
    jobs = {"simulation": simulation, "training": [f"{name}/{job}" for job in training]}
    if (origin := starts.origin_of(experiment)) in config["experiments"]:
        before = _jobs_before(config, origin)
        jobs = {kind: [*dict.fromkeys(before[kind] + found)] for kind, found in jobs.items()}
    elif experiment["start_from"]:
        jobs["training"].append(f"{name}/start_from")  # was made elsewhere, and has no record
    return jobs


def compare_runs(config, wildcards):
    """Depend on the runs of a study, and what is varied in each."""
    runs = studies.runs(wildcards.study, config["studies"][wildcards.study])
    return Stage({"runs": [{"run": run, "values": values} for run, values in runs.items()]})


def time_generation(config, wildcards):
    """Depend on the simulation, its samples and its batches."""
    dataset = dataset_of(config, wildcards)
    keys = ("system", "solver", "duration", "dt", "output_every", "spin_up", "batch_size")
    settings = only(dataset, *keys) | {"samples": dataset["samples"]["train"]}
    settings |= design_of(dataset, "train")
    return Stage(settings, simulation_sources(dataset))


def measure_solvers(config, wildcards):
    """Depend on all solvers."""
    return Stage(sources=[registry.source("solvers", name) for name in roles.choices("solvers")])


def write_report(config, wildcards):
    """Depend on how forecasts and baselines are described."""
    experiment = experiment_of(config, wildcards)
    fitted = [entry["name"] for entry in experiment["baselines"]]
    described = {
        registry.label(name): roles.summary(BASELINES, name) for name in [*COMPARED, *fitted]
    }
    forecasts = {name: _described(entry) for name, entry in experiment["forecasts"].items()}
    settings = {"forecasts": forecasts, "baselines": described}
    settings["variance"] = experiment["rnn"].get("variance", False)
    return Stage(settings | {"split": scored_split(wildcards)})


def _described(forecast):
    """Return what a named forecast does: the summary of its mode, and the options."""
    chosen = {key: value for key, value in forecast.items() if value is not None}
    options = [f"{key} {value}" for key, value in sorted(chosen.items()) if key != "mode"]
    return roles.summary(MODES, forecast["mode"]) + f" ({', '.join(options)})" * bool(options)
