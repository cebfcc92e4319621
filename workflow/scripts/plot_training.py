"""Plot the training histories."""

from led.jobs import runtime

runtime.start(snakemake.log[0])

import pandas as pd

from led.figures import networks, style

histories = {"autoencoder": pd.read_csv(snakemake.input.autoencoder)}
for member, path in enumerate(snakemake.input.rnn):
    histories[f"recurrent network {member}"] = pd.read_csv(path)
for path in snakemake.input.decoder:
    histories["decoder"] = pd.read_csv(path)
for path in snakemake.input.joint:
    histories["decoder and networks together"] = pd.read_csv(path)
style.save(networks.histories(histories), snakemake.output[0])
