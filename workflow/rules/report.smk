# One page about an experiment, to be sent to others. That of the validation samples, by which settings
# are chosen, has no figures: they show test samples.
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
