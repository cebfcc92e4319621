"""What each stage depends on, without Snakemake; and that its script reads just that."""

import ast
import hashlib
import importlib
import inspect
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

from led.config import chosen
from led.config.complete import complete
from led.config.messages import ConfigError
from led.config.plan import figures, stages
from led.config.stage import Stage, ordered
from led.jobs import provenance

ROOT = Path(__file__).parents[2]
SCRIPTS = ROOT / "workflow" / "scripts"
SCHEMA = ROOT / "workflow" / "schemas" / "config.schema.yaml"
WRITTEN = yaml.safe_load((ROOT / "tests" / "config.yaml").read_text())
WRITTEN["experiments"]["vdp"]["baselines"] = ["dmd", {"name": "sindy", "degree": 2}]
WRITTEN["experiments"]["fhn"]["forecasts"]["again"] = {"mode": "latent"}
WRITTEN["datasets"]["own"] = {
    "source": "command",
    "command": "cp {parameters} {output}",
    "draw": {"b": {"uniform": [0, 1]}, "a": {"integer": [1, 2]}},
    "samples": {"train": 5, "validation": 2, "test": 2},
    "batch_size": 2,
}
CONFIG = complete(WRITTEN, SCHEMA)

# wildcards of a job of each rule that `plan` knows
JOBS = {
    "simulate_batch": {"dataset": "fhn", "split": "train", "batch": "0002"},
    "run_command": {"dataset": "own", "split": "train", "batch": "0002"},
    "merge_batches": {"dataset": "fhn", "split": "train"},
    "import_samples": {"dataset": "fhn", "split": "train"},
    "train_autoencoder": {"experiment": "fhn"},
    "encode_latents": {"experiment": "fhn", "split": "train"},
    "smooth_latents": {"experiment": "fhn", "split": "train"},
    "train_rnn": {"experiment": "fhn", "member": "1"},
    "train_decoder": {"experiment": "fhn"},
    "describe_network": {"experiment": "fhn", "network": "rnn/1"},
    "describe_surrogate": {"experiment": "fhn"},
    "rollout_led": {"experiment": "fhn", "twin": ""},
    "forecast_mode": {"experiment": "fhn", "twin": "", "forecast": "again"},
    "calibrate_intervals": {"experiment": "fhn"},
    "report_cycles": {"experiment": "fhn", "twin": ""},
    "forecast_baseline": {"experiment": "vdp", "twin": "", "baseline": "sindy"},
    "report_errors": {"experiment": "fhn", "twin": ""},
    "measure_costs": {"experiment": "fhn", "twin": ""},
    "refine_samples": {"dataset": "fhn", "split": "test"},
    "write_report": {"experiment": "vdp", "twin": "validation/"},
    "compare_runs": {"study": "curve"},
    "time_generation": {"dataset": "fhn"},
    "measure_solvers": {},
}


def stage(rule, config=CONFIG, **wildcards):
    return stages.of(rule, config, SimpleNamespace(**JOBS[rule] | wildcards))


def test_a_batch_depends_on_its_own_samples_and_not_on_their_number():
    assert stage("simulate_batch").settings["samples"] == [4, 5]  # the short last one
    assert stage("simulate_batch", batch="0000").settings["samples"] == [0, 2]
    more = complete(WRITTEN, SCHEMA)
    more["datasets"]["fhn"]["samples"]["train"] = 100
    for batch in ("0000", "0001"):
        assert stage("simulate_batch", more, batch=batch) == stage("simulate_batch", batch=batch)
    assert len(chosen.batches_of(more["datasets"]["fhn"], "train")) == 50


def test_samples_of_a_latin_hypercube_alone_depend_on_their_number():
    for design, number in {"random": None, "sobol": None, "latin_hypercube": 5}.items():
        other = complete(WRITTEN, SCHEMA)
        other["datasets"]["fhn"]["design"] = design
        for rule in ("simulate_batch", "time_generation"):
            settings = stage(rule, other).settings
            assert (settings["design"], settings["number"]) == (design, number)
        simulation = stage("rollout_led", other).settings["simulation"]
        assert simulation["number"] == (number and 2)


