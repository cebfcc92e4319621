"""Write the model card of a network."""

from led.jobs import runtime

runtime.start(snakemake.log[0])

import pandas as pd

from led.data.networks import load_network
from led.dynamics.base import Dynamics
from led.evaluation import cards
from led.jobs import files, registry

settings = snakemake.params.settings
runtime.use_keras(seed=0, threads=1)
if "rnn" in settings:  # its class makes its layers known to Keras
    registry.create(Dynamics, **settings["rnn"])
model = load_network(snakemake.input.model)
with files.open_dataset(snakemake.input.data) as data:
    variable = "latents" if "latents" in data else "state"
    card = cards.card(
        f"Model card: {snakemake.wildcards.network} of {snakemake.wildcards.experiment}",
        model,
        pd.read_csv(snakemake.input.history),
        data[variable][: settings.get("train_samples")],
        settings,
    )
with files.moved_into_place(snakemake.output[0]) as path:
    path.write_text(card)
