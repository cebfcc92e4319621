# Runs of an experiment with other values of some parameters, side by side.


rule compare_runs:
    input:
        lambda wildcards: [f"results/{run}/led_errors.csv" for run in runs_of(wildcards.study)],
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
        code=code("compare_runs.py"),
        settings=lambda wildcards: settings(
            runs=[
                {"run": run, "values": values} for run, values in runs_of(wildcards.study).items()
            ]
        ),
    message:
        "Compare the runs of {wildcards.study}"
    script:
        "../scripts/compare_runs.py"


rule plot_study:
    input:
        "results/{study}/errors.csv",
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
        code=code("plot_study.py"),
    message:
        "Plot the runs of {wildcards.study}"
    script:
        "../scripts/plot_study.py"
