"""The diagnosis, of made-up tables of errors and histories."""

import warnings

import pandas as pd
import pytest

from led.evaluation import diagnosis, histories
from led.jobs.runtime import ResultWarning

GOOD = {"led": 0.06, "autoencoder": 0.04, "persistence": 1.2, "nearest": 0.3}


def table(**errors):
    """The nrmse of two components and of all, the same in all samples; and other metrics."""
    rows = []
    for name, values in errors.items():
        values = values if isinstance(values, dict) else dict.fromkeys(("u", "w", "all"), values)
        for component, value in values.items():
            rows += [(name, sample, component, "nrmse", value) for sample in range(3)]
            rows.append((name, 0, component, "rel_l2", 99.0))
    return pd.DataFrame(rows, columns=["forecaster", "sample", "component", "metric", "value"])


def history(loss, validation):
    """The epoch of these losses is kept; those before and after it are of no account."""
    return pd.DataFrame(
        {"epoch": [1, 2, 3], "loss": [9, loss, 1e-9], "val_loss": [9, validation, 9.0]}
    )


def found(histories=None, variance=False, **errors):
    return diagnosis.diagnose(table(**GOOD | errors), histories or {}, variance=variance)


def test_of_a_good_forecast_nothing_is_said():
    good = {"autoencoder": history(1e-3, 0.02), "decoder": history(0.2, 0.3)}
    assert found(good) == []
    assert found(autoencoder=0) == []  # identity


@pytest.mark.parametrize(
    "errors",
    [
        {"autoencoder": 0.35, "led": 0.4, "nearest": 0.9},
        {"autoencoder": 0.25, "led": 0.28},  # of a best baseline of 0.3
        {"autoencoder": 0.2, "led": 0.4, "nearest": 0.9},
    ],
)
def test_a_high_floor_is_that_of_the_autoencoder(errors):
    ((severity, text),) = found(**errors)
    assert severity == diagnosis.WARNING
    assert text.startswith("The floor is high: the autoencoder alone has an nrmse of 0.")
    assert "samples, more latents or symmetries" in text


def test_far_above_a_low_floor_the_dynamics_are_the_limit():
    """The numbers of a chaotic system."""
    ((severity, text),) = found(autoencoder=0.0125, led=0.85, nearest=1.1)
    assert severity == diagnosis.WARNING
    assert text.startswith("The floor is low, an nrmse of 0.013 of")
    assert "high, 0.85: its dynamics are the limit" in text
    for word in ("windows", "horizon", "chaotic"):
        assert word in text


@pytest.mark.parametrize(("ratio", "fades"), [(0.3, True), (0.98, False)])
def test_a_forecast_that_fades_to_a_mean_was_trained_in_closed_loop_for_too_long(ratio, fades):
    """The numbers of Kuramoto-Sivashinsky, trained over five Lyapunov times and over less."""
    errors = table(autoencoder=0.0125, led=0.85, mean=1.01)
    rows = [(name, 0, "all", "deviation_ratio", r) for name, r in (("led", ratio), ("mean", 0.1))]
    errors = pd.concat([errors, pd.DataFrame(rows, columns=errors.columns)])
    ((severity, text),) = diagnosis.diagnose(errors, {})
    assert severity == diagnosis.WARNING
    assert "rnn.closed_loop" in text
    assert ("fades to a mean, with 0.3 of the standard deviation" in text) == fades
    assert ("a shorter closed loop" in text) == fades


def test_the_baseline_that_is_better_is_named():
    findings = found(led=0.2, persistence=0.112, autoencoder=0.02)
    assert findings == [
        (
            diagnosis.BAD,
            "The forecast is worse than a baseline: than persistence in u (nrmse 0.2, persistence "
            "0.11), than persistence in w (nrmse 0.2, persistence 0.11), than persistence in all "
            "components together (nrmse 0.2, persistence 0.11).",
        )
    ]


def test_samples_that_are_not_exact_are_named():
    """The error of the truth is no baseline, and counts from a fifth of that of led on."""
    assert found(truth=0.011) == []
    ((severity, text),) = found(truth=0.013)
    assert severity == diagnosis.WARNING
    assert text.startswith(
        "The samples are not exact: with half the time step they change by an nrmse of 0.013, and "
        "the forecast has 0.06. A shorter dt"
    )


def test_a_single_component_counts_unless_it_is_constant():
    better = {"u": 0.9, "w": 0.01, "all": 0.9}
    assert found(nearest=better, led=0.04) == []
    ((severity, text),) = found(nearest=better, led={"u": 0.1, "w": 0.2, "all": 0.15})
    assert severity == diagnosis.BAD
    assert text.endswith("baseline: than nearest in w (nrmse 0.2, nearest 0.01).")


def test_training_and_validation_part():
    """The numbers of 40 samples of Gray and Scott."""
    network = {"autoencoder": history(0.006, 0.83), "recurrent network 0": history(0.01, 0.09)}
    ((severity, text),) = found(network)
    assert severity == diagnosis.WARNING
    assert text.startswith(
        "Training and validation part, autoencoder: validation loss 0.83 (1 is the mean), training "
        "loss 0.006. There are too few training samples"
    )


def test_a_network_that_learned_nothing_is_distinguished_from_one_of_few_samples():
    ((_, text),) = found({"recurrent network 0": history(0.9, 1.02)})
    assert text.startswith("Hardly anything is learned, recurrent network 0: validation loss 1 ")


def test_a_likelihood_is_judged_by_the_square_of_its_error():
    """Of a right variance v the loss is (log v + 1) / 2: 0.5 for the mean, and below 0 for good."""
    good = {"recurrent network 0": history(-1.5, -1.4)}
    assert found(good, variance=True) == []
    ((_, text),) = found({"recurrent network 0": history(0.49, 0.5)}, variance=True)
    assert "Hardly anything is learned" in text
    assert "validation loss as exp(2 loss - 1) 1 (1 is the mean)" in text
    ((_, text),) = found({"recurrent network 0": history(-4.0, 0.05)}, variance=True)
    assert "too few training samples" in text
    assert found({"decoder": history(-4.0, -3.0)}, variance=True) == []  # of the networks alone
    far = history(1e4, 1e4).iloc[1:2]
    ((_, text),) = found({"recurrent network 0": far}, variance=True)
    assert "Hardly anything is learned" in text


def test_findings_are_warned_of_and_none_is_printed(capsys):
    with pytest.warns(ResultWarning, match=r"^few samples$"):
        diagnosis.warn([("warning", "few samples")])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        diagnosis.warn([])
    assert capsys.readouterr().out == diagnosis.CALM + "\n"


def test_histories_are_read_by_the_names_of_the_inputs(tmp_path):
    written = {}
    for name in ("autoencoder", "0", "1", "decoder"):
        written[name] = str(tmp_path / f"{name}.csv")
        rows = history(0.1, 0.2).assign(epoch=name) if name != "autoencoder" else history(1, 1)[:0]
        rows.to_csv(written[name], index=False)
    inputs = {"autoencoder": written["autoencoder"], "rnn": [written["0"], written["1"]]}
    inputs |= {"decoder": [written["decoder"]], "forecast": "not there.nc"}
    read = histories.read(inputs.items())
    assert list(read) == ["recurrent network 0", "recurrent network 1", "decoder"]
    assert read["recurrent network 1"]["epoch"].tolist() == [1, 1, 1]
