"""The networks of the report as an experiment: a short run of it."""

import pandas as pd
import yaml

from led.data.networks import load_network
from tests.workflow.conftest import ROOT, Checkout


def test_a_short_run_of_the_reference_has_the_networks_of_the_report(tmp_path):
    checkout = Checkout.fresh(tmp_path)
    config = yaml.safe_load((ROOT / "config.yaml").read_text())
    reference = config["experiments"]["fhn_reference"]
    config["experiments"] = {"fhn_reference": reference}
    del config["studies"]  # of the others
    config["datasets"]["fhn"]["samples"] = {"train": 2, "validation": 1, "test": 1}
    reference["horizon"] = 20.0
    reference["figures"] = {"fields": {"times": [110.0]}}
    reference["autoencoder"] |= {"snapshots_per_sample": 40}
    reference["rnn"] |= {"windows_per_sample": 8}
    reference["autoencoder"]["training"] |= {"epochs": 1}
    reference["rnn"]["training"] |= {"epochs": 1}
    (checkout / "config.yaml").write_text(yaml.safe_dump(config))

    assert "fhn_reference" not in checkout.run("--dry-run")
    checkout.run("results/fhn_reference/led_errors.csv", "--cores", "2")
    table = pd.read_csv(checkout / "results/fhn_reference/led_errors.csv")
    assert {"led", "autoencoder", "truth"} < set(table["forecaster"])
    autoencoder = load_network(checkout / "results/fhn_reference/autoencoder.keras")
    assert autoencoder.get_layer("encoder").count_params() == 27_986
    assert autoencoder.get_layer("decoder").count_params() == 24_314
    rnn = load_network(checkout / "results/fhn_reference/rnn/0.keras")
    assert rnn.count_params() == 88_362
