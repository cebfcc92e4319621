"""Samples of a user's command: made once each, read, checked, and kept where others fail."""

import json
import re

import numpy as np
import pytest
import xarray as xr

from led.data.commands import Command, Distributions, drawn, whole
from led.data.merging import merge
from led.data.precision import fitted
from led.jobs import contents, files

RNG = np.random.default_rng(3)
SERIES = RNG.normal(size=(5, 3)).cumsum(0)  # (time, x)


def command(line, **options):
    """Return a command that writes an array, without other options."""
    array = {"format": "npy", "dims": ["time", "x"], "dt": 0.5, "depends": [], "threads": 1}
    return Command(line, **(array | options))


def values(count, first=0):
    return [{"rate": 0.5 + number, "seed": number} for number in range(first, first + count)]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """The working directory, with a file that commands copy."""
    monkeypatch.chdir(tmp_path)
    np.save("series.npy", SERIES)
    return tmp_path


# What is drawn


DRAWN = {
    "a": {"uniform": [2.0, 3.0]},
    "b": {"integer": [4, 6]},
    "c": {"normal": [10.0, 0.5]},
    "d": {"choice": [1.0, 8.0]},
    "e": {"choice": [0.5, 1.0]},
}


def of(samples, split="train", distributions=DRAWN, seed=0, design="random"):
    settings = {"rows": None, "draw": distributions, "samples": samples, "split": split}
    return drawn(settings | {"seed": seed, "design": design, "number": 64})


def test_values_have_their_distributions():
    found = {name: np.array([row[name] for row in of([0, 2000])]) for name in DRAWN}
    assert 2 <= found["a"].min() < 2.01 < 2.99 < found["a"].max() < 3
    assert sorted(set(found["b"])) == [4, 5, 6]
    np.testing.assert_allclose(
        [found["c"].mean(), found["c"].std()], [10, 0.5], atol=5 * 0.5 / 2000**0.5
    )
    for name, ends in {"d": (1, 8), "e": (0.5, 1)}.items():
        assert 900 < (found[name] == ends[0]).sum() < 1100
        assert set(found[name]) == set(ends)
    assert abs(np.corrcoef(found["a"], found["c"])[0, 1]) < 5 / 2000**0.5


def test_a_value_depends_on_seed_split_and_number_alone():
    whole_range = of([0, 10])
    assert of([3, 7]) == whole_range[3:7]
    assert of([3, 7], distributions=dict(reversed(DRAWN.items()))) == whole_range[3:7]
    others = [of([0, 10]), of([0, 10], split="test"), of([0, 10], seed=1)]
    assert len({row["a"] for rows in others for row in rows}) == 30


@pytest.mark.parametrize("design", ["sobol", "latin_hypercube"])
def test_a_design_spreads_each_value_evenly(design):
    """Of 64 samples, one lies in each 64th of the range; a third of the integers is each."""
    rows = of([0, 64], design=design)
    uniform = np.sort([row["a"] for row in rows])
    assert np.abs((uniform - 2) * 64 - np.arange(64) - 0.5).max() <= 0.5 + 1e-9
    assert [abs(sum(row["b"] == n for row in rows) - 64 / 3) < 1.5 for n in (4, 5, 6)] == [True] * 3
    assert of([5, 9], design=design) == rows[5:9]


def test_whole_numbers_are_integers():
    """A program may read no 1.0 as a seed, and no 1 as a rate."""
    row = json.loads(json.dumps(of([0, 1])[0]))
    assert [type(row[name]) for name in "abcde"] == [float, int, float, int, float]
    assert whole([1.0, 2.5]) == [1.0, 2.5]
    assert Distributions({}).draw(RNG) == {}


# What is read


def test_a_batch_has_the_samples_and_what_was_drawn(folder):
    made = command("cp series.npy {output}; cp {parameters} last.json; awk '{print}' last.json")
    batch = made.batch("train", 3, values(2, 3), folder / "it's a folder")
    assert batch["state"].dims == ("sample", "time", "x", "component")
    np.testing.assert_array_equal(batch["state"], np.tile(SERIES[None, ..., None], (2, 1, 1, 1)))
    assert batch["sample"].values.tolist() == [3, 4]
    assert batch["time"].values.tolist() == [0, 0.5, 1, 1.5, 2]
    assert batch["rate"].values.tolist() == [3.5, 4.5]
    assert batch["seed"].values.tolist() == [3, 4]
    assert json.loads((folder / "last.json").read_text()) == {"rate": 4.5, "seed": 4}


