"""What is planned after a change: exactly what depends on it."""

import os
from contextlib import ExitStack

import yaml


def everything_behind(
    *jobs, name, rnn=True, members=(0,), grid=False, decoder=False, surrogate=True, sure=False
):
    """The jobs from the recurrent network on, of one experiment."""
    planned = set(jobs)
    if rnn:
        planned |= {f"Train network {member} of {name}" for member in members}
        planned |= {f"Describe rnn/{member} of {name}" for member in members}
        planned.add(f"Plot the training histories of {name}")
    if decoder:
        planned.add(f"Train the decoder of {name} on forecasts")
    if surrogate:
        planned.add(f"Describe the surrogate of {name}")
    if surrogate and sure:
        planned.add(f"Forecast the validation samples of {name}")
        planned.add(f"Calibrate the intervals of {name}")
    if sure:
        planned.add(f"Plot how sure the forecasts of {name} are")
    planned |= {
        f"Forecast the test samples of {name}",
        f"Report the errors of {name}",
        f"Measure what the forecasters of {name} cost",
        f"Plot the costs of {name}",
        f"Write the report of {name}",
        f"Plot a forecast of {name} in single cells",
        f"Plot a forecast of {name} in latent space",
        f"Plot the errors of {name} over time",
        f"Animate a forecast of {name}",
    }
    if name == "fhn":
        planned.add("Forecast the test samples of fhn as turns")
    if grid:
        planned |= {
            f"Plot a forecast of {name} as fields",
            f"Plot a reconstruction of {name} as fields",
            f"Plot a reconstruction of {name} in single cells",
        }
    return planned


def autoencoder(name):
    return {f"Train the autoencoder of {name}", f"Describe autoencoder of {name}"}


def latents(name, *splits, encode=True):
    steps = ("Encode the {} samples of {}",) * encode + ("Smooth the {} latents of {}",)
    planned = {step.format(split, name) for step in steps for split in splits}
    return planned | ({f"Encode the test samples of {name}"} if encode else set())


FHN = {"name": "fhn", "members": (0, 1), "grid": True, "decoder": True, "sure": True}


def test_nothing_is_planned_when_nothing_changed(built):
    assert built.planned() == set()


def test_touched_and_reordered_files_change_nothing(built):
    for folder in ("workflow", "profiles", "envs"):
        for file in (built / folder).rglob("*"):
            if file.is_file():
                os.utime(file)
    os.utime(built / "Snakefile")

    def reorder(text):
        def backwards(value):
            if isinstance(value, dict):
                return {key: backwards(value[key]) for key in reversed(value)}
            return value

        return "# a comment\n" + yaml.safe_dump(backwards(yaml.safe_load(text)), sort_keys=False)

    with built.edited("config.yaml", reorder):
        assert built.planned() == set()


def test_comments_and_docstrings_change_nothing(built):
    """In all modules of led and in all scripts at once."""
    modules = [*(built / "workflow/src/led").rglob("*.py"), *(built / "workflow/scripts").iterdir()]
    with ExitStack() as edits:
        for module in modules:
            edits.enter_context(
                built.edited(
                    module.relative_to(built.folder),
                    lambda text: text.replace('"""', '"""Edited. ', 1) + "\n# edited\n",
                )
            )
        assert built.planned() == set()


def test_more_samples_need_one_more_batch(built):
    """5 samples in batches of 2 become 6: the last, short batch is filled up, no other is."""
    with built.configured(**{"datasets.fhn.samples.train": 6}):
        assert built.planned() == {
            "Simulate batch 0002 of the train samples of fhn",
            "Merge the train samples of fhn",
            "Plot training samples of fhn",
        } | autoencoder("fhn") | everything_behind(*latents("fhn", "train", "validation"), **FHN)


def test_a_new_batch_leaves_the_others_alone(built):
    with built.configured(**{"datasets.vdp.samples.train": 8}):
        assert built.planned("results/datasets/vdp/train.nc") == {
            "Simulate batch 0001 of the train samples of vdp",
            "Merge the train samples of vdp",
        }


