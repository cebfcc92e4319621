"""Datasets of a command: what cannot work is reported before anything runs."""

import os
from dataclasses import replace

import pytest

from led.config import chosen, commands, samples, sections
from led.config.complete import complete
from led.config.messages import ConfigError
from tests.config.test_config import SCHEMA

OWN = {
    "source": "command",
    "command": "./solver {parameters} {output}",
    "draw": {"rate": {"uniform": [0, 1]}, "seed": {"integer": [0, 1000000]}},
    "samples": {"train": 4, "validation": 2, "test": 1},
}
ARRAY = {"format": "npy", "dims": ["time", "x"], "dt": 0.5}
EXPERIMENT = {
    "dataset": "own",
    "warmup": 1.0,
    "autoencoder": {"name": "pca", "latent_dim": 2},
    "rnn": {"name": "stateful", "units": [4], "stride": 1},
}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "results").mkdir()
    for name in ("solver", "mesh", "results/a"):
        (tmp_path / name).write_text("")
    return tmp_path


def completed(changes=(), **experiment):
    own = OWN | dict(changes)
    return complete(
        {"datasets": {"own": own}, "experiments": {"own": EXPERIMENT | experiment}}, SCHEMA
    )


def test_defaults_and_what_the_rules_read():
    own = completed(ARRAY)["datasets"]["own"]
    assert own["resources"] == {"threads": 1, "mem_mb": 2000, "runtime": 60}
    assert (own["batch_size"], own["seed"], own["depends"], own["table"]) == (10, 0, [], None)
    assert own["draw"] == {"rate": {"uniform": [0.0, 1.0]}, "seed": {"integer": [0, 1000000]}}
    assert chosen.batches_of(own | {"batch_size": 3}, "train") == [[0, 3], [3, 4]]


