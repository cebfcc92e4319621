# One page about an experiment, to be sent to others. That of the validation samples, by which settings
# are chosen, has no figures: they show test samples.


def drawn(wildcards):
    """Input function: the figures of an experiment, those of the forecast first."""
    kinds = [] if wildcards.twin else chosen.figures_of(chosen.experiment_of(config, wildcards))
    kinds = sorted(kinds, key=lambda kind: FIGURES[kind].section != "Forecast")
    return [f"results/{wildcards.experiment}/figures/{kind}.png" for kind in kinds]


def captions(wildcards):
    """Parameter function: title and caption of each figure, as in the report of Snakemake."""
    return {
        kind: [entry.shows, (WORKFLOW / "report" / f"{kind}.rst").read_text()]
        for kind, entry in sorted(FIGURES.items())
    }


def configuration(wildcards, output):
    """Parameter function: what the report shows; Snakemake does not compare what depends on `output`."""
    names = {chosen.dataset_name(config, wildcards, split) for split in ("train", "test")}
    return {
        "datasets": {name: config["datasets"][name] for name in sorted(names)},
        "experiments": {wildcards.experiment: chosen.experiment_of(config, wildcards)},
    }


rule write_report:
    input:
        **HISTORIES,
        errors="results/{experiment}/{twin}led_errors.csv",
        costs="results/{experiment}/{twin}costs.csv",
        forecast="results/{experiment}/{twin}forecast.nc",
        figures=drawn,
        cards=lambda wildcards: [
            f"results/{wildcards.experiment}/surrogate.md",
            f"results/{wildcards.experiment}/autoencoder.md",
            *members(wildcards.experiment, ".md"),
        ],
    output:
        report(
            "results/{experiment}/{twin}report.html",
            caption="../report/page.rst",
            category="{experiment}",
            subcategory="Errors",
            labels={"shows": "All about the experiment on one page {twin}"},
        ),
    log:
        "results/logs/{experiment}/{twin}write_report.log",
    benchmark:
        "results/benchmarks/{experiment}/{twin}write_report.tsv"
    conda:
        "../../envs/led.yaml"
    resources:
        **needs(),
    params:
        **job("write_report"),
        captions=captions,
        configuration=configuration,
    message:
        "Write the report of {wildcards.experiment}"
    script:
        "../scripts/write_report.py"
