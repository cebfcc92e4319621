# The forecast of the test samples, and how far it is from the truth.


rule rollout_led:
    input:
        autoencoder="results/{experiment}/autoencoder.keras",
        rnn=lambda wildcards: members(wildcards.experiment, ".keras"),
        decoder=if_trained("decoder", ".keras"),
        joint=if_trained("joint", ".keras"),
        test=split_file("test"),
    output:
        forecast="results/{experiment}/forecast.nc",
        description="results/{experiment}/forecaster.json",
    log:
        "results/logs/{experiment}/rollout_led.log",
    benchmark:
        "results/benchmarks/{experiment}/rollout_led.tsv"
    conda:
        "../../envs/led.yaml"
    threads: threads_of
    resources:
        **needs(minutes=30, fixed=TENSORFLOW, data=forecasts),
    params:
        code=rollout_code,
        settings=lambda wildcards: settings(
            rnn=network(wildcards),
            smoothing=experiment_of(wildcards)["smoothing"],
            warmup=experiment_of(wildcards)["warmup"],
            horizon=experiment_of(wildcards)["horizon"],
            interval=training_interval(wildcards),
            system=symmetric_system(wildcards, "symmetrize"),
            threads=threads_of(wildcards),
            simulation=test_simulation(wildcards),
        ),
    message:
        "Forecast the test samples of {wildcards.experiment}"
    script:
        "../scripts/rollout_led.py"


rule forecast_baseline:
    input:
        train=split_file("train"),
        test=split_file("test"),
    output:
        "results/{experiment}/baselines/{baseline}.nc",
    log:
        "results/logs/{experiment}/forecast_baseline_{baseline}.log",
    benchmark:
        "results/benchmarks/{experiment}/forecast_baseline_{baseline}.tsv"
    conda:
        "../../envs/baselines.yaml"
    resources:
        **needs(minutes=60, data=forecasts),
    params:
        code=lambda wildcards: code("forecast_baseline.py", f"evaluation/baselines/{wildcards.baseline}.py"),
        settings=baseline_settings,
    message:
        "Forecast the test samples of {wildcards.experiment} by {wildcards.baseline}"
    script:
        "../scripts/forecast_baseline.py"


rule report_errors:
    input:
        forecast="results/{experiment}/forecast.nc",
        baselines=baselines,
        train=split_file("train"),
        test=split_file("test"),
    output:
        table=report(
            "results/{experiment}/led_errors.csv",
            caption="../report/led_errors.rst",
            category="{experiment}",
            subcategory="Errors",
            labels={"shows": "All errors as a table (download)"},
        ),
        maps="results/{experiment}/errors.nc",
    log:
        "results/logs/{experiment}/report_errors.log",
    benchmark:
        "results/benchmarks/{experiment}/report_errors.tsv"
    conda:
        "../../envs/led.yaml"
    resources:
        **needs(minutes=30),
    params:
        code=report_code,
        settings=lambda wildcards: settings(
            system=test_system(wildcards),
            train_samples=experiment_of(wildcards)["train_samples"],
        ),
    message:
        "Report the errors of {wildcards.experiment}"
    script:
        "../scripts/report_errors.py"


rule summarize_errors:
    input:
        "results/{experiment}/led_errors.csv",
    output:
        report(
            "results/{experiment}/led_errors.html",
            caption="../report/summary.rst",
            category="{experiment}",
            subcategory="Errors",
            labels={"shows": "Median and worst errors"},
        ),
    log:
        "results/logs/{experiment}/summarize_errors.log",
    benchmark:
        "results/benchmarks/{experiment}/summarize_errors.tsv"
    conda:
        "../../envs/led.yaml"
    resources:
        **needs(),
    params:
        code=code("summarize_errors.py"),
    message:
        "Summarize the errors of {wildcards.experiment}"
    script:
        "../scripts/summarize_errors.py"