def test_the_frames_of_test_samples_leave_the_training_alone(built):
    with built.configured(**{"datasets.fhn.test_output_every": 2}):
        assert built.planned() == {
            "Simulate batch 0000 of the test samples of fhn",
            "Merge the test samples of fhn",
            "Simulate the test samples of fhn with half the time step",
            "Encode the test samples of fhn",
        } | everything_behind(rnn=False, name="fhn", grid=True, surrogate=False, sure=True)


def test_the_length_of_test_samples_leaves_the_training_alone(built):
    with built.configured(**{"datasets.vdp.test_duration": 10.0}):
        assert built.planned() == {
            "Simulate batch 0000 of the test samples of vdp",
            "Simulate the test samples of vdp with half the time step",
            "Merge the test samples of vdp",
            "Encode the test samples of vdp",
        } | everything_behind(rnn=False, name="vdp", surrogate=False)


def test_an_autoencoder_parameter_changes_one_experiment(built):
    with built.configured(**{"experiments.fhn.autoencoder.latent_dim": 4}):
        assert built.planned() == autoencoder("fhn") | everything_behind(
            *latents("fhn", "train", "validation"), **FHN
        )


def test_the_memory_of_a_training_changes_one_experiment(built):
    """The order of the training data depends on it where they do not fit."""
    with built.configured(**{"experiments.fhn.memory": 3000}):
        assert built.planned() == autoencoder("fhn") | everything_behind(
            *latents("fhn", "train", "validation"), **FHN
        )


def test_the_smoothing_window_encodes_nothing(built):
    with built.configured(**{"experiments.fhn.smoothing.window": 7}):
        assert built.planned() == everything_behind(
            *latents("fhn", "train", "validation", encode=False), **FHN
        )


def test_an_rnn_parameter_changes_what_follows_its_training(built):
    with built.configured(**{"experiments.fhn.rnn.training.clipnorm": 0.5}):
        assert built.planned() == everything_behind(**FHN)


def test_a_parameter_of_the_decoder_leaves_the_networks_alone(built):
    with built.configured(**{"experiments.fhn.decoder.training.epochs": 3}):
        planned = everything_behind(**FHN | {"rnn": False})
        assert built.planned() == planned | {"Plot the training histories of fhn"}


def test_one_more_member_trains_only_that(built):
    with built.configured(**{"experiments.fhn.rnn.members": 3}):
        assert built.planned() == everything_behind(**FHN | {"members": (2,)})


def test_the_symmetric_copies_of_a_forecast_train_nothing(built):
    with built.configured(**{"experiments.fhn.symmetrize": False}):
        assert built.planned() == everything_behind(**FHN | {"rnn": False, "decoder": False})


def test_the_level_of_the_intervals_calibrates_nothing_anew(built):
    with built.configured(**{"experiments.fhn.interval": 0.5}):
        behind = everything_behind(rnn=False, name="fhn", grid=True, surrogate=False, sure=True)
        assert built.planned() == behind - {"Forecast the test samples of fhn as turns"}


def test_a_baseline_is_fitted_and_reported_and_nothing_else(built):
    for chosen in (["dmd"], ["dmd", {"name": "sindy", "degree": 2}]):
        fitted = [entry if isinstance(entry, str) else entry["name"] for entry in chosen]
        with built.configured(**{"experiments.vdp.baselines": chosen}):
            assert built.planned() == {
                *(f"Forecast the test samples of vdp by {name}" for name in fitted),
                "Report the errors of vdp",
                "Measure what the forecasters of vdp cost",
                "Plot the costs of vdp",
                "Write the report of vdp",
                "Plot the errors of vdp over time",
            }


