"""Fine-tuning: a training starts from the networks of another surrogate."""

import copy

import numpy as np
import yaml

from led.data.networks import load_network
from led.dynamics.base import Dynamics
from led.jobs import registry

TARGET = "results/vdp_on/rnn/0.keras"


def weights(checkout, path):
    return [np.array(entry) for entry in load_network(checkout / path).trainable_weights]


def test_a_training_starts_from_another_surrogate_and_follows_its_changes(built, tmp_path):
    checkout = built.copy(tmp_path)
    config = yaml.safe_load((checkout / "config.yaml").read_text())
    fine = copy.deepcopy(config["experiments"]["vdp"]) | {"start_from": "results/vdp"}
    fine["rnn"]["training"] |= {"learning_rate": 1e-12, "epochs": 1}  # stays where it starts
    fine["seed"] = 5
    config["experiments"]["vdp_on"] = fine
    (checkout / "config.yaml").write_text(yaml.safe_dump(config))
    checkout.run("--cores", "2", TARGET)
    registry.create(Dynamics, **fine["rnn"])  # its layers
    for network in ("autoencoder", "rnn/0"):
        ours, other = (
            weights(checkout, f"results/{name}/{network}.keras") for name in ("vdp_on", "vdp")
        )
        for found, expected in zip(ours, other, strict=True):
            np.testing.assert_allclose(found, expected, atol=1e-6)
    assert checkout.planned(TARGET) == set()
    with checkout.configured(**{"experiments.vdp.rnn.training.epochs": 3}):
        assert checkout.planned(TARGET) == {
            "Train network 0 of vdp",
            "Describe the surrogate of vdp",
            "Train the autoencoder of vdp_on",
            *(f"Encode the {split} samples of vdp_on" for split in ("train", "validation")),
            *(f"Smooth the {split} latents of vdp_on" for split in ("train", "validation")),
            "Train network 0 of vdp_on",
        }
    with checkout.configured(**{"experiments.vdp_on.rnn.units": [5, 4]}):
        checkout.run("--cores", "2", TARGET, ok=False)
    log = (checkout / "results/logs/vdp_on/train_rnn_0.log").read_text()
    assert "rnn/0.keras: found weights" in log
    assert "start_from needs networks of the same options" in log