MISTAKES = {
    "no {output}": ({"command": "./solver {parameters}"}, r"command: found no {output}, expected"),
    "no {parameters}": (
        {"command": "./a {output}"},
        r"command: found no {parameters}, expected it",
    ),
    "quotes": (
        {"command": "./a '{output}' {parameters}"},
        r"command: found {output} at a quotation",
    ),
    "no command": ({"command": 5}, r"command: found 5, expected a string"),
    "neither": ({"draw": None}, r": found neither of draw and table, expected one of them"),
    "both": ({"table": "mesh"}, r": found both of draw and table, expected one of them"),
    "no draw": ({"draw": {}}, r"draw: found {} \(a mapping\), expected at least one entry"),
    "a distribution": ({"draw": {"a": {"beta": [1, 2]}}}, r"draw\.a: unknown key 'beta'; known: u"),
    "two of them": (
        {"draw": {"a": {"uniform": [1, 2], "choice": [1]}}},
        r"draw\.a: .* has too many properties",
    ),
    "one end": ({"draw": {"a": {"uniform": [1]}}}, r"draw\.a\.uniform: found 1 numbers, expected"),
    "ends": (
        {"draw": {"a": {"integer": [2, 1]}}},
        r"draw\.a\.integer: found 2, 1, expected the lo",
    ),
    "a fraction": (
        {"draw": {"a": {"integer": [0.5, 1]}}},
        r"integer\.0: found 0\.5, expected an in",
    ),
    "spread": (
        {"draw": {"a": {"normal": [2, 0]}}},
        r"draw\.a\.normal: found the deviation 0, expe",
    ),
    "text": (
        {"draw": {"a": {"choice": ["b"]}}},
        r"choice\.0: found 'b' \(a string\), expected a n",
    ),
    "a name": (
        {"draw": {"a b": {"choice": [1]}}},
        r"draw: found the name 'a b', expected: Letters",
    ),
    "a reserved name": (
        {"draw": {"latent": {"choice": [1]}}},
        r"draw: found a coordinate named 'latent', which the results use",
    ),
    "a dimension": (
        ARRAY | {"draw": {"x": {"choice": [1]}}},
        r"draw: found a coordinate named 'x', which is a dimension",
    ),
    "no dims": (ARRAY | {"dims": None}, r"dims: found null, expected the dimensions of an array"),
    "dims of netcdf": ({"dims": ["time"]}, r"dims: found time, expected .* and null for netcdf"),
    "no time": (ARRAY | {"dims": ["x"]}, r"dims: found x, expected each name once: time, at most"),
    "no dt": (ARRAY | {"dt": None}, r"dt: found null, expected the time between two frames"),
    "a format": (
        {"format": "csv"},
        r"format: found 'csv' \(a string\), expected one of netcdf, npy",
    ),
    "resources": (
        {"resources": {"mem_mb": "8G"}},
        r"resources\.mem_mb: found '8G'.* expected an int",
    ),
    "no cores": (
        {"resources": {"threads": 0}},
        r"resources\.threads: found 0, expected at least 1",
    ),
    "a resource": (
        {"resources": {"mem": 5}},
        r"resources: unknown key 'mem' \(did you mean 'mem_mb'",
    ),
    "depends": (
        {"depends": ["mesh", "no"]},
        r"depends\.1: found 'no', expected a file that exists",
    ),
    "results": (
        {"depends": ["results/a"]},
        r"depends\.0: found 'results/a', expected a file outside",
    ),
    "batches": (
        {"samples": {"train": 20001, "validation": 1, "test": 1}, "batch_size": 2},
        r"batch_size: found 2, expected at least 3: the 20001 samples of train are made in",
    ),
    "samples": ({"samples": {"train": 1}}, r"samples: 'validation' is missing"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_has_one_clear_message(mistake):
    changes, message = MISTAKES[mistake]
    with pytest.raises(ConfigError, match=rf"datasets\.own.*{message}"):
        completed(changes)


TABLES = {
    "a, b\n" + "1, 2\n" * 6: r"table\.csv: found 6 rows, expected one a sample: 7",
    "": r"table\.csv: found the names \[\], expected letters",
    "a, b c\n1, 2\n": r"found the names \['a', 'b c'\], expected letters, digits and _ in line 1",
    "a, a\n1, 2\n": r"found the names a, a, expected each once",
    "a, b\n1, 2\n3\n": r"line 3: found 1 entries, expected 2",
    "a, b\n1, two\n": r"line 2: found 'two' for b, expected a finite number",
    "a\n9007199254740993\n": r"line 2: found '9007199254740993' for a, expected at most 2\^53",
    "a\n1_000\n": r"line 2: found '1_000' for a, expected a finite number",
    "a, b\n1, nan\n": r"line 2: found 'nan' for b, expected a finite number",
    "a, time\n" + "1, 2\n" * 7: r"found a coordinate named 'time', which is a dimension",
    "a\n\xff": r"found '\xff' for a",
}


@pytest.mark.parametrize("text", TABLES)
def test_a_table_that_cannot_be_used_is_named(folder, text):
    (folder / "table.csv").write_text(text)
    with pytest.raises(ConfigError, match=rf"datasets\.own\.table: .*{TABLES[text]}"):
        completed({"draw": None, "table": "table.csv"})
    with pytest.raises(ConfigError, match=r"table: found 'no\.csv', expected a file that exists"):
        completed({"draw": None, "table": "no.csv"})


def test_the_rows_of_a_table_are_those_of_the_splits_in_turn(folder):
    lines = ["\ufeffseed,rate", *(f"{n},{n / 4}" for n in range(7)), ""]
    (folder / "table.csv").write_text("\n".join(lines))
    own = completed({"draw": None, "table": "table.csv"})["datasets"]["own"]
    found = {split: commands.rows(own, split, [0, n]) for split, n in own["samples"].items()}
    assert [row["seed"] for row in found["train"]] == [0, 1, 2, 3]
    assert found["validation"] == [{"seed": 4, "rate": 1.0}, {"seed": 5, "rate": 1.25}]
    assert found["test"] == commands.rows(own, "test", [0, 1]) == [{"seed": 6, "rate": 1.5}]
    assert type(found["test"][0]["seed"]) is int
    stamp = os.stat("table.csv").st_mtime_ns
    (folder / "table.csv").write_text("\n".join(lines).replace("6,1.5", "6,2.5"))
    os.utime("table.csv", ns=(stamp + 1, stamp + 1))
    assert commands.rows(own, "test", [0, 1]) == [{"seed": 6, "rate": 2.5}]


def test_what_is_known_of_the_samples_is_checked_at_once():
    for changes, message in {
        "train_samples": r"train_samples: found 5, expected at most 4",
        "figures": r"figures\.latents\.sample: found 5, expected less than 1",
    }.items():
        value = {"latents": {"sample": 5}} if changes == "figures" else 5
        with pytest.raises(ConfigError, match=message):
            completed(**{changes: value})
    with pytest.raises(
        ConfigError, match=r"own\.inputs: found 'rat', expected one of rate, seed \(d"
    ):
        completed(ARRAY, inputs=["rat"])
    completed(ARRAY, inputs=["rate"])
    completed(inputs=["forcing"])  # may be in the file
    with pytest.raises(ConfigError, match=r"augment: found true, expected false"):
        completed(augment=True)


def test_the_rest_is_checked_with_the_first_samples(folder, monkeypatch):
    """Of 21 frames that are 0.1 apart: the last one of them is at 2.0."""
    made = samples.Samples(3, 21, 0.1, 0.0, (8,), 1)
    monkeypatch.setattr(samples, "_in_file", lambda dataset, path: replace(made))
    sections.check(completed(), "own", "batch.nc")
    for changes, message in {
        "warmup": r"warmup: found 5\.0, expected 0\.1 to 2, within a sample",
        "horizon": r"horizon: found 5\.0, expected 0\.1 to 1\.1, what the warm-up leaves",
    }.items():
        config = completed(**{changes: 5.0})
        with pytest.raises(ConfigError, match=rf"cannot work:\n.*experiments\.own\.{message}"):
            sections.check(config, "own", "batch.nc")
    large = completed(autoencoder={"name": "pca", "latent_dim": 9})
    with pytest.raises(ConfigError, match=r"latent_dim: found 9, expected at most 8"):
        sections.check(large, "own", "batch.nc")


def test_a_dataset_may_be_scored_on_the_samples_of_a_command():
    for name, other in {"own": "vdp", "vdp": "own"}.items():
        vdp = {"system": "van_der_pol", "duration": 4.0, "dt": 0.1, "samples": OWN["samples"]}
        datasets = {"own": OWN, "vdp": vdp}
        experiment = EXPERIMENT | {"dataset": name, "test_dataset": other, "horizon": 1.0}
        complete({"datasets": datasets, "experiments": {"e": experiment}}, SCHEMA)
