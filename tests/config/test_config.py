"""The configuration: defaults, and one clear message for each mistake."""

import copy
import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
import yaml

from led.config import sections
from led.config.complete import ConfigError, complete

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "workflow" / "schemas" / "config.schema.yaml"
CONFIG = yaml.safe_load((ROOT / "config.yaml").read_text())


def changed(**changes):
    """Return config.yaml with some keys, written with dots, changed; `...` removes one."""
    config = json.loads(json.dumps(CONFIG))  # what the file shares by an anchor is two sections now
    for path, value in changes.items():
        *parents, key = path.split(".")
        section = config
        for parent in parents:
            section = section[parent]
        if value is ...:
            del section[key]
        else:
            section[key] = value
    return config


def files(**changes):
    """Return a dataset of files that exist, but for some."""
    splits = dict.fromkeys(("train", "validation", "test"), "samples.csv")
    return {"source": "files"} | splits | changes


ADAPTIVE = {"mode": "adaptive", "compare": 2.0, "length": [8.0, 9.0]}
CONV = {"name": "conv", "latent_dim": 2, "filters": [2], "kernels": [3], "dense_units": [200]}

MISTAKES = {
    "an unknown key": (
        {"experiments.fhn.autoencoder.latent_dims": 3},
        r"experiments.fhn.autoencoder: unknown key 'latent_dims' \(did you mean 'latent_dim'\?\); "
        r"known: name, latent_dim",
    ),
    "lengths in the wrong order": (
        {"experiments.vdp.forecasts": {"a": ADAPTIVE | {"length": [9.0, 8.0]}}},
        r"vdp.forecasts.a.length: found \[9.0, 8.0\], expected the shorter time first",
    ),
    "a comparison beyond the horizon": (
        {"experiments.vdp.forecasts": {"a": ADAPTIVE | {"compare": 19.0}}},
        r"vdp.forecasts.a.compare: found 19, expected at most 18, the horizon",
    ),
    "a comparison that no training sample holds": (
        {
            "datasets.vdp.duration": 8.0,
            "datasets.vdp.test_duration": 25.0,
            "experiments.vdp.forecasts": {"a": ADAPTIVE | {"distance": 0.1}},
        },
        r"vdp.forecasts.a.compare: found 20 frames, expected at most 11: a training sample has 81, "
        r"of which the warm-up has 70",
    ),
    "a comparison that no validation sample holds": (
        {
            "datasets.vdp.duration": 8.0,
            "datasets.vdp.test_duration": 25.0,
            "experiments.vdp.forecasts": {"a": ADAPTIVE | {"error": {"quantile": 0.9}}},
        },
        r"vdp.forecasts.a.compare: found 20 frames, expected at most 11: a validation sample has",
    ),
    "a comparison that is shorter than the filter": (
        {
            "experiments.vdp.smoothing": {"window": 31, "order": 2},
            "experiments.vdp.forecasts": {"a": ADAPTIVE | {"train": {"steps": 9}}},
        },
        r"vdp.forecasts.a.compare: found 20 frames with train, expected at least 31, those of smoo",
    ),
    "validation samples on another grid": (
        {"experiments.vdp.validation_dataset": "fhn"},
        r"vdp.validation_dataset: found samples with the grid 20 x 20, expected none, as in the tr",
    ),
    "test samples on another grid": (
        {
            "datasets.fhn_fresh.system.nx": 30,
            "experiments.fhn.validation_dataset": None,
            "experiments.fhn.interval": None,
            "experiments.fhn.test_dataset": "fhn_fresh",
            "experiments.vdp.test_dataset": None,
        },
        r"fhn.test_dataset: found samples with the grid 30 x 20, expected 20 x 20, as in the train",
    ),
    "validation samples without an input": (
        {"experiments.vdp_damping.validation_dataset": "vdp_fresh"},
        r"vdp_damping.validation_dataset: found 'mu', which the validation samples of the dataset",
    ),
    "an ensemble of one fit": (
        {"experiments.lambda_omega.rnn.members": 3},
        r"lambda_omega.rnn.members: found 3 with rnn.name 'least_squares', expected 1: all members",
    ),
    "a quantile above 1": (
        {"experiments.vdp.forecasts": {"a": ADAPTIVE | {"error": {"quantile": 2}}}},
        r"vdp.forecasts.a.error.quantile: found 2",
    ),
    "online training of a linear map": (
        {
            "experiments.vdp.forecasts": {"a": ADAPTIVE | {"train": {"steps": 9}}},
            "experiments.vdp.rnn": {"name": "least_squares"},
        },
        r"vdp.forecasts.a.train: found with rnn.name 'least_squares', expected 'stateful'",
    ),
    "a quantile with inputs": (
        {
            "experiments.vdp.forecasts": {"a": ADAPTIVE | {"spread": {"quantile": 0.9}}},
            "experiments.vdp.inputs": ["initial_x"],
        },
        r"vdp.forecasts.a: found a quantile with inputs, expected numbers for error, spread, dist",
    ),
    "online training of what is known": (
        {"experiments.vdp.forecasts": {"a": ADAPTIVE | {"distance": 0.1, "train": {"steps": 9}}}},
        r"vdp.forecasts.a.distance: found with train, expected null",
    ),
    "online training with inputs": (
        {
            "experiments.vdp.forecasts": {"a": ADAPTIVE | {"train": {"steps": 9}}},
            "experiments.vdp.inputs": ["initial_x"],
        },
        r"vdp.forecasts.a.train: found with inputs, expected an experiment without",
    ),
    "an unknown section": ({"experiment": {}}, r"unknown key 'experiment' \(.*'experiments'"),
    "a number that is text": (
        {"datasets.fhn.solver": {"tolerance": "1e-10"}},
        r"datasets.fhn.solver.tolerance: found '1e-10' \(a string\), expected a number; YAML reads "
        r"1e-10 as text: write it as 1\.0e-10",
    ),
    "a forecast of a name that the table has": (
        {"experiments.vdp.forecasts": {"Nearest": {"mode": "latent"}}},
        r"vdp.forecasts.Nearest: found the name 'Nearest', expected none of persistence, mean, "
        r"nearest, led, autoencoder, .*as_accurate, which the tables have already",
    ),
    "a forecast of the name of a baseline": (
        {
            "experiments.vdp.forecasts": {"dmd": {"mode": "latent"}},
            "experiments.vdp.baselines": ["dmd"],
        },
        r"vdp.forecasts.dmd: found the name 'dmd', expected none of .*as_accurate, dmd, which",
    ),
    "a mode that calls the solver of files": (
        {
            "datasets.mine": files(),
            "experiments.vdp.test_dataset": "mine",
            "experiments.vdp.forecasts": {
                "turns": {"mode": "multiscale", "micro": 1.0, "ratio": 2.0},
                "again": {"mode": "latent"},
            },
        },
        r"vdp.forecasts.turns.mode: found 'multiscale', which calls the solver of the system; "
        r"expected a mode without it, since the samples of mine come from files$",
    ),
    "phases that are no frames": (
        {"experiments.vdp.forecasts": {"a": {"mode": "multiscale", "micro": 0.5, "ratio": 0.5}}},
        r"vdp.forecasts.a.ratio: found phases of 0.25, expected a multiple of 0.1",
    ),
    "a time that is none of the forecast": (
        {"experiments.vdp.forecasts": {"a": {"mode": "latent", "times": [7.05]}}},
        r"vdp.forecasts.a.times: found 7.05, expected times of the forecast: 7 to 24.9 in steps",
    ),
    "frames farther apart than a forecast is long": (
        {"experiments.vdp.forecasts": {"a": {"mode": "latent", "every": 181}}},
        r"vdp.forecasts.a.every: found 181, expected at most 180, the frames of the forecast",
    ),
    "frames of the training that a forecast has not": (
        {"experiments.fhn_large.forecasts": {"a": {"mode": "state", "times": [100.5]}}},
        r"fhn_large.forecasts.a.times: found 100.5, expected .*: 100 to 497.5 in steps of 2.5",
    ),
    "every and times": (
        {"experiments.vdp.forecasts": {"a": {"mode": "latent", "every": 2, "times": [7.0]}}},
        r"vdp.forecasts.a.times: found with every, expected one of the two",
    ),
    "ratios of one name": (
        {"experiments.vdp.forecasts": {"a": {"mode": "multiscale", "micro": 1.0, "ratio": [2, 2]}}},
        r"experiments.vdp.forecasts: found 'a-2' twice, expected other names, or each ratio once",
    ),
    "ratios that are no numbers": (
        {"experiments.vdp.forecasts": {"a": {"mode": "multiscale", "micro": 1.0, "ratio": ["2"]}}},
        r"vdp.forecasts.a.ratio: found \['2'\] \(a list\), expected a number",
    ),
    "an option that all of several ratios lack": (
        {"experiments.vdp.forecasts": {"a": {"mode": "multiscale", "ratio": [2]}}},
        r"vdp.forecasts.a-2: 'micro' is missing; found mode, ratio",
    ),
    "phases that are no steps of the networks": (
        {"experiments.fhn.forecasts": {"a": {"mode": "multiscale", "micro": 3.0, "ratio": 5}}},
        r"fhn.forecasts.a.micro: found phases of 3, expected a multiple of 5, the time of a step",
    ),
    "a mode that is misspelt": (
        {"experiments.vdp.forecasts": {"a": {"mode": "latant"}}},
        r"vdp.forecasts.a.mode: found 'latant' .*expected one of .*\(did you mean 'latent'\?\)",
    ),
    "a forecast without a mode": (
        {"experiments.vdp.forecasts": {"a": {}}},
        r"vdp.forecasts.a: 'mode' is missing; found nothing",
    ),
    "an option that a mode has not": (
        {"experiments.vdp.forecasts": {"a": {"mode": "latent", "rho": 3}}},
        r"vdp.forecasts.a: unknown key 'rho'.*known: mode",
    ),
    "symmetries of files": (
        {
            "datasets.mine": files(),
            "experiments.vdp.dataset": "mine",
            "experiments.vdp.augment": True,
            "experiments.vdp.symmetrize": False,
        },
        r"experiments.vdp.augment: found true, expected false: the dataset lists no symmetries",
    ),
    "a class that its file has not": (
        {"experiments.vdp.rnn": {"name": "own.py:Owm"}},
        r"vdp.rnn.name: found 'own.py:Owm', expected a class that own.py has \(did you mean 'Own'",
    ),
    "a range from above": (
        {"datasets.advection_diffusion_reaction.system.m1_min": 0.1},
        r"advection_diffusion_reaction.system.m1_min: found 0.1, expected at most 0.05, its _max",
    ),
    "mean of images of files": (
        {
            "datasets.mine": files(),
            "experiments.vdp.dataset": "mine",
            "experiments.vdp.augment": False,
            "experiments.vdp.symmetrize": True,
        },
        r"experiments.vdp.symmetrize: found true, expected false: the dataset lists no symmetri",
    ),
    "mean of images of files in a named forecast": (
        {
            "datasets.mine": files(),
            "experiments.vdp.dataset": "mine",
            "experiments.vdp.augment": False,
            "experiments.vdp.symmetrize": False,
            "experiments.vdp.forecasts": {"a": {"mode": "latent", "symmetrize": True}},
        },
        r"vdp.forecasts.a.symmetrize: found true, expected false: the dataset lists no symmetri",
    ),
    "symmetric copies of an adaptive forecast": (
        {"experiments.vdp_adaptive.forecasts.adaptive.symmetrize": True},
        r"forecasts.adaptive.symmetrize: found true, expected null: this mode uses no symmetric",
    ),
    "an unknown kind of symmetry": (
        {"datasets.mine": files(symmetries=[{"turn": "x"}])},
        r"datasets.mine.symmetries.0: unknown key 'turn'; known: shift, flip, transpose, sign",
    ),
    "a fraction of a sample": (
        {"datasets.fhn.samples.train": 1.5},
        r"datasets.fhn.samples.train: found 1.5, expected an integer",
    ),
    "a whole number with a point": (
        {"datasets.fhn.samples.train": 100.0},
        r"datasets.fhn.samples.train: found 100.0, expected an integer",
    ),
    "a whole number in quotes": (
        {"datasets.fhn.samples.train": "100"},
        r"'100' \(a string\), expected an integer; write it without quotes: 100 \(and in a file: v",
    ),
    "a step that is no number": (
        {"datasets.fhn.dt": float("nan")},
        r"datasets.fhn.dt: found nan, expected a number",
    ),
    "a duration without end": (
        {"datasets.fhn.duration": float("inf")},
        r"datasets.fhn.duration: found inf, expected a number",
    ),
    "an autoencoder without a name": (
        {"experiments.fhn.autoencoder": {"latent_dim": 3}},
        r"experiments.fhn.autoencoder: 'name' is missing; found latent_dim$",
    ),
    "a system without a name": (
        {"datasets.fhn.system": {"nx": 20}},
        r"datasets.fhn.system: 'name' is missing; found nx$",
    ),
    "an even filter": (
        {"experiments.fhn.smoothing": {"window": 30, "order": 2}},
        r"experiments.fhn.smoothing.window: found 30, expected an odd number",
    ),
    "a time outside the forecast": (
        {"experiments.fhn.figures.fields.times": [50.0]},
        r"figures.fields.times: found 50.0, expected 100 to 499.5, a time of the forecast",
    ),
    "a reconstruction outside the forecast": (
        {"experiments.fhn.figures.reconstruction": {"times": [500.0]}},
        r"figures.reconstruction.times: found 500.0, expected 100 to 499.5, a time of the forecast",
    ),
    "a warm-up that leaves no frame": (
        {"experiments.fhn.warmup": 500.2, "experiments.fhn.horizon": None},
        r"experiments.fhn.warmup: found 500.2, expected 0.5 to 500",
    ),
    "a file that is not there": (
        {"datasets.vdp": files(test="nothing.nc")},
        r"datasets.vdp.test: found 'nothing.nc', expected a file that exists",
    ),
    "a class in a file that is not there": (
        {"datasets.vdp.system": "nothing.py:Nothing"},
        r"datasets.vdp.system.name: found 'nothing.py:Nothing', expected a file that exists",
    ),
    "an unknown dataset for the test": (
        {"experiments.vdp.test_dataset": "vpd"},
        r"experiments.vdp.test_dataset: found 'vpd', expected one of fhn, fhn_fresh, ",
    ),
    "an unknown dataset for the validation": (
        {"experiments.vdp.validation_dataset": "vpd"},
        r"experiments.vdp.validation_dataset: found 'vpd', expected one of .*did you mean 'vdp'",
    ),
    "validation samples on other frames": (
        {"datasets.vdp_fresh.output_every": 15},
        r"experiments.vdp.validation_dataset: the validation samples: time: found a step of 0.3, ",
    ),
    "a level above one": (
        {"experiments.vdp.interval": 90},
        r"experiments.vdp.interval: found 90, expected less than 1",
    ),
    "a level of zero": (
        {"experiments.vdp.interval": 0},
        r"experiments.vdp.interval: found 0, expected more than 0",
    ),
    "a level that takes more samples": (
        {"experiments.vdp.interval": 0.99, "experiments.vdp.validation_dataset": None},
        r"experiments.vdp.interval: found 0.99 with 50 validation samples, expected at most 0.98, "
        r"or a validation_dataset with 99 samples or more: samples count, not their times and",
    ),
    "intervals beyond the validation samples": (
        {"experiments.led_fhn.interval": 0.6, "experiments.led_fhn.validation_dataset": None},
        r"experiments.led_fhn.interval: found 0.6 with forecasts of 8000 and validation samples "
        r"for 431, expected a validation_dataset with samples as long as those of the test",
    ),
    "truth for a number": (
        {"experiments.fhn.threads": True},
        r"experiments.fhn.threads: found True \(true or false\), expected an integer",
    ),
    "a missing section": ({"datasets": ...}, r"the top level: 'datasets' is missing"),
    "a missing key": ({"datasets.vdp.dt": ...}, r"datasets.vdp: 'dt' is missing; found system"),
    "an empty section": ({"experiments": None}, r"experiments: found None, expected a mapping"),
    "a grid without cells": (
        {"datasets.fhn.system.ny": 0},
        r"datasets.fhn.system.ny: found 0, expected at least 1",
    ),
    "a negative step": ({"datasets.fhn.dt": -0.5}, r"dt: found -0.5, expected more than 0"),
    "an unknown system": (
        {"datasets.fhn.system": {"name": "fitzhugh"}},
        r"datasets.fhn.system.name: found 'fitzhugh' .*fitzhugh_nagumo, .*van_der_pol "
        r"\(did you mean 'fitzhugh_nagumo'\?\)",
    ),
    "statistics of a short forecast": (
        {"experiments.vdp.figures": {"statistics": {}}, "experiments.vdp.horizon": 3.0},
        r"vdp.figures.statistics: found a forecast of 30 frames, expected at least 32",
    ),
    "an unknown solver": (
        {"datasets.fhn.solver": {"name": "teta"}},
        r"solver.name: found 'teta' .*one of adams_bashforth, .*\(did you mean 'theta'\?\)",
    ),
    "an unknown autoencoder": (
        {"experiments.fhn.autoencoder.name": "convolution"},
        r"autoencoder.name: found 'convolution' .*expected one of conv, identity, pca, pointwise",
    ),
    "an unknown network": (
        {"experiments.fhn.rnn.name": "statefull"},
        r"rnn.name: found 'statefull' .*\(did you mean 'stateful'\?\)",
    ),
    "an unknown dataset": (
        {"experiments.fhn.dataset": "fnh"},
        r"experiments.fhn.dataset: found 'fnh', expected one of fhn, fhn_fresh, ",
    ),
    "a name that is a path": (
        {"experiments": {"../fhn": CONFIG["experiments"]["fhn"]}},
        r"found the name '../fhn', expected: Letters, digits",
    ),
    "a name that is taken": (
        {"experiments": {"logs": CONFIG["experiments"]["fhn"]}},
        r"found the name 'logs', expected: .*not the name of another folder",
    ),
    "a taken name in capitals": (
        {"experiments": {"Logs": CONFIG["experiments"]["fhn"]}},
        r"found the name 'Logs', expected: .*not the name of another folder",
    ),
    "a name that looks like an option": (
        {"experiments": {"-x": CONFIG["experiments"]["fhn"]}},
        r"found the name '-x', expected: Letters, digits, _ and -, at most 100, no - in front",
    ),
    "a name with a line break": (
        {"experiments": {"fhn\n": CONFIG["experiments"]["fhn"]}},
        r"found the name 'fhn\\n', expected: Letters, digits",
    ),
    "a name too long for a file": (
        {"experiments": {"ab" * 51: CONFIG["experiments"]["fhn"]}},
        r"found the name 'abab.*, expected: Letters, digits, _ and -, at most 100",
    ),
    "a name that Snakemake takes for a circle": (
        {"experiments": {"a" * 20: CONFIG["experiments"]["fhn"]}},
        r"expected: .*nothing that is repeated 20 times at its end",
    ),
    "names that differ in capitals": (
        {"experiments.FHN": CONFIG["experiments"]["fhn"]},
        r"experiments.FHN: found next to 'fhn', expected names that differ in more than upper and",
    ),
    "a name that YAML reads as a number": (
        {"datasets.fhn.system": {"name": "fitzhugh_nagumo", 1: 2}},
        r"datasets.fhn.system: found the key 1, expected text: write it in quotes",
    ),
    "a name that YAML reads as nothing": (
        {"experiments": {None: {"smoothing": {}}}},
        r"experiments: found the key None, expected text: write it in quotes",
    ),
    "a number beyond all numbers": (
        {"datasets.fhn.duration": 10**400},
        r"datasets.fhn.duration: found 1000*, expected a number",
    ),
    "a step of nothing": (
        {"datasets.fhn.dt": 5e-324},
        r"datasets.fhn.dt: found 5e-324, expected at least 5e-07: a sample has at most 1000000000",
    ),
    "a warm-up beyond all frames": (
        {
            "experiments.vdp.warmup": 1e308,
            "datasets.vdp.dt": 1e-3,
            "datasets.vdp.duration": 1e-2,
        },
        r"experiments.vdp.warmup: found 1e\+308, expected 0.005 to 0.01",
    ),
    "more batches than can be planned": (
        {"datasets.fhn.samples.train": 200_000, "datasets.fhn.batch_size": 1},
        r"datasets.fhn.batch_size: found 1, expected at least 20: the 200000 samples of train",
    ),
    "a seed of too many bits": (
        {"experiments.fhn.seed": 2**32},
        r"experiments.fhn.seed: found 4294967296, expected at most 2147483647",
    ),
    "a range the wrong way round": (
        {"datasets.lambda_omega_d.system.d": [0.2, 0.05]},
        r"datasets.lambda_omega_d.system.d: found \[0.2, 0.05\], expected the lower end first",
    ),
    "an input that no sample has": (
        {"experiments.vdp_damping.inputs": ["nu"], "studies": {}},
        r"vdp_damping.inputs: found 'nu', which the train samples of the dataset have not",
    ),
    "an input that the samples of another system have not": (
        {"experiments.lambda_omega_d.test_dataset": "vdp", "studies": {}},
        r"lambda_omega_d.test_dataset: found 'd', which the test samples of the dataset have not",
    ),
    "an input that is the same in all samples": (
        {"experiments.vdp_damping.test_dataset": "vdp", "studies": {}},
        r"vdp_damping.test_dataset: found 'mu', which the test .* have not .mu is 1.0 in",
    ),
    "a file with a wildcard": (
        {"datasets.vdp": files(test="{dataset}.nc")},
        r"datasets.vdp.test: found '{dataset}.nc', expected: A file, with no braces in its path",
    ),
    "a file that is no name of one": (
        {"datasets.vdp": files(test="a\0.nc")},
        r"datasets.vdp.test: found 'a\\x00.nc', expected a file that exists",
    ),
    "a file among the results": (
        {"datasets.vdp": files(test="results/a.nc")},
        r"datasets.vdp.test: found 'results/a.nc', expected a file outside results",
    ),
    "a class in a file with a wildcard": (
        {"datasets.vdp.system": "{dataset}.py:Own"},
        r"datasets.vdp.system.name: found '{dataset}.py:Own', expected: A file and its class",
    ),
    "a file without its class": (
        {"datasets.vdp.system": "own.py:"},
        r"datasets.vdp.system.name: found 'own.py:', expected: A file and its class",
    ),
    "a class in a file that is not Python": (
        {"datasets.vdp.system": "broken.py:Own"},
        r"datasets.vdp.system.name: found 'broken.py:Own', expected a file of Python: .*line 1",
    ),
    "a parameter that is no number": (
        {"datasets.vdp.system": {"name": "own.py:Own", "rates": [float("nan")]}},
        r"datasets.vdp.system.rates.0: found nan, expected a mapping or a list or",
    ),
    "a tableau that is none": (
        {
            "datasets.vdp.solver": {
                "name": "runge_kutta",
                "tableau": {"A": [[0, 0], [1, 0]], "b": [0.5, 0.4], "c": [0, 1]},
            }
        },
        r"datasets.vdp.solver.tableau.b: found the sum 0.9, expected 1",
    ),
    "a tableau that is implicit": (
        {
            "datasets.vdp.solver": {
                "name": "runge_kutta",
                "tableau": {"A": [[0.5]], "b": [1], "c": [0.5]},
            }
        },
        r"datasets.vdp.solver.tableau.A: found entries on or above the diagonal, expected a "
        r"strictly lower triangular matrix",
    ),
    "an unknown tableau": (
        {"datasets.vdp.solver": {"name": "runge_kutta", "tableau": "rk5"}},
        r"datasets.vdp.solver.tableau: found 'rk5' .*expected one of heun, .*did you mean 'rk",
    ),
    "a duration between steps": (
        {"datasets.fhn.duration": 500.2},
        r"datasets.fhn.duration: found 500.2, expected a multiple of dt \(0.125\)",
    ),
    "an output that never comes": (
        {"datasets.vdp.output_every": 1251},
        r"datasets.vdp.output_every: found 1251, expected at most 1250",
    ),
    "a warm-up longer than the series": (
        {"experiments.fhn.warmup": 600.0},
        r"experiments.fhn.warmup: found 600.0, expected 0.5 to 500",
    ),
    "a horizon beyond the series": (
        {"experiments.fhn.horizon": 450.0},
        r"experiments.fhn.horizon: found 450.0, expected 0.5 to 400.5",
    ),
    "a filter longer than the warm-up": (
        {"experiments.fhn.smoothing": {"window": 201, "order": 2}},
        r"experiments.fhn.smoothing.window: found 201 frames, expected at most 200",
    ),
    "a polynomial without a remainder": (
        {"experiments.fhn.smoothing": {"window": 31, "order": 31}},
        r"smoothing.order: found 31, expected less than the window \(31\)",
    ),
    "a window longer than the warm-up": (
        {"experiments.vdp.rnn": {"name": "windowed", "window": 71}},
        r"experiments.vdp.rnn.window: found 71 frames, expected at most 70",
    ),
    "a window of linear dynamics longer than the warm-up": (
        {"experiments.vdp.rnn": {"name": "least_squares", "window": 71}},
        r"experiments.vdp.rnn.window: found 71 frames, expected at most 70",
    ),
    "a window of the training longer than a sample": (
        {"experiments.vdp.rnn.window": 252},
        r"experiments.vdp.rnn.window: found 252 frames, expected 71 to 251: more than the 70 of",
    ),
    "a window of the training within the warm-up": (
        {"experiments.vdp.rnn.window": 70},
        r"experiments.vdp.rnn.window: found 70 frames, expected 71 to 251",
    ),
    "more samples than there are": (
        {"experiments.fhn.train_samples": 101},
        r"experiments.fhn.train_samples: found 101, expected at most 100, the training samples of",
    ),
    "a stride longer than the warm-up": (
        {"experiments.vdp.rnn.stride": 71},
        r"experiments.vdp.rnn.stride: found 71, expected at most 70",
    ),
    "symmetric copies of a coarse grid": (
        {"experiments.fhn_asymmetric.symmetrize": True},
        r"experiments.fhn_asymmetric.symmetrize: found true with autoencoder.encoder_stride 2, "
        r"expected false: on the grid \[20, 20\] symmetric copies show the encoder",
    ),
    "symmetric copies of a coarse grid in a named forecast": (
        {"experiments.fhn_asymmetric.forecasts": {"a": {"mode": "state", "symmetrize": True}}},
        r"fhn_asymmetric.forecasts.a.symmetrize: found true with autoencoder.encoder_stride 2",
    ),
    "a grid that is not there": (
        {"experiments.vdp.autoencoder": {"name": "conv", "latent_dim": 2}},
        r"experiments.vdp.autoencoder.name: found 'conv', which needs a grid",
    ),
    "filters without kernels": (
        {"experiments.fhn.autoencoder": {"name": "conv", "latent_dim": 2, "kernels": [3]}},
        r"autoencoder.kernels: found 1 entries, expected null, as filters are",
    ),
    "fewer kernels than filters": (
        {"experiments.fhn.autoencoder": CONV | {"filters": [2, 2]}},
        r"autoencoder.kernels: found 1 entries, expected 2, one for each of filters",
    ),
    "the padding of another grid": (
        {"experiments.fhn.autoencoder": CONV | {"padding": ["zero"]}},
        r"autoencoder.padding: found 1 entries, expected 2, one a dimension of the grid",
    ),
    "a decoder that learns nothing": (
        {"experiments.vdp.decoder": {}},
        r"experiments.vdp.decoder: found with autoencoder.name 'identity', expected null",
    ),
    "test frames between those of training": (
        {"datasets.vdp.output_every": 4, "datasets.vdp.test_output_every": 3},
        r"datasets.vdp.test_output_every: found 3, expected a divisor of output_every \(4\)",
    ),
    "a test duration between steps": (
        {"datasets.vdp.test_duration": 50.05},
        r"datasets.vdp.test_duration: found 50.05, expected a multiple of dt \(0.02\)",
    ),
    "a start between steps": (
        {"datasets.vdp.spin_up": 50.05},
        r"datasets.vdp.spin_up: found 50.05, expected a multiple of dt \(0.02\)",
    ),
    "a horizon beyond the test samples": (
        {"datasets.vdp.test_duration": 50, "experiments.vdp.horizon": 43.2},
        r"experiments.vdp.horizon: found 43.2, expected 0.1 to 43.1, what the warm-up leaves of a",
    ),
    "a test sample shorter than the warm-up": (
        {"datasets.vdp.test_duration": 6},
        r"experiments.vdp.warmup: found 7.0, expected 0.1 to 6, within a sample of the dataset",
    ),
    "a sample that is not there": (
        {"experiments.fhn.figures.fields.sample": 20},
        r"experiments.fhn.figures.fields.sample: found 20, expected less than 20",
    ),
    "a sample that is not in the other dataset": (
        {
            "experiments.fhn.test_dataset": "fhn_fresh",
            "datasets.fhn_fresh.samples.test": 3,
            "experiments.fhn.figures.latents": {"sample": 3},
        },
        r"experiments.fhn.figures.latents.sample: found 3, expected less than 3",
    ),
    "a cell that is not there": (
        {"experiments.fhn.figures.particles.points": [[20, 0]]},
        r"figures.particles.points: found \[20, 0\], expected indices of the grid \[20, 20\]",
    ),
    "a cell of too few indices": (
        {"experiments.fhn.figures": {"dataset": {"point": [3]}}},
        r"figures.dataset.point: found \[3\], expected indices of the grid \[20, 20\]",
    ),
    "a reconstruction of no cell": (
        {"experiments.fhn.figures": {"reconstruction_particles": {"points": [[0, 20]]}}},
        r"figures.reconstruction_particles.points: found \[0, 20\], expected indices of the grid",
    ),
    "a baseline that is there anyway": (
        {"experiments.vdp.baselines": ["nearest"]},
        r"experiments.vdp.baselines: found nearest, expected others than persistence, mean, near",
    ),
    "an unknown baseline": (
        {"experiments.vdp.baselines": ["sindi"]},
        r"experiments.vdp.baselines.0.name: found 'sindi' .*one of dmd, .* \(did you mean 'sind",
    ),
    "a baseline twice": (
        {"experiments.vdp.baselines": ["dmd", {"name": "dmd", "rank": 3}]},
        r"experiments.vdp.baselines: found dmd, dmd, expected each name once",
    ),
    "polynomials on a grid": (
        {"experiments.fhn.baselines": ["sindy"]},
        r"experiments.fhn.baselines.0.name: found 'sindy' on a grid, expected a system without",
    ),
    "delays beyond the warm-up": (
        {"experiments.fhn.baselines": [{"name": "dmd", "delays": 21, "stride": 10}]},
        r"experiments.fhn.baselines.0.delays: found 21 of 10 frames, expected at most 20: the warm",
    ),
    "more components than a state has numbers": (
        {"experiments.vdp.autoencoder": {"name": "pca", "latent_dim": 3}},
        r"experiments.vdp.autoencoder.latent_dim: found 3, expected at most 2, the numbers of a st",
    ),
    "more halvings than a grid has": (
        {"experiments.fhn.autoencoder": CONV | {"filters": [2] * 5, "kernels": [3] * 5}},
        r"autoencoder.filters: found 5 layers, .* halves the grid \[20, 20\]; expected at most 4",
    ),
    "a dense layer smaller than the coarsest grid": (
        {"experiments.fhn.autoencoder": CONV | {"dense_units": [99]}},
        r"autoencoder.dense_units: found 99 first, expected at least 100, the points of the coars",
    ),
    "a kernel that cannot draw an odd grid": (
        {
            **{
                f"datasets.{name}.system.{side}": 21
                for name in ("fhn", "fhn_fresh", "fhn_outside")
                for side in ("nx", "ny")
            },
            "experiments.fhn.autoencoder": CONV | {"kernels": [2]},
            "experiments.fhn.symmetrize": False,
        },
        r"autoencoder.kernels.0: found 2, expected at least 3 to draw a grid of \[21, 21\]",
    ),
    "an animation of no sample": (
        {"experiments.fhn.figures": {"animation": {"sample": 20}}},
        r"experiments.fhn.figures.animation.sample: found 20, expected less than 20",
    ),
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The files that some of the mistakes name."""
    for name, text in {
        "samples.csv": "time,x,y\n" + "".join(f"{0.1 * n},{n % 7},{n % 5}\n" for n in range(260)),
        "results/a.nc": "",
        "broken.py": "class Own",
        "own.py": "class Own: ...",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("entry", "stride", "message"),
    [
        ({"shift": "z"}, 1, r"mine.symmetries.0: found the dimension 'z', expected one of x, y$"),
        (
            {"transpose": ["x", "y"]},
            1,
            "mine.symmetries.0: found the transposition of x and y, which",
        ),
        (
            {"shift": "x"},
            2,
            "vdp.symmetrize: found true with autoencoder.encoder_stride 2, expected",
        ),
        (
            {"sign": "u"},
            1,
            r"mine.symmetries.0: found the sign of 'u', expected all or one of c0, c1",
        ),
        ({"flip": "y", "sign": "c1"}, 2, None),
    ],
)
def test_symmetries_of_files_are_compared_with_their_grid(tmp_path, entry, stride, message):
    """Of 5 x 7 points the encoder sees every second one, the same after a flip."""
    np.savez(tmp_path / "mine.npz", np.zeros((4, 100, 5, 7, 2)))
    dataset = {"source": "files", "dt": 0.1, "symmetries": [entry]}
    dataset["dims"] = ["sample", "time", "x", "y", "component"]
    dataset |= dict.fromkeys(("train", "validation", "test"), str(tmp_path / "mine.npz"))
    experiment = {"dataset": "mine", "warmup": 2.0, "horizon": None, "symmetrize": True}
    experiment["autoencoder"] = {"name": "pointwise", "latent_dim": 2, "encoder_stride": stride}
    experiment |= {"interval": None, "validation_dataset": None}
    config = changed(**{"datasets.mine": dataset})
    config["experiments"]["vdp"] |= experiment
    config["studies"].pop("vdp_seeds")  # scored on samples without a grid
    if not message:
        complete(config, SCHEMA)
        return
    with pytest.raises(ConfigError, match=message):
        complete(config, SCHEMA)


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_has_one_clear_message(folder, mistake):
    changes, message = MISTAKES[mistake]
    with pytest.raises(ConfigError, match=message) as raised:
        complete(changed(**changes), SCHEMA)
    assert len(str(raised.value).splitlines()) == 2  # a heading and one line


def test_all_mistakes_are_reported_at_once():
    with pytest.raises(ConfigError) as raised:
        complete(changed(**{"datasets.fhn.dt": 0, "experiments.vdp.warmup": "long"}), SCHEMA)
    assert len(str(raised.value).splitlines()) == 3


def test_each_missing_key_is_reported_once():
    with pytest.raises(ConfigError) as raised:
        complete(changed(**{"datasets.vdp": {}}), SCHEMA)
    keys = ("system", "duration", "dt", "samples")
    assert sorted(str(raised.value).splitlines()[1:]) == sorted(
        f"datasets.vdp: {key!r} is missing; found nothing" for key in keys
    )


def test_a_list_of_ratios_is_a_forecast_of_each():
    turns = {"mode": "multiscale", "micro": 0.5, "ratio": [1, 2.4]}
    given = {"experiments.vdp.forecasts": {"a": turns, "b": {"mode": "latent", "times": [7, 8]}}}
    config = complete(changed(**given), SCHEMA)
    found = config["experiments"]["vdp"]["forecasts"]
    assert list(found) == ["a-1", "a-2p4", "b"]
    every = {"every": None, "times": None, "symmetrize": None}
    assert found["a-1"] == turns | {"ratio": 1.0} | every
    assert found["a-2p4"] == turns | {"ratio": 2.4} | every
    assert found["b"]["times"] == [7.0, 8.0]


def test_a_system_may_be_given_by_its_name_alone():
    short = complete(changed(**{"datasets.vdp.system": "van_der_pol"}), SCHEMA)
    written = {"name": "van_der_pol", "mu": 1.0, "extent": 5.0, "regimes": None}
    assert short["datasets"]["vdp"]["system"] == written


def test_a_baseline_may_be_given_by_its_name_alone():
    config = complete(changed(**{"experiments.vdp.baselines": ["dmd", {"name": "sindy"}]}), SCHEMA)
    assert config["experiments"]["vdp"]["baselines"] == [
        {"name": "dmd", "rank": 20, "delays": 10, "stride": 1},
        {"name": "sindy", "degree": 3, "threshold": 0.1},
    ]
    assert config["experiments"]["fhn"]["baselines"] == []


def test_fields_are_drawn_where_there_is_a_grid_of_two_dimensions():
    config = complete(changed(**{"experiments.fhn.figures": {}}), SCHEMA)
    assert config["experiments"]["fhn"]["figures"]["fields"] == {"sample": 0, "times": None}
    assert config["experiments"]["vdp"]["figures"]["fields"] is None


def test_defaults_are_filled_in_at_every_depth():
    before = copy.deepcopy(CONFIG)
    config = complete(CONFIG, SCHEMA)
    assert before == CONFIG
    assert config["datasets"]["vdp"]["solver"]["tableau"] == "rk4"
    assert config["experiments"]["fhn"]["autoencoder"]["training"]["epochs"] == 60
    assert config["experiments"]["vdp"]["smoothing"] is None
    assert complete(config, SCHEMA) == config


def test_what_two_sections_share_by_an_anchor_has_the_defaults_of_each():
    config = changed()
    shared = {"epochs": 5}
    config["experiments"]["fhn"]["autoencoder"]["training"] = shared
    config["experiments"]["fhn"]["rnn"]["training"] = shared
    fhn = complete(config, SCHEMA)["experiments"]["fhn"]
    assert fhn["autoencoder"]["training"]["loss"] == "mse"
    assert fhn["rnn"]["training"]["loss"] == "mae"
    assert shared == {"epochs": 5}


def test_whole_numbers_may_be_written_without_a_point():
    """60 and 60.0 are one value; a count stays an integer."""
    written = {
        "datasets.fhn.duration": 500,
        "datasets.fhn.solver": {"theta": 1},
        "experiments.fhn.warmup": 100,
        "experiments.fhn.rnn.training.clipnorm": 2,
        "experiments.fhn.figures.fields.times": [110, 180.0],
    }
    pointed = {
        "datasets.fhn.duration": 500.0,
        "datasets.fhn.solver": {"theta": 1.0},
        "experiments.fhn.warmup": 100.0,
        "experiments.fhn.rnn.training.clipnorm": 2.0,
        "experiments.fhn.figures.fields.times": [110.0, 180.0],
    }
    found, expected = (complete(changed(**keys), SCHEMA) for keys in (written, pointed))
    assert repr(found) == repr(expected)
    assert type(found["datasets"]["fhn"]["batch_size"]) is int
    assert type(found["experiments"]["fhn"]["rnn"]["members"]) is int


def test_a_default_is_the_same_as_the_value_written_out():
    explicit = changed(**{"datasets.vdp.solver": {"name": "theta", "theta": 0.5}})
    left_out = changed(**{"datasets.vdp.solver": {}})
    assert complete(explicit, SCHEMA) == complete(left_out, SCHEMA)


def test_a_schedule_of_an_option_is_an_input():
    """The damping is one number in the options, but changes in time."""
    scheduled = {"name": "van_der_pol", "regimes": [[10.0, 3.0], [20.0, 1.0]]}
    given = {"datasets.vdp_damping.system": scheduled}
    assert complete(changed(**given), SCHEMA)["experiments"]["vdp_damping"]["inputs"] == ["mu"]


def test_the_grid_of_a_users_system_is_that_of_its_samples(tmp_path):
    """Its options do not tell; a batch of its samples does, and comes before any training."""
    (tmp_path / "own.py").write_text("class Own: ...")
    cells = np.zeros((1, 1001, 20, 20, 2), np.float32)
    dims = ("sample", "time", "x", "y", "component")
    axes = {"x": np.arange(20.0), "y": np.arange(20.0), "component": ["u", "w"]}
    state = xr.DataArray(cells, {"sample": [0], "time": 0.5 * np.arange(1001), **axes}, dims)
    made = tmp_path / "0000.nc"
    state.to_dataset(name="state").to_netcdf(made)
    system = {"datasets.fhn_large.system": {"name": f"{tmp_path}/own.py:Own"}}
    config = changed(**system, **{"experiments.fhn_asymmetric.symmetrize": True})
    config["experiments"] = {"fhn_asymmetric": config["experiments"]["fhn_asymmetric"]}
    config["studies"] = {}
    done = complete(config, SCHEMA)
    message = "fhn_asymmetric.symmetrize: found true with autoencoder.encoder_stride 2, expected"
    with pytest.raises(ConfigError, match=message):
        sections.check(done, "fhn_large", str(made))