def test_the_same_is_merged_from_batches_of_any_size(folder):
    """Of samples that differ, since the command copies another file each."""
    for number in range(5):
        np.save(f"{number}.npy", SERIES * (1 + number) + 1e6 * (number == 3))
    made = command("cp $(basename {parameters} .json).npy {output}")
    merged = []
    for size in (2, 5):
        paths = [folder / f"{size}-{start}.nc" for start in range(0, 5, size)]
        for path, start in zip(paths, range(0, 5, size), strict=True):
            count = min(size, 5 - start)
            batch = made.batch("test", start, values(count, start), path.with_suffix(".samples"))
            files.write(fitted(batch), path)
        merge([str(path) for path in paths], folder / f"{size}.nc")
        merged.append(files.read(folder / f"{size}.nc"))
    xr.testing.assert_identical(*merged)
    np.testing.assert_array_equal(merged[0]["state"][3, ..., 0], SERIES * 4 + 1e6)  # in float64
    np.testing.assert_array_equal(merged[0]["state"][1, ..., 0], np.float32(SERIES * 2))


LAYOUTS = {
    "state": xr.Dataset(
        {"state": (("component", "x", "time"), np.stack([SERIES.T, SERIES.T**2]))},
        {"time": [0.0, 0.5, 1.0, 1.5, 2.0], "component": ["u", "v"]},
    ),
    "variables": xr.Dataset(
        {
            "u": (("time", "x"), SERIES, {"units": "m s-1"}),
            "v": (("time", "x"), SERIES**2),
            "area": 3.0,
        },
        {"time": ("time", [0.0, 0.5, 1.0, 1.5, 2.0], {"units": "s"}), "case": 7},
    ),
}
LAYOUTS["one sample"] = LAYOUTS["state"].expand_dims("sample")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_netcdf_file_names_its_components(folder, layout, capfd):
    LAYOUTS[layout].to_netcdf("one.nc")
    made = command("cp one.nc {output} #{parameters}", format="netcdf", dims=None, dt=None)
    found = made.batch("train", 0, values(2), folder / "run")
    assert found["component"].values.tolist() == ["u", "v"]
    assert set(found.coords) == {"sample", "time", "component", "rate", "seed"} | {"x"}
    np.testing.assert_array_equal(found["state"][1], np.stack([SERIES, SERIES**2], -1))
    if layout == "variables":
        assert found["state"].attrs["units"] == "u: m s-1, v: 1"
        assert found["time"].attrs["units"] == "s"
        log = capfd.readouterr().out
        (line,) = re.findall("samples have: (.*)\n", log)
        assert set(line.split(", ")) == {"area (sample)", "case (sample)"}


def test_a_forcing_is_kept_for_experiments_that_take_it_as_an_input(folder, recwarn):
    forced = LAYOUTS["state"].assign(forcing=("time", np.arange(5.0)))
    forced.to_netcdf("one.nc")
    options = {"format": "netcdf", "dims": None, "dt": None}
    for used in (("forcing", "rate"), ()):
        made = command("cp one.nc {output}", used=used, **options)
        found = made.batch("train", 0, values(2), folder / "run")
        assert found["forcing"].dims == ("sample", "time")
        np.testing.assert_array_equal(found["forcing"], np.tile(np.arange(5.0), (2, 1)))
    texts = [str(w.message) for w in recwarn]
    assert len([text for text in texts if "forcing depends on time and is not used" in text]) == 1
    made = command("cp one.nc {output}", used=("wind",), **options)
    with pytest.raises(
        files.FileError, match="run: found no input 'wind', expected one of forcing"
    ):
        made.batch("train", 0, values(1), folder / "run")
    with pytest.raises(files.FileError, match="run: found 'forcing' as drawn and as a variable"):
        command("cp one.nc {output}", **options).batch("a", 0, [{"forcing": 1}], folder / "run")


def test_an_npz_file_is_read_too(folder):
    np.savez("one.npz", SERIES)
    found = command("cp one.npz {output}", format="npz").batch(
        "train", 0, values(1), folder / "run"
    )
    np.testing.assert_array_equal(found["state"][0, ..., 0], SERIES)


# What fails


WRONG = [
    ("echo sorry; exit 3", r"status 3: .*; exit 3\nits output is above in the log"),
    ("kill -9 $$", r"status -9: .*\nits output is above"),
    (
        "cp series.npy elsewhere.npy",
        r"status 0: .*\nfound no file .*1\.npy, expected its npy there",
    ),
    ("echo text >{output}", r"status 0: .*\n.*/1\.npy: found a file of an unknown format"),
    (
        "head -c 200 series.npy >{output}",
        r"1\.npy: not a readable .* 120 bytes .* the file has 200",
    ),
    ("cp nan.npy {output}", r"1\.npy: found values that are not finite, expected numbers"),
    ("cp flat.npy {output}", r"1\.npy: found an array of the shape \(5,\), expected 2 dimensions"),
]


