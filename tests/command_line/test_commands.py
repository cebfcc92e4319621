"""The command led: as it is typed, in an environment that it was installed into."""

import os
import shutil
import subprocess
import sys
import sysconfig

import pytest
import yaml

from led.command_line import main
from tests.inspection.test_proposal import waves
from tests.workflow.conftest import ROOT


def led(*arguments):
    main.main(list(map(str, arguments)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("waves")
    for number, name in enumerate(("train", "validation", "test")):
        waves(5, number).to_netcdf(folder / f"{name}.nc")
    return folder


def test_inspect_prints_a_report_and_writes_a_configuration_that_validate_accepts(
    folder, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    led("inspect", folder, "--name", "mine", "--write", "mine.yaml", "--page", "mine.html")
    printed = capsys.readouterr().out
    assert "5 training samples of 80 frames, 0.5 apart" in printed
    assert "results/mine/report.html --configfile mine.yaml" in printed
    page = (tmp_path / "mine.html").read_text()
    assert page.count("data:image/png;base64,") == 3
    assert "http" not in page  # nothing is loaded
    assert (tmp_path / "mine.yaml").read_text() in page.replace("&#x27;", "'")
    led("validate", "mine.yaml")
    assert "mine.yaml: 1 datasets and 1 experiments, no error" in capsys.readouterr().out

    config = yaml.safe_load((tmp_path / "mine.yaml").read_text())
    config["experiments"]["mine"]["warmup"] = 1000.0
    (tmp_path / "config.yaml").write_text(yaml.safe_dump(config))
    with pytest.raises(SystemExit, match=r"experiments.mine.warmup: found 1000.0, expected"):
        led("validate")
    (tmp_path / "mine.yaml").write_text("experiments: {mine: {warmup: 5.0}}")
    led("validate", "mine.yaml")  # merged as Snakemake does


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ("{dims: [sample, time", "--keys: not YAML"),
        ("dt", "--keys: found 'dt', expected keys and values, as in {dt: 0.1}"),
        ("", "--keys: found '', expected keys and values"),
    ],
)
def test_keys_are_a_mapping(folder, keys, message):
    with pytest.raises(SystemExit, match=message):
        led("inspect", folder, "--name", "mine", "--keys", keys)


def test_a_file_that_is_named_by_a_year_has_a_name(folder, tmp_path, monkeypatch):
    """`2020` alone would be a number."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(folder, tmp_path / "2020")
    led("inspect", "2020", "--write", "mine.yaml")
    assert [*yaml.safe_load((tmp_path / "mine.yaml").read_text())["experiments"]] == ["2020"]


def test_samples_that_never_change_are_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    same = waves(12, 0) * 0 + 3.0
    same.to_netcdf("same.nc")
    with pytest.raises(SystemExit, match="found the same numbers in all frames"):
        led("inspect", "same.nc", "--name", "same")


def test_the_samples_of_a_dataset_are_inspected_where_the_workflow_has_put_them(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    shutil.copy(ROOT / "tests" / "config.yaml", tmp_path)
    (tmp_path / "results/datasets/vdp").mkdir(parents=True)
    for number, name in enumerate(("train", "validation")):
        waves(4, number).to_netcdf(tmp_path / f"results/datasets/vdp/{name}.nc")
    led("inspect", "--dataset", "vdp", "--write", "more.yaml")
    assert "4 training samples" in capsys.readouterr().out
    config = yaml.safe_load((tmp_path / "more.yaml").read_text())
    assert [*config] == ["experiments"]
    assert config["experiments"]["vdp_inspected"]["dataset"] == "vdp"
    waves(4, 0).to_netcdf(tmp_path / "fhn.nc")
    with pytest.raises(SystemExit, match=r"name .fhn. in config.yaml, expected another"):
        led("inspect", "fhn.nc")


def test_errors_are_one_message_without_a_traceback(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for arguments, message in (
        (("inspect", "absent.nc"), "led: absent.nc: found no such file"),
        (("inspect",), "led: found both or none of files and --dataset, expected one"),
        (("validate",), "led: found no config.yaml in this folder"),
        (("forecast", "results/x", "w.nc", "f.nc", "--horizon", "1"), "found no surrogate.json"),
    ):
        with pytest.raises(SystemExit, match=message):
            led(*arguments)


@pytest.mark.parametrize("command", ["inspect", "forecast", "validate"])
def test_help_has_an_example_of_each_command(command, capsys):
    with pytest.raises(SystemExit) as ended:
        led(command, "--help")
    assert ended.value.code == 0
    assert f"  led {command} " in capsys.readouterr().out


def test_an_editable_installation_has_the_command(tmp_path):
    """Without a network; what led imports comes from the environment of the tests."""
    checkout = tmp_path / "checkout"
    shutil.copytree(ROOT / "workflow", checkout / "workflow")
    shutil.copy(ROOT / "pyproject.toml", checkout)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv"], check=True)
    environment = os.environ | {
        "PIP_CONFIG_FILE": os.devnull,
        "PYTHONPATH": sysconfig.get_path("purelib"),
    }
    python = tmp_path / "venv" / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "-q"]
    offline = ["--no-index", "--no-deps", "--no-build-isolation", "-e", checkout]
    subprocess.run([*pip, *offline], env=environment, check=True)
    command = [tmp_path / "venv" / "bin" / "led", "validate", ROOT / "config.yaml"]
    run = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True)
    assert "experiments, no error" in run.stdout, run.stderr
    where = "import led; print(led.__file__)"
    run = subprocess.run([python, "-c", where], env=environment, capture_output=True, text=True)
    assert run.stdout.startswith(str(checkout))
