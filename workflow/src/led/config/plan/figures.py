"""What the figures of an experiment depend on."""

from led.config.chosen import adaptive_of, dataset_of, experiment_of, turns_of
from led.config.datasets import grid_of, shape_is_known
from led.config.stage import Stage

ON_GRIDS = ("fields", "reconstruction")  # of systems with a grid


def plot_of(config, wildcards, draw, kind):
    """Depend on the section of a figure of an experiment.

    Raises
    ------
    ValueError
        If the experiment has no such section, or its system no grid to draw.
    """
    experiment = experiment_of(config, wildcards)
    if kind == "training":
        rnn = {"shrink_until": 0, "training": {"epochs": 0}} | experiment["rnn"]
        epochs = round(rnn["shrink_until"] * rnn["training"]["epochs"])
        return plot_figure(draw, {"shrinking": epochs} if epochs else {})
    key = f"experiments.{wildcards.experiment}.figures.{kind}"
    options = experiment["figures"].get(kind, {})
    if kind == "dataset" and experiment["train_samples"]:
        options = options | {"train_samples": experiment["train_samples"]}
    if options is None:
        raise ValueError(
            f"{key}: found no such section, which figures/{kind}.png needs; expected {{}} or its "
            "options" + ", for samples on a grid" * (kind in ON_GRIDS)
        )
    if kind == "multiscale":
        if not (ratios := turns_of(experiment)):
            raise ValueError(
                f"{key}: found no forecast in the mode multiscale, which figures/{kind}.png needs"
            )
        options = options | {"ratios": ratios}
    if kind == "adaptive":
        if not (names := adaptive_of(experiment)):
            raise ValueError(
                f"{key}: found no forecast in the mode adaptive, which figures/{kind}.png needs"
            )
        options = options | {"names": names}
    dataset = dataset_of(config, wildcards)
    if kind in ON_GRIDS and shape_is_known(dataset) and not grid_of(dataset):
        raise ValueError(
            f"{key}: found a section, expected null: the system {dataset['system']['name']!r} has "
            "no grid to draw"
        )
    return plot_figure(draw, options)


def plot_figure(draw, options):
    """Depend on the function that draws, ``module.function`` of `led.figures`, and its options."""
    return Stage({"draw": draw, "options": options}, [f"figures/{draw.partition('.')[0]}.py"])