def test_a_batch_of_a_command_depends_on_its_own_samples_and_the_content_of_files(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    more = complete(WRITTEN, SCHEMA)
    more["datasets"]["own"]["samples"]["train"] = 100
    for batch in ("0000", "0001"):
        assert stage("run_command", more, batch=batch) == stage("run_command", batch=batch)
    assert stage("run_command").settings["samples"] == [4, 5]
    assert stage("run_command").settings["depends"] == []

    config, own = complete(WRITTEN, SCHEMA), {"depends": ["mesh"], "table": "table.csv"}
    config["datasets"]["own"] |= own | {"draw": None, "command": "A=1 ./solver {parameters}"}
    (tmp_path / "solver").write_text("program")
    (tmp_path / "mesh").write_text("mesh")
    (tmp_path / "table.csv").write_text("n, rate\n" + "".join(f"{n}, {n}.5\n" for n in range(9)))
    found = stage("run_command", config, split="validation", batch="0000")
    assert found.settings["rows"] == [{"n": 5, "rate": 5.5}, {"n": 6, "rate": 6.5}]
    assert {file["path"] for file in found.settings["depends"]} == {"./solver", "mesh"}
    digests = sorted(hashlib.sha256(text).hexdigest() for text in (b"program", b"mesh"))
    assert found.compared["depends"] == digests
    monkeypatch.chdir(tmp_path.parent)  # a program elsewhere is not of the project
    config["datasets"]["own"] |= {"depends": [], "command": "/bin/sh {parameters}"}
    config["datasets"]["own"]["table"] = str(tmp_path / "table.csv")
    assert stage("run_command", config).settings["depends"] == []


def test_samples_depend_on_their_start():
    other = complete(WRITTEN, SCHEMA)
    other["datasets"]["fhn"]["spin_up"] = 7.0
    for rule in ("simulate_batch", "time_generation"):
        assert (stage(rule).settings["spin_up"], stage(rule, other).settings["spin_up"]) == (0, 7.0)
    assert stage("rollout_led", other) == stage("rollout_led")


def test_the_test_split_may_be_stored_more_often_and_of_another_dataset():
    assert stage("simulate_batch").settings["output_every"] == 2
    assert stage("simulate_batch", split="test", batch="0000").settings["output_every"] == 1
    other = complete(WRITTEN, SCHEMA)
    other["experiments"]["fhn"]["test_dataset"] = "vdp"
    for twin, name in {"": "vdp", "validation/": "fhn"}.items():
        wildcards = SimpleNamespace(experiment="fhn", twin=twin)
        split = chosen.scored_split(wildcards)
        assert chosen.dataset_name(other, wildcards, split) == name
        found = stage("rollout_led", other, twin=twin).settings["simulation"]
        assert found["system"] == other["datasets"][name]["system"]
        assert found["split"] == split


def test_the_validation_samples_that_are_forecast_may_be_of_another_dataset():
    """The trainings use those of the dataset."""
    other = complete(WRITTEN, SCHEMA)
    other["experiments"]["fhn"]["validation_dataset"] = "vdp"
    for twin, name in {"": "fhn", "validation/": "vdp"}.items():
        wildcards = SimpleNamespace(experiment="fhn", twin=twin)
        assert chosen.scored_dataset(other, wildcards) == name
        for rule, key in {"rollout_led": "simulation", "report_errors": None}.items():
            found = stage(rule, other, twin=twin).settings
            found = found[key] if key else found
            assert found["system"] == other["datasets"][name]["system"]
    for rule in TRAININGS | {"encode_latents"}:
        assert stage(rule, other) == stage(rule)
    training = SimpleNamespace(experiment="fhn")
    assert chosen.dataset_name(other, training, "validation") == "fhn"
    assert chosen.datasets_used(other["experiments"]["fhn"]) == {"fhn", "vdp"}


def test_the_intervals_are_those_of_the_test_samples_alone():
    """Their level trains, calibrates and forecasts nothing else."""
    other = complete(WRITTEN, SCHEMA)
    other["experiments"]["fhn"]["interval"] = None
    assert stage("rollout_led", other).settings["interval"] is None
    assert stage("rollout_led").settings["interval"] == 0.6
    for rule in set(JOBS) - {"rollout_led", "import_samples"}:
        assert stage(rule, other) == stage(rule)
    assert stage("rollout_led", other, twin="validation/") == stage(
        "rollout_led", twin="validation/"
    )


def test_the_test_split_may_be_longer_and_the_horizon_with_it():
    """The horizon is one of the forecast alone; a split is simulated as long as it is."""
    lengths = {"train": 5.0, "validation": 5.0, "test": 9.0}
    for split, length in lengths.items():
        wildcards = {"dataset": "vdp", "split": split, "batch": "0000"}
        assert stage("simulate_batch", **wildcards).settings["duration"] == length
    longer = complete(WRITTEN, SCHEMA)
    longer["datasets"]["vdp"]["test_duration"] = 90.0
    longer["experiments"]["vdp"]["horizon"] = 80.0
    for rule in TRAININGS - {"train_decoder"} | {"encode_latents", "time_generation"}:
        chosen_ = {"experiment": "vdp", "dataset": "vdp", "split": "train", "member": "0"}
        assert stage(rule, longer, **chosen_) == stage(rule, **chosen_)


def test_only_training_samples_are_augmented_and_limited():
    limited = complete(WRITTEN, SCHEMA)
    limited["experiments"]["fhn"]["train_samples"] = 3
    train = stage("encode_latents", limited)
    assert train.settings["train_samples"] == 3
    assert train.settings["system"] == CONFIG["datasets"]["fhn"]["system"]
    assert train.sources == ["systems/fitzhugh_nagumo.py"]
    for split in ("validation", "test"):
        other = stage("encode_latents", limited, split=split)
        expected = {"system": None, "inputs": [], "train_samples": None, "threads": 1}
        assert other == Stage(expected)


def test_a_network_does_not_depend_on_the_size_of_its_ensemble():
    larger = complete(WRITTEN, SCHEMA)
    larger["experiments"]["fhn"]["rnn"]["members"] = 7
    for rule in ("train_rnn", "train_decoder", "describe_network"):
        assert stage(rule, larger) == stage(rule)
    assert stage("describe_network").settings == stage("train_rnn").settings
    card = stage("describe_network", network="autoencoder")
    assert card == Stage(stage("train_autoencoder").settings)


def test_sources_are_those_that_are_loaded_by_name():
    assert stage("simulate_batch").sources == ["systems/fitzhugh_nagumo.py", "solvers/theta.py"]
    decoder = ["dynamics/stateful.py", "systems/fitzhugh_nagumo.py", "autoencoders/pointwise.py"]
    assert stage("train_decoder").sources == decoder
    assert stage("forecast_baseline").sources == ["evaluation/baselines/sindy.py"]
    assert {"solvers/theta.py", "solvers/adams_bashforth.py"} < set(
        stage("measure_solvers").sources
    )
    assert "solvers/tableaux.py" not in stage("measure_solvers").sources


def test_baselines_get_the_symmetric_copies_that_led_uses():
    """For training or for the images of a forecast, named or not; none without them."""
    system = CONFIG["datasets"]["fhn"]["system"]
    uses = (True, True, False), (True, False, False), (False, True, False), (False, False, True)
    for augment, symmetrize, named in (*uses, (False, False, False)):
        config = complete(WRITTEN, SCHEMA)
        config["experiments"]["fhn"] |= {"augment": augment, "symmetrize": symmetrize}
        for entry in config["experiments"]["fhn"]["forecasts"].values():
            entry["symmetrize"] = named or None
        config["experiments"]["fhn"]["baselines"] = config["experiments"]["vdp"]["baselines"]
        expected = system if augment or symmetrize or named else None
        reported = stage("report_errors", config)
        fitted = stage("forecast_baseline", config, experiment="fhn", baseline="dmd")
        assert reported.settings["symmetries"] == fitted.settings["symmetries"] == expected
        assert ("systems/fitzhugh_nagumo.py" in fitted.sources) == (expected is not None)


def test_symmetries_of_files_are_those_that_their_dataset_lists():
    """They train nothing anew unless they are used, and have no file of a system."""
    config = complete(WRITTEN, SCHEMA)
    maps = [{"shift": "x"}, {"sign": "all"}]
    config["datasets"]["fhn"] = {"source": "files", "symmetries": maps}
    jobs = ("train_autoencoder", "train_decoder", "describe_surrogate", "report_errors")
    for used in (True, False):
        config["experiments"]["fhn"] |= {"augment": used, "symmetrize": used}
        stages = [stage(job, config, experiment="fhn") for job in jobs]
        for found in stages:
            assert (maps in found.settings.values()) == used
            assert not any(source.startswith("systems/") for source in found.sources)
        assert (
            stage("encode_latents", config, experiment="fhn", split="train").settings["system"]
            == maps
        ) == used
        assert (
            stage("encode_latents", config, experiment="fhn", split="test").settings["system"]
            is None
        )


def test_the_cost_before_a_forecast_is_that_of_the_jobs_that_it_needs():
    config = complete(WRITTEN, SCHEMA)
    config["experiments"]["fhn"]["train_samples"] = 3
    jobs = stage("measure_costs", config).settings["jobs"]
    batches = ("train_0000", "train_0001", "validation_0000")  # train_0002 is not used
    assert jobs["simulation"] == [f"datasets/fhn/simulate_batch_{batch}" for batch in batches]
    steps = [f"{step}_{split}" for step in ("encode_latents", "smooth_latents") for split in SPLITS]
    trained = ["autoencoder", "rnn_0", "rnn_1", "decoder"]
    expected = [f"train_{network}" for network in trained]
    assert sorted(jobs["training"]) == sorted(f"fhn/{job}" for job in steps + expected)
    config["datasets"]["fhn"] = config["datasets"]["own"]
    commands = stage("measure_costs", config).settings
    assert commands["jobs"]["simulation"][0] == "datasets/fhn/run_command_train_0000"
    assert commands["simulation"] is None


SPLITS = ("train", "validation")


def test_what_the_baselines_do_is_read_from_their_files():
    found = stage("write_report").settings
    assert found["split"] == "validation"
    assert list(found["baselines"]) == ["persistence", "mean", "nearest", "dmd", "sindy"]
    assert found["baselines"]["persistence"] == "the last known frame, repeated"
    with pytest.raises(ValueError, match=r"experiments.vdp.baselines: found no nearest, which its"):
        stage("forecast_baseline", baseline="nearest")


def test_a_class_of_the_user_is_compared_without_its_folder():
    """Where a job reads its settings, the path is whole; so it is in what names a surrogate."""
    config = complete(WRITTEN, SCHEMA)
    named = {"datasets.fhn.system": "S", "datasets.fhn.solver": "T", "experiments.fhn.rnn": "R"}
    for path, name in named.items():
        section, key, part = path.split(".")
        config[section][key][part] = {"name": f"models/mine.py:{name}", "nx": 3}
    config["experiments"]["fhn"]["rnn"]["members"] = 1
    batch = stage("simulate_batch", config)
    assert batch.settings["system"]["name"] == "models/mine.py:S"
    assert batch.compared["system"] == {"name": "mine.py:S", "nx": 3}
    assert batch.compared["solver"]["name"] == "mine.py:T"
    timed = stage("rollout_led", config)
    assert timed.compared["simulation"]["system"]["name"] == "mine.py:S"
    assert stage("train_rnn", config).compared["rnn"]["name"] == "mine.py:R"
    assert stage("describe_surrogate", config).compared["rnn"]["name"] == "models/mine.py:R"
    assert stage("train_rnn").compared == stage("train_rnn").settings


def test_settings_are_ordered_at_any_depth():
    found = ordered({"b": [{"d": 1, "c": 2}], "a": {"f": 1, "e": None}})
    assert repr(found) == "{'a': {'e': None, 'f': 1}, 'b': [{'c': 2, 'd': 1}]}"


def is_settings(node):
    """Whether a node is `settings`, or `snakemake.params.settings`."""
    return getattr(node, "id", getattr(node, "attr", None)) == "settings"


def reads_all(call):
    """Whether a call gets the settings as a whole, not only to note them in a file."""
    return getattr(call.func, "attr", None) != "attributes" and any(map(is_settings, call.args))


def keys_read(tree, handed):
    """Return the keys of the settings that a script reads."""
    keys = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and is_settings(node.value):
            keys |= {node.slice.value} if isinstance(node.slice, ast.Constant) else set()
        if isinstance(node, ast.DictComp) and is_settings(getattr(node.value, "value", None)):
            keys |= set(ast.literal_eval(node.generators[0].iter))
        if isinstance(node, ast.Compare) and is_settings(node.comparators[0]):
            keys.add(node.left.value)
        if isinstance(node, ast.Call):
            spread = [entry for entry in node.keywords if entry.arg is None]
            if any(is_settings(entry.value) for entry in spread):
                keys |= accepted(tree, node) & handed
            if reads_all(node):
                keys |= handed
            if getattr(node.func, "attr", None) == "get" and is_settings(node.func.value):
                keys.add(node.args[0].value)
    return keys


def accepted(tree, call):
    """Return the parameters of the function that a script calls."""
    imported = {
        alias.name: node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    owner, *attributes = ast.unparse(call.func).split(".")
    module = importlib.import_module(imported[owner])
    found = getattr(module, owner, None) or importlib.import_module(f"{imported[owner]}.{owner}")
    for attribute in attributes:
        found = getattr(found, attribute)
    names = set(inspect.signature(found).parameters)
    if "settings" in names:  # those of a dataclass
        names |= set(inspect.signature(getattr(module, owner)).parameters)
    return names


@pytest.mark.parametrize("rule", [rule for rule in JOBS if rule != "import_samples"])
def test_a_script_reads_the_keys_that_its_rule_hands_over(rule):
    handed = set(stage(rule).settings)
    if rule == "describe_network":  # one script for the cards of both kinds
        handed |= set(stage(rule, network="autoencoder").settings)
    tree = ast.parse((SCRIPTS / f"{rule}.py").read_text())
    assert keys_read(tree, handed) == handed


def test_an_import_gets_the_keys_of_its_source_and_the_content_of_its_files(tmp_path, monkeypatch):
    """Not the paths: a folder that is moved is imported once."""
    monkeypatch.chdir(tmp_path)
    for name in ("a", "b"):
        (tmp_path / name).write_text(name)
    digest = {name: hashlib.sha256(name.encode()).hexdigest() for name in ("a", "b")}
    for extra in ({}, {"dt": 0.5, "dims": ["time", "x"]}, {"group": "a", "layout": "pdebench"}):
        config = {"datasets": {"fhn": {"train": "a", "validation": "b", "test": "b"} | extra}}
        for split, name in {"train": "a", "test": "b"}.items():
            expected = extra | {"digests": {"file": [digest[name]], "reference": [digest["a"]]}}
            assert stage("import_samples", config, split=split).settings == expected
    (tmp_path / "a").rename(tmp_path / "c")
    config["datasets"]["fhn"]["train"] = "c"
    assert stage("import_samples", config, split="test").settings == expected


def test_an_import_of_a_file_that_is_split_gets_its_own_times_alone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a").write_text("a")
    digest = hashlib.sha256(b"a").hexdigest()
    times = {"train": [0.0, 30.0], "validation": [30.0, 40.0], "test": [40.0, 50.0]}
    own = {"source": "files", "file": "a", "split": times, "windows": {"length": 9, "step": 4}}
    config = {"datasets": {"fhn": own | {"test_windows": {"length": 20, "step": None}}}}
    expected = {"digests": {"file": [digest], "reference": [digest]}}
    for split, interval in times.items():
        windows = config["datasets"]["fhn"]["test_windows" if split == "test" else "windows"]
        found = stage("import_samples", config, split=split).settings
        assert found == expected | {"interval": interval, "windows": windows}


def test_every_script_is_planned():
    assert {path.stem for path in SCRIPTS.glob("*.py")} == {*JOBS, "plot_figure"}


TRAININGS = {"train_autoencoder", "train_rnn", "train_decoder"}
ROLLOUTS = {"rollout_led", "forecast_mode", "measure_costs"}  # they time the solver, too
SIMULATIONS = {"simulate_batch", "refine_samples", "time_generation"} | ROLLOUTS

# modules of led, and the rules that run again after an edit of their code
IMPORTED_BY = {
    "surrogate/smoothing.py": {"smooth_latents"} | ROLLOUTS,
    "surrogate/surrogate.py": ROLLOUTS,
    "surrogate/modes/latent.py": ROLLOUTS,
    "surrogate/named.py": {"forecast_mode"},
    "surrogate/timing.py": {"measure_costs"},
    "surrogate/adaptive/cycle.py": set(),  # of the mode alone, which no job here has
    "data/simulation.py": {"forecast_mode", "refine_samples", "measure_costs"},
    "surrogate/description.py": {"describe_surrogate", "calibrate_intervals"} | ROLLOUTS,
    "systems/fitzhugh_nagumo.py": SIMULATIONS
    | {"train_autoencoder", "train_decoder", "encode_latents"}
    | {"report_errors"},
    "surrogate/calibration.py": {"calibrate_intervals"} | ROLLOUTS,
    "evaluation/uncertainty.py": {"report_errors"},
    "solvers/theta.py": SIMULATIONS | {"measure_solvers"},
    "solvers/adams_bashforth.py": {"measure_solvers"},
    "solvers/tableaux.py": {"measure_solvers"},
    "dynamics/stateful.py": {"train_rnn", "describe_network"} | ROLLOUTS | {"train_decoder"},
    "autoencoders/pointwise.py": {"train_autoencoder", "train_decoder"},
    "training/loop.py": TRAININGS | {"describe_network"} | ROLLOUTS,
    "training/objectives/decoder.py": {"train_decoder"},
    "data/merging.py": {"merge_batches", "import_samples"},
    "data/commands.py": {"run_command"},
    "data/outputs.py": {"run_command"},
    "jobs/shell.py": {"run_command"},
    "data/blocks.py": {"train_autoencoder", "train_decoder"},
    "evaluation/errors.py": {"report_errors", "measure_costs"},
    "evaluation/costs.py": {"measure_costs"},
    "evaluation/coarse.py": {"measure_costs"},
    "evaluation/diagnosis.py": {"report_errors", "write_report"},
    "evaluation/baselines/nearest.py": {"report_errors", "measure_costs"},
    "evaluation/baselines/sindy.py": {"forecast_baseline"},
    "evaluation/report.py": {"write_report"},
    "evaluation/tables.py": {"write_report"},
    "config/plan/stages.py": set(),
}


@pytest.mark.parametrize("module", IMPORTED_BY)
def test_an_edit_runs_the_rules_that_import_it(module):
    digests = {
        rule: provenance.digest(SCRIPTS / f"{rule}.py", *stage(rule).sources)
        for rule in JOBS
        if rule != "import_samples"
    }
    digests["import_samples"] = provenance.digest(SCRIPTS / "import_samples.py")
    assert {rule for rule, digest in digests.items() if module in digest} == IMPORTED_BY[module]


def test_a_figure_depends_on_the_module_that_draws_it():
    sources = figures.plot_figure("series.particles", {}).sources
    assert sources == ["figures/series.py"]
    digest = provenance.digest(SCRIPTS / "plot_figure.py", *sources)
    drawing = {name for name in digest if name.startswith("figures/")}
    assert drawing == {"figures/__init__.py", "figures/series.py", "figures/style.py"}


def test_a_start_is_a_dependency_of_the_trainings_that_have_one():
    written = {**WRITTEN, "experiments": {**WRITTEN["experiments"]}}
    written["experiments"]["on"] = {**written["experiments"]["fhn"], "start_from": "results/fhn"}
    config = complete(written, SCHEMA)
    for rule in ("train_autoencoder", "train_rnn"):
        found, plain = (stage(rule, config, experiment=name) for name in ("on", "fhn"))
        assert found.settings == plain.settings | {"start_from": "results/fhn"}
        assert found.sources == [*plain.sources, "surrogate/start.py"]


def test_the_cost_of_a_start_counts():
    """That of an experiment with all that it took; one from elsewhere has no record."""
    written = {**WRITTEN, "experiments": {**WRITTEN["experiments"]}}
    written["experiments"]["on"] = {**written["experiments"]["fhn"], "start_from": "results/fhn"}
    written["experiments"]["on"] |= {"train_samples": 2}
    config = complete(written, SCHEMA)
    plain, found = (
        stage("measure_costs", config, experiment=name, twin="").settings["jobs"]
        for name in ("fhn", "on")
    )
    assert found["simulation"] == plain["simulation"]  # its own are among them
    own = [job.replace("fhn/", "on/") for job in plain["training"]]
    assert found["training"] == plain["training"] + own
    config["experiments"]["on"]["start_from"] = "elsewhere/x"
    alone = stage("measure_costs", config, experiment="on", twin="").settings["jobs"]
    assert alone["training"] == [*own, "on/start_from"]


@pytest.mark.parametrize(
    ("starts", "message"),
    [
        ({"fhn": "results/fhn"}, "experiments.fhn.start_from: found a circle, fhn from fhn"),
        ({"fhn": "results/vdp", "vdp": "results/fhn"}, "found a circle, fhn from vdp from fhn"),
        ({"fhn": "elsewhere/x"}, "start_from: found 'elsewhere/x', expected results/NAME of an"),
    ],
)
def test_a_start_has_to_exist_and_is_not_made_from_itself(starts, message):
    written = {**WRITTEN, "experiments": {**WRITTEN["experiments"]}}
    for name, folder in starts.items():
        written["experiments"][name] = {**written["experiments"][name], "start_from": folder}
    with pytest.raises(ConfigError, match=message):
        complete(written, SCHEMA)
