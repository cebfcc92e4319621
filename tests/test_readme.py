"""The documents: what they show is what is there."""

import re
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
import yaml

from led.config.complete import complete
from led.jobs import provenance
from pictures import rule_graph

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()


def test_the_stages_of_the_readme_follow_from_each_other_in_the_rule_graph():
    """Nodes are called like a rule of each stage, so that arrows can be compared with all rules."""
    graph = rule_graph()
    names = dict(re.findall(r"(\w+)\[(\w+)\]", graph))
    feeds = {name: set() for name in names.values()}
    for before, after in re.findall(r"(\w+) --> (\w+)", graph):
        feeds[names[before]].add(names[after])
    shown = re.search(r"```mermaid\n(.*?)```", README, re.DOTALL).group(1)
    arrows = re.findall(r"^ +(\w+)(?:\[.*?\])? --> (\w+)", shown, re.MULTILINE)
    assert len({stage for arrow in arrows for stage in arrow}) == 8
    for before, after in arrows:
        assert after in _reached(feeds, before), (before, after)


def test_the_readme_is_short():
    """In words as `wc` counts them, with code and tables."""
    assert len(README.split()) <= 900


def test_the_data_of_the_readme_are_read_with_ten_lines(tmp_path, monkeypatch):
    block = next(
        block for block in re.findall(r"```yaml\n(.*?)```", README, re.DOTALL) if "mine.nc" in block
    )
    assert len(block.splitlines()) <= 10
    monkeypatch.chdir(tmp_path)
    coordinates = {"time": np.arange(0, 60, 0.5), "component": ["u"]}
    state = np.zeros((10, 120, 16, 1), np.float32)
    array = xr.DataArray(state, coordinates, ("sample", "time", "x", "component"), name="state")
    array.to_netcdf("mine.nc")
    config = complete(yaml.safe_load(block), ROOT / "workflow/schemas/config.schema.yaml")
    assert config["experiments"]["mine"]["warmup"] == 20


def test_the_study_of_the_page_can_be_run():
    (block,) = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs/studies.md").read_text(), re.DOTALL)
    config = yaml.safe_load((ROOT / "config.yaml").read_text()) | yaml.safe_load(block)
    experiments = complete(config, ROOT / "workflow/schemas/config.schema.yaml")["experiments"]
    assert experiments["latent_dim-16"]["autoencoder"]["latent_dim"] == 16


def test_every_link_leads_somewhere():
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]
    for page in pages:
        links = re.findall(r"\]\((?!http)([^)#]+)[^)]*\)", page.read_text())
        assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_test_that_reliability_names_is_there():
    text = (ROOT / "docs/reliability.md").read_text()
    named = re.findall(r"`([\w/]+\.py)(?:::(\w+))?`", text)
    assert len(named) > 40
    assert not re.search(r"`(::)?test_\w+`", text)  # without its file
    for path, test in named:
        there = re.findall(r"(?m)^(?:def )?(test_\w+)", (ROOT / "tests" / path).read_text())
        assert test in there if test else there, (path, test)


def pins(path):
    """Return the lines of a file of pip that name packages: of the jobs, and of all."""
    jobs, *others = (ROOT / path).read_text().split("\n\n")
    assert [other.partition("\n")[0][:10] for other in others] == ["# clusters", "# tests"]
    blocks = [[line for line in block.splitlines() if line[0] != "#"] for block in (jobs, *others)]
    return blocks[0], [line for block in blocks for line in block]


@pytest.mark.parametrize("suffix", ["", "-gpu"])
def test_the_conda_environment_has_the_pins_of_pip(suffix):
    """Of what the jobs import; clusters and tests are matters of the environment of Snakemake."""
    jobs, _ = pins(f"envs/requirements{suffix}.txt")
    environment = yaml.safe_load((ROOT / f"envs/led{suffix}.yaml").read_text())
    assert environment["dependencies"][-1]["pip"] == jobs
    assert environment["dependencies"][0] == "python=3.11"


def test_the_environment_of_the_baselines_is_that_of_the_jobs_and_their_pins():
    own = (ROOT / "envs/requirements-baselines.txt").read_text().splitlines()[1:]
    jobs, everything = pins("envs/requirements.txt")
    environment = yaml.safe_load((ROOT / "envs/baselines.yaml").read_text())
    assert environment["dependencies"][-1]["pip"] == [*jobs, *own]
    assert environment["dependencies"][0] == "python=3.11"
    assert all(re.fullmatch(r"\w+==[0-9.]+", pin) for pin in own)
    assert not {pin.partition("==")[0] for pin in own} & {
        pin.partition("==")[0] for pin in everything
    }
    assert "pip install -q -r envs/requirements-baselines.txt" in (ROOT / ".ci/run").read_text()


def test_ci_builds_the_site_with_pins_of_its_own():
    own = (ROOT / "envs/requirements-docs.txt").read_text().splitlines()[1:]
    _, everything = pins("envs/requirements.txt")
    assert all(re.fullmatch(r"[\w-]+==[0-9.]+", pin) for pin in own)
    assert not {pin.partition("==")[0] for pin in own} & {
        pin.partition("==")[0] for pin in everything
    }
    script = (ROOT / ".ci/run").read_text()
    assert "pip install -q -r envs/requirements-docs.txt" in script
    assert "\nmkdocs build --strict\n" in script


def test_every_page_is_in_the_navigation():
    navigation = (ROOT / "mkdocs.yml").read_text().partition("\nnav:\n")[2]
    named = set(re.findall(r": ([\w.]+\.md)$", navigation, re.MULTILINE))
    pages = {page.name for page in (ROOT / "docs").glob("*.md")}
    assert named == pages | {"index.md", "contributing.md", "changelog.md"}


def test_the_environment_for_a_gpu_differs_in_tensorflow_alone():
    (_, cpu), (_, gpu) = (pins(f"envs/requirements{suffix}.txt") for suffix in ("", "-gpu"))
    version = re.search(r"tensorflow-cpu==([0-9.]+)", "\n".join(cpu)).group(1)
    assert set(gpu) - set(cpu) == {f"tensorflow[and-cuda]=={version}"}
    assert {pin.partition("==")[0] for pin in set(cpu) - set(gpu)} == {
        "tensorflow-cpu",
        "tensorflow",
    }


def test_the_container_holds_the_pins_and_the_python_that_are_tested():
    recipe = (ROOT / "workflow/container/Dockerfile").read_text()
    assert re.search(r"^FROM python:3\.11-", recipe, re.MULTILINE)
    (source,) = re.findall(r"^COPY (\S+) (\S+)$", recipe, re.MULTILINE)
    assert (ROOT / source[0]).name == "requirements.txt"
    assert f"pip install --no-cache-dir --requirement {source[1]}" in recipe


def test_the_version_is_the_same_everywhere():
    found = {
        re.search(r'^version(?: =|:) "?([0-9.]+)', (ROOT / name).read_text(), re.MULTILINE).group(1)
        for name in ("pyproject.toml", "CITATION.cff")
    }
    assert found == {provenance.VERSION}


def test_ci_runs_the_test_command_of_the_readme():
    install, _, test = next(
        line.strip() for line in README.splitlines() if line.endswith("&& pytest")
    ).rpartition(" && ")
    script = (ROOT / ".ci/run").read_text().replace("pip install -q", "pip install")
    assert install in script
    assert test in script.splitlines()


def _reached(feeds, start):
    """Return the rules that depend on a rule, in however many steps."""
    reached, ahead = set(), [start]
    while ahead:
        ahead += feeds[ahead.pop()] - reached
        reached.update(ahead)
    return reached
