# What a dataset costs on how many cores, and how exact the solvers are. Only on demand.


rule time_generation:
    output:
        "results/datasets/{dataset}/generation_time.csv",
    log:
        "results/logs/datasets/{dataset}/time_generation.log",
    benchmark:
        "results/benchmarks/datasets/{dataset}/time_generation.tsv"
    wildcard_constraints:
        dataset=any_of(chosen.datasets_from(config, "simulation")),
    conda:
        "../../envs/led.yaml"
    threads: 64  # at most: Snakemake takes those of --cores
    resources:
        **needs(minutes=240, fixed=8000, data=simulated),
    params:
        **job("time_generation"),
    message:
        "Time the simulation of {wildcards.dataset}"
    script:
        "../scripts/time_generation.py"


rule plot_generation_time:
    input:
        timings="results/datasets/{dataset}/generation_time.csv",
    output:
        report(
            "results/datasets/{dataset}/generation_time.png",
            caption="../report/generation_time.rst",
            category="datasets",
            subcategory="{dataset}",
            labels={"shows": "Time against the number of cores"},
        ),
    log:
        "results/logs/datasets/{dataset}/plot_generation_time.log",
    benchmark:
        "results/benchmarks/datasets/{dataset}/plot_generation_time.tsv"
    conda:
        "../../envs/led.yaml"
    resources:
        **needs(),
    params:
        **parameters(
            lambda wildcards: figures.plot_figure(
                "timings.generation", {"dataset": wildcards.dataset}
            ),
            "plot_figure",
        ),
    message:
        "Plot the time that {wildcards.dataset} takes"
    script:
        "../scripts/plot_figure.py"


rule measure_solvers:
    output:
        "results/solvers/convergence.csv",
    log:
        "results/logs/solvers/measure_solvers.log",
    benchmark:
        "results/benchmarks/solvers/measure_solvers.tsv"
    conda:
        "../../envs/led.yaml"
    resources:
        **needs(minutes=60),
    params:
        **job("measure_solvers"),
    message:
        "Measure the errors of all solvers"
    script:
        "../scripts/measure_solvers.py"


rule plot_solvers:
    input:
        errors="results/solvers/convergence.csv",
    output:
        report(
            "results/solvers/convergence.png",
            caption="../report/solvers.rst",
            category="solvers",
            labels={"shows": "Errors against the time step"},
        ),
    log:
        "results/logs/solvers/plot_solvers.log",
    benchmark:
        "results/benchmarks/solvers/plot_solvers.tsv"
    conda:
        "../../envs/led.yaml"
    resources:
        **needs(),
    params:
        **parameters(
            lambda wildcards: figures.plot_figure("convergence.convergence", {}), "plot_figure"
        ),
    message:
        "Plot the errors of all solvers"
    script:
        "../scripts/plot_figure.py"
