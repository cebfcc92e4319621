# One rule a kind of figure. Their captions lie in workflow/report/.


rule plot_dataset:
    input:
        split_file("train"),
    output:
        report(
            "results/{experiment}/figures/dataset.png",
            caption="../report/dataset.rst",
            category="{experiment}",
            subcategory="Dataset",
            labels={"shows": "Training samples"},
        ),
    log:
        "results/logs/{experiment}/plot_dataset.log",
    benchmark:
        "results/benchmarks/{experiment}/plot_dataset.tsv"
    conda:
        "../../envs/led.yaml"
    resources:
        **needs(),
    params:
        code=code("plot_dataset.py"),
        settings=figure("dataset"),
    message:
        "Plot training samples of {wildcards.experiment}"
    script:
        "../scripts/plot_dataset.py"


rule plot_training:
    input:
        autoencoder="results/{experiment}/autoencoder_history.csv",
        rnn=lambda wildcards: members(wildcards.experiment, "_history.csv"),
        decoder=if_trained("decoder", "_history.csv"),
        joint=if_trained("joint", "_history.csv"),
    output:
        report(
            "results/{experiment}/figures/training.png",
            caption="../report/training.rst",
            category="{experiment}",
            subcategory="Networks",
            labels={"shows": "Training histories"},
        ),
    log:
        "results/logs/{experiment}/plot_training.log",
    benchmark:
        "results/benchmarks/{experiment}/plot_training.tsv"
    conda:
        "../../envs/led.yaml"
    resources:
        **needs(),
    params:
        code=code("plot_training.py"),
    message:
        "Plot the training histories of {wildcards.experiment}"
    script:
        "../scripts/plot_training.py"


rule plot_reconstruction:
    input:
        "results/{experiment}/forecast.nc",
    output:
        report(
            "results/{experiment}/figures/reconstruction.png",
            caption="../report/reconstruction.rst",
            category="{experiment}",
            subcategory="Autoencoder",
            labels={"shows": "Reconstruction on the grid"},
        ),
    log:
        "results/logs/{experiment}/plot_reconstruction.log",
    benchmark:
        "results/benchmarks/{experiment}/plot_reconstruction.tsv"
    conda:
        "../../envs/led.yaml"
    resources:
        **needs(),
    params:
        code=code("plot_reconstruction.py"),
        settings=figure("reconstruction"),
    message:
        "Plot a reconstruction of {wildcards.experiment} as fields"
    script:
        "../scripts/plot_reconstruction.py"


rule plot_reconstruction_particles:
    input:
        "results/{experiment}/forecast.nc",
    output:
        report(
            "results/{experiment}/figures/reconstruction_particles.png",
            caption="../report/reconstruction_particles.rst",
            category="{experiment}",
            subcategory="Autoencoder",
            labels={"shows": "Reconstruction over time in single cells"},
        ),
    log:
        "results/logs/{experiment}/plot_reconstruction_particles.log",
    benchmark:
        "results/benchmarks/{experiment}/plot_reconstruction_particles.tsv"
    conda:
        "../../envs/led.yaml"
    resources:
        **needs(),
    params:
        code=code("plot_reconstruction_particles.py"),
        settings=figure("reconstruction_particles"),
    message:
        "Plot a reconstruction of {wildcards.experiment} in single cells"
    script:
        "../scripts/plot_reconstruction_particles.py"


rule plot_fields:
    input:
        "results/{experiment}/forecast.nc",
    output:
        report(
            "results/{experiment}/figures/fields.png",
            caption="../report/fields.rst",
            category="{experiment}",
            subcategory="Forecast",
            labels={"shows": "Forecast on the grid"},
        ),
    log:
        "results/logs/{experiment}/plot_fields.log",
    benchmark:
        "results/benchmarks/{experiment}/plot_fields.tsv"
    conda:
        "../../envs/led.yaml"
    resources:
        **needs(),
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
        report(
            "results/{experiment}/figures/particles.png",
            caption="../report/particles.rst",
            category="{experiment}",
            subcategory="Forecast",
            labels={"shows": "Forecast over time"},
        ),
    log:
        "results/logs/{experiment}/plot_particles.log",
    benchmark:
        "results/benchmarks/{experiment}/plot_particles.tsv"
    conda:
        "../../envs/led.yaml"
    resources:
        **needs(),
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
        report(
            "results/{experiment}/figures/latents.png",
            caption="../report/latents.rst",
            category="{experiment}",
            subcategory="Forecast",
            labels={"shows": "Forecast in latent space"},
        ),
    log:
        "results/logs/{experiment}/plot_latents.log",
    benchmark:
        "results/benchmarks/{experiment}/plot_latents.tsv"
    conda:
        "../../envs/led.yaml"
    resources:
        **needs(),
    params:
        code=code("plot_latents.py"),
        settings=figure("latents"),
    message:
        "Plot a forecast of {wildcards.experiment} in latent space"
    script:
        "../scripts/plot_latents.py"


rule animate_forecast:
    input:
        "results/{experiment}/forecast.nc",
    output:
        "results/{experiment}/figures/animation.gif",
        # a report shows no GIF, but PNG
        report(
            "results/{experiment}/figures/animation.png",
            caption="../report/animation.rst",
            category="{experiment}",
            subcategory="Forecast",
            labels={"shows": "Forecast as a moving picture"},
        ),
    log:
        "results/logs/{experiment}/animate_forecast.log",
    benchmark:
        "results/benchmarks/{experiment}/animate_forecast.tsv"
    conda:
        "../../envs/led.yaml"
    resources:
        **needs(minutes=30),
    params:
        code=code("animate_forecast.py"),
        settings=figure("animation"),
    message:
        "Animate a forecast of {wildcards.experiment}"
    script:
        "../scripts/animate_forecast.py"


rule plot_errors:
    input:
        "results/{experiment}/errors.nc",
    output:
        report(
            "results/{experiment}/figures/errors.png",
            caption="../report/errors.rst",
            category="{experiment}",
            subcategory="Errors",
            labels={"shows": "Errors over time"},
        ),
    log:
        "results/logs/{experiment}/plot_errors.log",
    benchmark:
        "results/benchmarks/{experiment}/plot_errors.tsv"
    conda:
        "../../envs/led.yaml"
    resources:
        **needs(),
    params:
        code=code("plot_errors.py"),
    message:
        "Plot the errors of {wildcards.experiment} over time"
    script:
        "../scripts/plot_errors.py"
