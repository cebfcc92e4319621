# One rule a kind of figure.


rule plot_training:
    input:
        autoencoder="results/{experiment}/autoencoder_history.csv",
        rnn=lambda wildcards: [
            path.replace(".keras", "_history.csv") for path in members(wildcards)
        ],
    output:
        "results/{experiment}/figures/training.png",
    log:
        "results/logs/{experiment}/plot_training.log",
    benchmark:
        "results/benchmarks/{experiment}/plot_training.tsv"
    conda:
        "../../envs/led.yaml"
    params:
        code=code("plot_training.py"),
    message:
        "Plot the training histories of {wildcards.experiment}"
    script:
        "../scripts/plot_training.py"


rule plot_fields:
    input:
        "results/{experiment}/forecast.nc",
    output:
        "results/{experiment}/figures/fields.png",
    log:
        "results/logs/{experiment}/plot_fields.log",
    benchmark:
        "results/benchmarks/{experiment}/plot_fields.tsv"
    conda:
        "../../envs/led.yaml"
    params:
        code=code("plot_fields.py"),
        settings=figure("fields"),
    message:
        "Plot a forecast of {wildcards.experiment} as fields"
    script:
        "../scripts/plot_fields.py"


rule plot_particles:
    input:
        "results/{experiment}/forecast.nc",
    output:
        "results/{experiment}/figures/particles.png",
    log:
        "results/logs/{experiment}/plot_particles.log",
    benchmark:
        "results/benchmarks/{experiment}/plot_particles.tsv"
    conda:
        "../../envs/led.yaml"
    params:
        code=code("plot_particles.py"),
        settings=figure("particles"),
    message:
        "Plot a forecast of {wildcards.experiment} in single cells"
    script:
        "../scripts/plot_particles.py"


rule plot_latents:
    input:
        forecast="results/{experiment}/forecast.nc",
        latents="results/{experiment}/latents/test.nc",
    output:
        "results/{experiment}/figures/latents.png",
    log:
        "results/logs/{experiment}/plot_latents.log",
    benchmark:
        "results/benchmarks/{experiment}/plot_latents.tsv"
    conda:
        "../../envs/led.yaml"
    params:
        code=code("plot_latents.py"),
        settings=figure("latents"),
    message:
        "Plot a forecast of {wildcards.experiment} in latent space"
    script:
        "../scripts/plot_latents.py"


rule plot_errors:
    input:
        "results/{experiment}/errors.nc",
    output:
        "results/{experiment}/figures/errors.png",
    log:
        "results/logs/{experiment}/plot_errors.log",
    benchmark:
        "results/benchmarks/{experiment}/plot_errors.tsv"
    conda:
        "../../envs/led.yaml"
    params:
        code=code("plot_errors.py"),
    message:
        "Plot the errors of {wildcards.experiment} over time"
    script:
        "../scripts/plot_errors.py"
