# The figures of an experiment: one line and one caption (workflow/report/) each, one rule for all.
from collections import namedtuple

Figure = namedtuple("Figure", "draw reads section shows message")
FORECAST = {"forecast": "results/{experiment}/forecast.nc"}
LATENTS = FORECAST | {"latents": "results/{experiment}/latents/test.nc"}
TURNS = {
    "errors": "results/{experiment}/led_errors.csv",
    "forecasts": lambda wildcards: [
        f"results/{wildcards.experiment}/forecasts/{name}.nc"
        for name, _ in chosen.turns_of(chosen.experiment_of(config, wildcards))
    ],
}
ADAPTIVE = {"forecasts": adaptive_forecasts}
ERRORS = {"errors": "results/{experiment}/errors.nc"}
COSTS = {"costs": "results/{experiment}/costs.csv"}
# fmt: off
FIGURES = {
    "dataset": Figure("samples.dataset", {"train": split_file("train")}, "Dataset", "Training samples", "Plot training samples of {}"),
    "training": Figure("networks.histories", HISTORIES, "Networks", "Training histories", "Plot the training histories of {}"),
    "reconstruction": Figure("fields.reconstruction", FORECAST, "Autoencoder", "Reconstruction on the grid", "Plot a reconstruction of {} as fields"),
    "reconstruction_particles": Figure("series.reconstruction", FORECAST, "Autoencoder", "Reconstruction over time in single cells", "Plot a reconstruction of {} in single cells"),
    "fields": Figure("fields.prediction", FORECAST, "Forecast", "Forecast on the grid", "Plot a forecast of {} as fields"),
    "particles": Figure("series.particles", FORECAST, "Forecast", "Forecast over time", "Plot a forecast of {} in single cells"),
    "latents": Figure("series.latents", LATENTS, "Forecast", "Forecast in latent space", "Plot a forecast of {} in latent space"),
    "animation": Figure("animation.forecast", FORECAST, "Forecast", "Forecast as a moving picture", "Animate a forecast of {}"),
    "statistics": Figure("statistics.long_run", FORECAST, "Forecast", "Statistics of long forecasts", "Plot the statistics of forecasts of {}"),
    "uncertainty": Figure("uncertainty.uncertainty", ERRORS, "Errors", "How sure the forecast is", "Plot how sure the forecasts of {} are"),
    "multiscale": Figure("multiscale.against_ratio", TURNS, "Forecast", "Surrogate and solver in turns", "Plot what turns of surrogate and solver of {} gain"),
    "adaptive": Figure("adaptive.over_time", ADAPTIVE, "Forecast", "Where the surrogate is trusted", "Plot where {} trusts its surrogate"),
    "costs": Figure("costs.costs", COSTS, "Errors", "Error against cost", "Plot the costs of {}"),
    "errors": Figure("scores.errors", ERRORS, "Errors", "Errors over time", "Plot the errors of {} over time"),
}
# fmt: on
for kind, entry in FIGURES.items():

    rule:
        name:
            f"plot_{kind}"
        input:
            **entry.reads,
        output:
            report(
                f"results/{{experiment}}/figures/{kind}.png",
                caption=f"../report/{kind}.rst",
                category="{experiment}",
                subcategory=entry.section,
                labels={"shows": entry.shows},
            ),
            # a report shows no GIF, but PNG
            [f"results/{{experiment}}/figures/{kind}.gif"] * (kind == "animation"),
        log:
            f"results/logs/{{experiment}}/plot_{kind}.log",
        benchmark:
            f"results/benchmarks/{{experiment}}/plot_{kind}.tsv"
        conda:
            "../../envs/led.yaml"
        resources:
            **needs(minutes=30),
        params:
            **figure(entry.draw, kind),
        message:
            entry.message.format("{wildcards.experiment}")
        script:
            "../scripts/plot_figure.py"
