"""Proposals: what is measured decides, each choice has its reason, and the whole is valid."""

import numpy as np
import pytest
import xarray as xr
import yaml

from led.inspection import proposal, reading, report, trials
from led.inspection.examination import examine
from led.inspection.spectrum import Spectrum
from tests.inspection.test_measures import henon


def dataset(values, interval=0.5, **grid):
    dims = ("sample", "time", *grid, "component")
    names = [f"c{number}" for number in range(values.shape[-1])]
    coordinates = {"time": np.arange(values.shape[1]) * interval, "component": names} | grid
    return xr.Dataset({"state": (dims, values)}, coordinates)


def waves(count, seed):
    """Two standing waves of incommensurate frequencies: linear dynamics are exact."""
    phases = np.random.default_rng(seed).uniform(0, 2 * np.pi, (2, count, 1, 1))
    x, t = np.linspace(0, 1, 30), np.arange(80)[:, None]
    first = np.sin(0.3 * t + phases[0]) * np.sin(np.pi * x)
    return dataset((first + np.sin(0.7 * t + phases[1]) * np.sin(2 * np.pi * x))[..., None], x=x)


def proposed(train, validation):
    found = examine(train, validation)
    return found, proposal.propose(found, {"source": "files"})


def chosen(found):
    return {choice.key: choice.value for choice in found.choices}


def test_linear_dynamics_are_measured_and_proposed_where_they_are_enough():
    _, made = proposed(waves(8, 0), waves(4, 1))
    assert chosen(made)["rnn"]["name"] == "least_squares"
    assert chosen(made)["autoencoder"] == {"name": "pca", "latent_dim": 2}
    assert made.trials[0].nrmse < 1e-6 < min(made.baselines.values())
    assert made.warnings == []
    assert all(choice.reason for choice in made.choices)


def test_chaos_gets_short_windows_and_a_horizon_of_three_lyapunov_times():
    series = henon()
    found, made = proposed(dataset(series[:16]), dataset(series[16:]))
    keys = chosen(made)
    assert keys["horizon"] == pytest.approx(3 / 0.419 * 0.5, abs=0.5)
    assert keys["rnn"]["name"] == "stateful"
    assert keys["rnn"]["window"] < 20
    parts = report.text(report.sections(found, made, []), made.warnings)
    assert "chaos, with a Lyapunov time of 1.2" in parts


def test_too_few_samples_are_called_so():
    rng = np.random.default_rng(0)
    grown = np.exp(-0.01 * np.arange(60))[:, None, None] * np.ones((60, 400, 1))
    train, validation = (
        dataset(rng.normal(size=(count, 1, 400, 1)) * grown, x=np.sqrt(np.arange(400)))
        for count in (6, 4)
    )
    _, made = proposed(train, validation)
    assert "Too few samples" in made.warnings[0]
    assert "No forecast by this autoencoder can be much better than" in made.warnings[1]


def test_the_text_is_a_configuration_with_a_comment_before_each_choice(tmp_path):
    for name in ("train", "validation", "test"):
        waves(6, 0).to_netcdf(tmp_path / f"{name}.nc")
    section = reading.section([str(tmp_path)], {})
    found = examine(waves(6, 0), waves(4, 1))
    text = report.configuration(proposal.propose(found, section), "mine", "mine.yaml")
    reading.check(text)
    config = yaml.safe_load(text)
    assert config["datasets"]["mine"]["train"] == str(tmp_path / "train.nc")
    lines = text.splitlines()
    start = lines.index("    dataset: mine") + 1
    assert all(line.startswith("    # ") for line in lines[start::2])


def test_the_error_of_a_trial_is_that_of_the_whole_state():
    rng = np.random.default_rng(0)
    train, validation = (
        dataset(np.cumsum(rng.normal(size=(6, 40, 9, 2)), axis=1) * [1.0, 50.0], x=np.arange(9))
        for _ in range(2)
    )
    found = examine(train, validation)
    _, (best, *_) = found.errors_of(5.0, None)
    spectrum = Spectrum.of(train["state"])
    modes = spectrum.modes[:, : best.modes]
    flat = (validation["state"].values - spectrum.scaling.mean) / spectrum.scaling.deviation
    latents = (flat.reshape(6, 40, -1) - spectrum.mean) @ modes
    ours, _ = spectrum.latents(train["state"])
    coefficients = trials._fitted(ours[..., : best.modes], best.window)
    ahead = trials._rolled(latents[:, :10], best.window, coefficients, 40)
    states = (ahead @ modes.T + spectrum.mean).reshape(6, 30, 9, 2)
    away = ((states - flat[:, 10:]) ** 2).mean((1, 2, 3))
    spread = flat[:, 10:].var(axis=(1, 2)).mean(axis=-1)
    assert best.nrmse == pytest.approx(np.median(np.sqrt(away / spread)), rel=1e-6)
