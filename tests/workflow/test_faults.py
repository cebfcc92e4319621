"""What goes wrong, what the user is told, and that nothing finished is lost."""

import time

import pytest

from tests.workflow.conftest import Checkout, kill


def test_a_wrong_configuration_is_told_before_any_job(built):
    with built.configured(**{"experiments.fhn.autoencoder.latent_dims": 3}):
        output = built.run("--dry-run", ok=False)
    assert "experiments.fhn.autoencoder: unknown key 'latent_dims' (did you mean" in output
    assert "Traceback" not in output


def test_a_damaged_batch_is_named_and_made_again(built, tmp_path):
    checkout = built.copy(tmp_path)
    batch = checkout / "results/datasets/fhn/batches/validation/0000.nc"
    merged = checkout / "results/datasets/fhn/validation.nc"
    whole, before = batch.read_bytes(), merged.read_bytes()
    batch.write_bytes(whole[:1000])
    output = checkout.run("results/datasets/fhn/validation.nc", "--cores", "1", ok=False)
    advice = "rm results/datasets/fhn/batches/validation/0000.nc"
    assert "results/datasets/fhn/batches/validation/0000.nc: damaged batch" in output
    assert advice in output
    assert not merged.exists()
    log = (checkout / "results/logs/datasets/fhn/merge_batches_validation.log").read_text()
    assert log.startswith("Traceback")
    assert "led.files.FileError" in log

    batch.unlink()
    checkout.run("results/datasets/fhn/validation.nc", "--cores", "1")
    assert batch.read_bytes() == whole
    assert merged.read_bytes() == before


@pytest.mark.parametrize(
    ("name", "moment"),
    [
        ("vdp", "results/logs/datasets/vdp/simulate_batch_train_0000.log"),
        ("vdp", "results/logs/vdp/train_rnn_0.log"),
        ("fhn", "results/logs/fhn/train_autoencoder.log"),
    ],
)
def test_a_killed_run_ends_with_the_same_numbers(built, tmp_path, name, moment):
    """Also with another number of cores, and from scratch."""
    checkout = Checkout.fresh(tmp_path)
    command = (f"results/{name}/led_errors.csv", "--cores", "1")
    running = checkout.start(*command)
    while not (checkout / moment).exists():
        assert running.poll() is None, running.stdout.read()
        time.sleep(0.02)
    time.sleep(0.2)
    kill(running)
    checkout.run("--unlock")
    checkout.run(*command)
    found = (checkout / f"results/{name}/led_errors.csv").read_text()
    assert found == (built / f"results/{name}/led_errors.csv").read_text()
    assert list((checkout / "results").rglob(".*")) == []


def test_another_package_of_that_name_is_not_used(built, tmp_path):
    """A broken led in front of ours on the path of the user."""
    checkout = built.copy(tmp_path / "checkout")
    other = tmp_path / "other"
    (other / "led").mkdir(parents=True)
    (other / "led" / "__init__.py").write_text("raise ImportError('the wrong led')\n")
    (checkout / "results/vdp/figures/errors.png").unlink()
    command = ("results/vdp/figures/errors.png", "--cores", "1")
    checkout.run(*command, environment={"PYTHONPATH": str(other)})
    assert (checkout / "results/vdp/figures/errors.png").exists()
