# Forecasts of the samples of a split, and how far they are from the truth. Those of the test samples lie
# in the folder of the experiment, those of the validation samples in `validation`, their twin.


rule rollout_led:
    input:
        description="results/{experiment}/surrogate.json",
        autoencoder="results/{experiment}/autoencoder.keras",
        rnn=lambda wildcards: members(wildcards.experiment, ".keras"),
        decoder=retrained(".keras"),
        calibration=calibration_file,
        states=states_file,
    output:
        "results/{experiment}/{twin}forecast.nc",
    log:
        "results/logs/{experiment}/{twin}rollout_led.log",
    benchmark:
        "results/benchmarks/{experiment}/{twin}rollout_led.tsv"
    conda:
        "../../envs/led.yaml"
    threads: threads_of
    resources:
        **needs(minutes=30, fixed=TENSORFLOW, data=forecasts),
    params:
        **job("rollout_led"),
        split=chosen.scored_split,
    message:
        "Forecast the {params.split} samples of {wildcards.experiment}"
    script:
        "../scripts/rollout_led.py"


rule calibrate_intervals:
    input:
        description="results/{experiment}/surrogate.json",
        forecast="results/{experiment}/validation/forecast.nc",
    output:
        "results/{experiment}/calibration.nc",
    log:
        "results/logs/{experiment}/calibrate_intervals.log",
    benchmark:
        "results/benchmarks/{experiment}/calibrate_intervals.tsv"
    conda:
        "../../envs/led.yaml"
    resources:
        **needs(minutes=30),
    params:
        **job("calibrate_intervals"),
    message:
        "Calibrate the intervals of {wildcards.experiment}"
    script:
        "../scripts/calibrate_intervals.py"


rule forecast_mode:
    input:
        description="results/{experiment}/surrogate.json",
        autoencoder="results/{experiment}/autoencoder.keras",
        rnn=lambda wildcards: members(wildcards.experiment, ".keras"),
        decoder=retrained(".keras"),
        states=states_file,
        train=if_learning("train"),
        validation=if_learning("validation"),
    output:
        "results/{experiment}/{twin}forecasts/{forecast}.nc",
    log:
        "results/logs/{experiment}/{twin}forecast_mode_{forecast}.log",
    benchmark:
        "results/benchmarks/{experiment}/{twin}forecast_mode_{forecast}.tsv"
    conda:
        "../../envs/led.yaml"
    threads: threads_of
    resources:
        **needs(minutes=60, fixed=TENSORFLOW, data=forecasts),
        checkpoint_seconds=30,
    params:
        **job("forecast_mode"),
        split=chosen.scored_split,
    message:
        "Forecast the {params.split} samples of {wildcards.experiment} as {wildcards.forecast}"
    script:
        "../scripts/forecast_mode.py"


rule report_cycles:
    input:
        adaptive_forecasts,
    output:
        cycles="results/{experiment}/{twin}cycles.csv",
        summary=report(
            "results/{experiment}/{twin}adaptive.csv",
            caption="../report/adaptive.rst",
            category="{experiment}",
            subcategory="Forecast",
            labels={"shows": "Adaptive forecasts as a table (download)"},
        ),
    log:
        "results/logs/{experiment}/{twin}report_cycles.log",
    benchmark:
        "results/benchmarks/{experiment}/{twin}report_cycles.tsv"
    conda:
        "../../envs/led.yaml"
    resources:
        **needs(data=forecasts),
    params:
        **job("report_cycles"),
    message:
        "Report how far {wildcards.experiment} trusts its surrogate"
    script:
        "../scripts/report_cycles.py"


rule forecast_baseline:
    input:
        train=split_file("train"),
        states=states_file,
    output:
        "results/{experiment}/{twin}baselines/{baseline}.nc",
    log:
        "results/logs/{experiment}/{twin}forecast_baseline_{baseline}.log",
    benchmark:
        "results/benchmarks/{experiment}/{twin}forecast_baseline_{baseline}.tsv"
    conda:
        "../../envs/baselines.yaml"
    resources:
        **needs(minutes=60, data=forecasts),
    params:
        **job("forecast_baseline"),
        split=chosen.scored_split,
    message:
        "Forecast the {params.split} samples of {wildcards.experiment} by {wildcards.baseline}"
    script:
        "../scripts/forecast_baseline.py"


rule report_errors:
    input:
        **HISTORIES,
        forecast="results/{experiment}/{twin}forecast.nc",
        forecasts=named_forecasts,
        baselines=fitted_baselines,
        refined=refined_samples,
        train=split_file("train"),
        states=states_file,
    output:
        table=report(
            "results/{experiment}/{twin}led_errors.csv",
            caption="../report/led_errors.rst",
            category="{experiment}",
            subcategory="Errors",
            labels={"shows": "All errors as a table (download) {twin}"},
        ),
        maps="results/{experiment}/{twin}errors.nc",
    log:
        "results/logs/{experiment}/{twin}report_errors.log",
    benchmark:
        "results/benchmarks/{experiment}/{twin}report_errors.tsv"
    conda:
        "../../envs/led.yaml"
    resources:
        **needs(minutes=30),
    params:
        **job("report_errors"),
    message:
        "Report the errors of {wildcards.experiment}"
    script:
        "../scripts/report_errors.py"


rule measure_costs:
    input:
        description="results/{experiment}/surrogate.json",
        errors="results/{experiment}/{twin}led_errors.csv",
        forecasts=named_forecasts,
        baselines=fitted_baselines,
        train=split_file("train"),
        states=states_file,
    output:
        report(
            "results/{experiment}/{twin}costs.csv",
            caption="../report/costs.rst",
            category="{experiment}",
            subcategory="Errors",
            labels={"shows": "What all forecasters cost (download) {twin}"},
        ),
    log:
        "results/logs/{experiment}/{twin}measure_costs.log",
    benchmark:
        "results/benchmarks/{experiment}/{twin}measure_costs.tsv"
    conda:
        "../../envs/led.yaml"
    resources:
        **needs(minutes=60, fixed=TENSORFLOW, data=forecasts),
    params:
        **job("measure_costs"),
        split=chosen.scored_split,
    message:
        "Measure what the forecasters of {wildcards.experiment} cost"
    script:
        "../scripts/measure_costs.py"
