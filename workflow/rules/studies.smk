# Runs of an experiment with other values of some parameters, side by side.


rule compare_runs:
    input:
        study_files,
    output:
        report(
            "results/{study}/errors.csv",
            caption="../report/study_errors.rst",
            category="Studies",
            subcategory="{study}",
            labels={"shows": "Errors of all runs as a table (download)"},
        ),
    log:
        "results/logs/{study}/compare_runs.log",
    benchmark:
        "results/benchmarks/{study}/compare_runs.tsv"
    conda:
        "../../envs/led.yaml"
    resources:
        **needs(),
    params:
        **job("compare_runs"),
    message:
        "Compare the runs of {wildcards.study}"
    script:
        "../scripts/compare_runs.py"


rule plot_study:
    input:
        errors="results/{study}/errors.csv",
    output:
        report(
            "results/{study}/errors.png",
            caption="../report/study.rst",
            category="Studies",
            subcategory="{study}",
            labels={"shows": "Errors against what is varied"},
        ),
    log:
        "results/logs/{study}/plot_study.log",
    benchmark:
        "results/benchmarks/{study}/plot_study.tsv"
    conda:
        "../../envs/led.yaml"
    resources:
        **needs(),
    params:
        **parameters(
            lambda wildcards: figures.plot_figure(
                "comparison.comparison",
                {"study": wildcards.study, "split": config["studies"][wildcards.study]["split"]},
            ),
            "plot_figure",
        ),
    message:
        "Plot the runs of {wildcards.study}"
    script:
        "../scripts/plot_figure.py"
