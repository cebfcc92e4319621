"""What the forecasts of LED and of the baselines depend on."""

from led.config.chosen import (
    TEST,
    adaptive_of,
    baseline_of,
    dataset_of,
    experiment_of,
    forecast_of,
    images_used,
    scored_dataset,
    scored_split,
    symmetric_system,
    symmetries_of,
)
from led.config.forecasts import MODES
from led.config.plan.dependencies import BASELINES, drawing, only, simulation_sources, sources_of
from led.config.stage import Stage


def rollout_led(config, wildcards):
    """Depend on the horizon, on the intervals of test samples, and on the solver that is timed."""
    experiment, split = experiment_of(config, wildcards), scored_split(wildcards)
    dataset = config["datasets"][scored_dataset(config, wildcards)]
    settings = only(experiment, "horizon", "keep_members", "threads")
    settings |= {"simulation": None, "interval": None}
    if split == TEST:
        settings |= only(experiment, "interval")
    sources = sources_of("dynamics", experiment["rnn"])
    sources += sources_of("systems", symmetric_system(config, wildcards, "symmetrize"))
    if dataset["source"] == "simulation":
        settings["simulation"] = drawing(dataset, split)
        sources += simulation_sources(dataset)
    return Stage(settings, sources)


def calibrate_intervals(config, wildcards):
    """Depend on the forecasts of the validation samples alone."""
    return Stage()


def forecast_mode(config, wildcards):
    """Depend on the mode, its options and symmetric copies, and on all that a forecast does."""
    stage, chosen = rollout_led(config, wildcards), forecast_of(config, wildcards)
    settings = only(stage.settings, "horizon", "threads", "simulation")
    settings |= only(chosen, "mode", "every", "times")
    experiment, used = experiment_of(config, wildcards), chosen["symmetrize"]
    settings |= only(experiment, "train_samples")
    used = experiment["symmetrize"] if used is None else used
    settings["symmetries"] = symmetries_of(dataset_of(config, wildcards)) if used else None
    sources = stage.sources + sources_of("systems", settings["symmetries"])
    return Stage(settings, sources + sources_of(MODES, chosen["mode"]))


def report_cycles(config, wildcards):
    """Depend on the names of the adaptive forecasts."""
    return Stage({"forecasts": adaptive_of(experiment_of(config, wildcards))})


def forecast_baseline(config, wildcards):
    """Depend on the baseline, its options, and the symmetric copies that LED has too."""
    settings = only(experiment_of(config, wildcards), "warmup", "train_samples", "horizon")
    settings |= {"baseline": baseline_of(config, wildcards)}
    settings |= {"symmetries": images_used(config, wildcards)}
    sources = sources_of(BASELINES, settings["baseline"])
    return Stage(settings, sources + sources_of("systems", settings["symmetries"]))
