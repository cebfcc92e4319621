"""What is wrong with a configuration before it is checked key by key."""

import sys

import pytest
import yaml

from led.config import frozen, startup, written
from led.config.messages import ConfigError


def write(folder, text, encoding="utf-8"):
    path = folder / "config.yaml"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\nb: 2\na: 3\n", "key 'a' of the top level in the lines 1 and 3, expected it once"),
        ("a:\n  b:\n  - c: 1\n    c: 1\n", r"key 'c' of a\.b\.0 in the lines 3 and 4"),
        ("a: {b: 1, c: 2, b: 3}\n", "key 'b' of a in the lines 1 and 1"),
        ("a: &x\n  b: *x\n", "an anchor at a.b that holds itself"),
        ("a: &x [1, *x]\n", "an anchor at a.1 that holds itself"),
    ],
)
def test_what_yaml_passes_over_is_reported(tmp_path, text, message):
    path = write(tmp_path, text)
    with pytest.raises(ConfigError, match=rf"^{path}: found .*{message}"):
        written.check(path)


def test_the_same_key_in_two_sections_is_fine(tmp_path):
    text = "a: &x {b: 1, c: 1}\nd: {b: 2}\ne: *x\nf: [*x, *x]\n"
    written.check(write(tmp_path, text))
    written.check(write(tmp_path, "a: [1, 2\n"))  # Snakemake reports what is no YAML


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_another_encoding_is_named(tmp_path, encoding):
    path = write(tmp_path, "a: über\n", encoding)
    with pytest.raises(ConfigError, match=rf"^{path}: found bytes that are not UTF-8 .*expected a"):
        written.check(path)


def test_a_space_in_the_path_of_python_is_reported(tmp_path):
    with pytest.raises(ConfigError, match=r"^/a b/bin/python: found a space in the path of Python"):
        startup.check("/a b/bin/python", [], tmp_path)
    startup.check("/ab/bin/python", [], tmp_path)


def test_results_that_cannot_be_written_are_reported(tmp_path, monkeypatch):
    monkeypatch.setattr(startup.os, "access", lambda *_: False)
    with pytest.raises(ConfigError, match="cannot be written, expected a folder that is yours"):
        startup.check(sys.executable, [], tmp_path)
    startup.check(sys.executable, [], tmp_path / "not there yet")


@pytest.mark.parametrize(
    ("arguments", "warned"),
    [
        (["--configfile", "a.yaml", "--configfile", "b.yaml"], True),
        (["--configfile=a.yaml", "--configfiles", "b.yaml"], True),
        (["--configfile", "a.yaml", "b.yaml"], False),
        ([], False),
    ],
)
def test_a_configuration_file_that_is_ignored_is_warned_of(arguments, warned, tmp_path, capsys):
    startup.check(sys.executable, arguments, tmp_path)
    assert ("reads the last one only" in capsys.readouterr().err) == warned


def test_jobs_get_what_was_frozen(tmp_path, monkeypatch):
    """Two configurations of one workflow, in their order; then without their files."""
    monkeypatch.chdir(tmp_path)
    configurations = [{"a": {"b": 1.0, "c": None}}, {"a": 2}]
    arguments = ["other=1"]
    for configuration in configurations:
        arguments = frozen.freeze(configuration, arguments)
    assert arguments[0] == "other=1"
    assert len(arguments) == 2
    assert isinstance(yaml.safe_load(arguments[1].partition("=")[2]), str)  # no number for YAML

    def changed():
        return {"a": "edited"}

    monkeypatch.setattr(frozen, "_count", 0)
    assert [frozen.thaw(changed, arguments) for _ in range(2)] == configurations
    for path in frozen.FOLDER.iterdir():
        path.unlink()
    monkeypatch.setattr(frozen, "_count", 0)
    assert frozen.thaw(lambda: configurations[0], arguments) == configurations[0]
    with pytest.raises(ConfigError, match="the configuration changed since this job was planned"):
        frozen.thaw(changed, arguments)
    assert frozen.thaw(changed, []) == {"a": "edited"}