def test_a_named_forecast_is_made_and_reported_and_nothing_else(built):
    reported = {
        "Report the errors of fhn",
        "Measure what the forecasters of fhn cost",
        "Plot the costs of fhn",
        "Write the report of fhn",
        "Plot the errors of fhn over time",
        "Plot how sure the forecasts of fhn are",
    }
    turns = {"mode": "multiscale", "micro": 4.0, "ratio": 2.0, "every": 3}
    for forecasts, made in (
        ({"turns": turns, "more": {"mode": "state"}}, {"more"}),
        ({"turns": turns | {"every": 4}}, {"turns"}),
        ({"turns": turns | {"symmetrize": False}}, {"turns"}),
        ({"turns": turns | {"ratio": [2.0]}}, {"turns-2"}),
        ({}, set()),
    ):
        with built.configured(**{"experiments.fhn.forecasts": forecasts}):
            jobs = {f"Forecast the test samples of fhn as {name}" for name in made}
            assert built.planned() == reported | jobs


def test_a_figure_parameter_changes_that_figure_and_the_report(built):
    for options, job in {
        ("dataset", "samples", 2): "Plot training samples of fhn",
        ("reconstruction", "sample", 1): "Plot a reconstruction of fhn as fields",
        ("reconstruction_particles", "sample", 1): "Plot a reconstruction of fhn in single cells",
        ("fields", "sample", 1): "Plot a forecast of fhn as fields",
        ("particles", "sample", 1): "Plot a forecast of fhn in single cells",
        ("latents", "sample", 1): "Plot a forecast of fhn in latent space",
        ("animation", "frames", 5): "Animate a forecast of fhn",
    }.items():
        figure, option, value = options
        with built.configured(**{f"experiments.fhn.figures.{figure}.{option}": value}):
            assert built.planned() == {job, "Write the report of fhn"}


def test_parameters_of_equal_value_are_distinguished(built):
    """Snakemake compares the values of parameters without their names."""
    swapped = {
        "experiments.vdp.rnn.training.batch_size": 2,
        "experiments.vdp.rnn.training.epochs": 8,
    }
    with built.configured(**swapped):
        assert "Train network 0 of vdp" in built.planned()


def test_an_edit_of_smoothing_runs_what_imports_it(built):
    with built.edited("workflow/src/led/surrogate/smoothing.py"):
        assert built.planned() == everything_behind(
            *latents("fhn", "train", "validation", encode=False), **FHN
        ) | everything_behind(*latents("vdp", "train", "validation", encode=False), name="vdp")


def test_an_edit_of_a_system_runs_what_is_simulated_with_it(built):
    with built.edited("workflow/src/led/systems/van_der_pol.py"):
        splits = ("train", "validation", "test")
        assert built.planned() == (
            {f"Simulate batch 0000 of the {split} samples of vdp" for split in splits}
            | {f"Merge the {split} samples of vdp" for split in splits}
            | {"Simulate the test samples of vdp with half the time step"}
            | {"Plot training samples of vdp"}
            | autoencoder("vdp")
            | everything_behind(*latents("vdp", "train", "validation"), name="vdp")
        )


def test_an_edit_of_a_script_runs_its_rule(built):
    with built.edited("workflow/scripts/write_report.py"):
        assert built.planned() == {"Write the report of fhn", "Write the report of vdp"}


def test_an_edit_while_a_job_runs_is_noticed_at_the_next_call(built, tmp_path):
    checkout = built.copy(tmp_path)
    log = checkout / "results/logs/vdp/train_rnn_0.log"
    log.unlink()
    (checkout / "results/vdp/rnn/0.keras").unlink()
    running = checkout.start("--cores", "1", "results/vdp/rnn/0.keras")
    while not log.exists():
        assert running.poll() is None, running.stdout.read()
    source = checkout / "workflow/src/led/dynamics/windowed.py"
    source.write_text(source.read_text() + "\nEDITED = True\n")
    assert running.wait() == 0
    assert "Train network 0 of vdp" in checkout.planned("results/vdp/rnn/0.keras")
