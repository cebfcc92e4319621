"""Describe the surrogate of an experiment, which forecasts are made with."""

from led.jobs import runtime

runtime.start(snakemake.log[0])

from dataclasses import asdict
from pathlib import Path

from led.data import inputs
from led.evaluation import cards
from led.jobs import files
from led.surrogate.description import Description

given, described = snakemake.input, Path(snakemake.output.description)
settings = snakemake.params.settings
with files.open_dataset(given.train) as train:
    ranges = inputs.ranges(train, settings["inputs"], settings["train_samples"], given.train)
    description = Description.of(
        described.parent,
        train["state"],
        autoencoder=given.autoencoder,
        members=given.rnn,
        decoder=next(iter(given.decoder), None),
        inputs=ranges,
        **{key: settings[key] for key in ("warmup", "smoothing", "symmetries", "rnn")},
    )
description.write(described.parent)
with files.moved_into_place(snakemake.output.card) as path:
    path.write_text(cards.surrogate(snakemake.wildcards.experiment, asdict(description)))
