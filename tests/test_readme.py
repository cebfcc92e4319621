"""The documents: what they show is what is there."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()


def test_the_rule_graph_is_current():
    graph = subprocess.run(
        [sys.executable, "-m", "snakemake", "--rulegraph", "mermaid-js", "all"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    shown = re.search(r"```mermaid\n(.*?)```", README, re.DOTALL).group(1)
    assert _edges(shown) == _edges(graph)
    assert _names(shown) == _names(graph)


def _names(graph):
    return set(re.findall(r"\w+\[(\w+)\]", graph))


def _edges(graph):
    names = dict(re.findall(r"(\w+)\[(\w+)\]", graph))
    return {(names[a], names[b]) for a, b in re.findall(r"(\w+) --> (\w+)", graph)}