@pytest.mark.parametrize(("line", "message"), WRONG)
def test_what_fails_names_sample_and_command_and_the_others_are_kept(folder, line, message, capfd):
    np.save("flat.npy", np.zeros(5))
    np.save("nan.npy", np.full((5, 3), np.nan))
    good = "test {parameters} -ef run/0.json && exec cp series.npy {output}"
    with pytest.raises(files.FileError, match=message) as error:
        command(f"{good}; {line}").batch("test", 0, values(2), folder / "run")
    text = str(error.value)
    assert text.startswith("sample 1 of test: the command ended with exit status ")
    assert f"test {folder}/run/1.json -ef run/0.json" in text
    assert text.endswith("; the samples before it are kept")
    assert [path.name[:2] for path in (folder / "run").glob("*-*")] == ["0-"]
    assert ("sorry" in capfd.readouterr().out) == ("sorry" in line)


UNLIKE = {
    "fewer times": ({"time": slice(3)}, r"found 3 times that end at 1, expected 5 that end at 2"),
    "fewer points": ({"x": slice(2)}, r"found 2 points along x, expected 3"),
}


@pytest.mark.parametrize("unlike", UNLIKE)
def test_samples_have_the_same_times_and_points(folder, unlike):
    part, message = UNLIKE[unlike]
    LAYOUTS["state"].to_netcdf("0.nc")
    LAYOUTS["state"].isel(part).to_netcdf("1.nc")
    made = command("cp $(basename {parameters} .json).nc {output}", format="netcdf", dims=None)
    with pytest.raises(files.FileError, match=rf"/1-\w+\.nc: {message}.* as in .*/0-\w+\.nc"):
        made.batch("train", 0, values(2), folder / "run")


def test_several_samples_and_names_in_conflict_are_refused(folder):
    xr.concat([LAYOUTS["state"]] * 2, "sample").to_netcdf("two.nc")
    LAYOUTS["state"].rename(x="rate").to_netcdf("rate.nc")
    LAYOUTS["variables"].assign(w=(("time", "z"), SERIES)).to_netcdf("odd.nc")
    for name, message in {
        "two": "0.nc: found 2 samples, expected one",
        "rate": "run: found a coordinate named 'rate', which is a dimension",
        "odd": r"found the variables u \(time, x\), .*, expected one named state, or variables",
    }.items():
        made = command(f"cp {name}.nc {{output}}", format="netcdf", dims=None, dt=None)
        with pytest.raises(files.FileError, match=message):
            made.batch("train", 0, values(1), folder / "run")


FLAKY = """
echo $(basename {parameters} .json) >>calls
fate=$(sed -n "$(wc -l <calls)p" fates)
test "$fate" = 0 && cp series.npy {output} || exit 1
"""


@pytest.mark.parametrize("seed", range(5))
def test_nothing_that_is_finished_runs_twice(folder, seed):
    """A command that fails at random, half of the time, is called until all is there."""
    fates = np.random.default_rng(seed).integers(0, 2, 100)
    (folder / "fates").write_text("\n".join(map(str, fates)) + "\n")
    batch, runs = None, 0
    while batch is None:
        runs += 1
        try:
            batch = command(FLAKY).batch("train", 0, values(6), folder / "run")
        except files.FileError:
            continue
    calls = (folder / "calls").read_text().split()
    succeeded = [call for call, fate in zip(calls, fates, strict=False) if fate == 0]
    assert succeeded == ["0", "1", "2", "3", "4", "5"]
    assert len(calls) == 6 + runs - 1
    np.testing.assert_array_equal(batch["state"], np.tile(SERIES[None, ..., None], (6, 1, 1, 1)))


def counted(folder, line="cp series.npy {output}; echo {parameters} >>calls", rows=None, **options):
    """Make a batch of two samples, and return how often the command ran."""
    (folder / "calls").write_text("")
    command(line, **options).batch("train", 0, rows or values(2), folder / "run")
    return len((folder / "calls").read_text().split())


def test_what_is_stale_is_never_used(folder):
    """Finished samples are those of this command, these values and these files."""
    assert counted(folder) == 2
    (folder / "run" / ".abandoned.npy").write_text("")
    (folder / "run" / "scratch").mkdir()
    assert counted(folder) == 0
    assert len(list((folder / "run").iterdir())) == 2
    changed = [{"rate": 0.5, "seed": 0}, {"rate": 1.5, "seed": 2}]
    assert counted(folder, rows=changed) == 1
    line = "cp series.npy  {output}; echo {parameters} >>calls"
    assert counted(folder, line, rows=changed) == 2
    depends = [{"path": "series.npy", "sha256": contents.digest("series.npy")}]
    assert counted(folder, line, rows=changed, depends=depends) == 2
    assert counted(folder, line, rows=changed, depends=depends) == 0


def test_a_file_that_changes_while_the_command_runs_is_noticed(folder):
    (folder / "mesh").write_text("coarse")
    depends = [{"path": "mesh", "sha256": contents.digest("mesh")}]
    with pytest.raises(files.FileError, match="mesh: changed since this job was planned; run the"):
        counted(folder, "cp series.npy {output}; echo fine >mesh", depends=depends)
    assert not list((folder / "run").glob("*-*"))
