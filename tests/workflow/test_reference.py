"""The experiment with the networks of the report."""

import numpy as np
import yaml

from led.autoencoders.base import Autoencoder
from led.data.scaling import Scaling
from led.dynamics.base import Dynamics
from led.jobs import registry
from tests.workflow.conftest import ROOT, Checkout

TARGET = "results/fhn_reference/led_errors.csv"


def test_its_configuration_has_the_networks_of_the_report():
    config = yaml.safe_load((ROOT / "config.yaml").read_text())
    options = config["experiments"]["fhn_reference"]
    autoencoder = registry.create(Autoencoder, **options["autoencoder"])
    model = autoencoder.build((20, 20, 2), Scaling(np.zeros(2), np.ones(2)))
    assert model.get_layer("encoder").count_params() == 27_986
    assert model.get_layer("decoder").count_params() == 24_314
    dynamics = registry.create(Dynamics, **options["rnn"])
    network = dynamics.build(Scaling(np.zeros(10), np.ones(10)))
    assert network.count_params() == 88_362


def test_it_is_planned_on_demand_alone(tmp_path):
    checkout = Checkout.fresh(tmp_path)
    (checkout / "config.yaml").write_text((ROOT / "config.yaml").read_text())
    assert "fhn_reference" not in checkout.run("--dry-run")
    jobs = {job for job in checkout.planned(TARGET) if job.endswith("fhn_reference")}
    splits = ("train", "validation")
    assert jobs == {
        "Train the autoencoder of fhn_reference",
        *(f"Encode the {split} samples of fhn_reference" for split in splits),
        *(f"Smooth the {split} latents of fhn_reference" for split in splits),
        "Train network 0 of fhn_reference",
        "Describe the surrogate of fhn_reference",
        "Forecast the test samples of fhn_reference",
        "Report the errors of fhn_reference",
    }
