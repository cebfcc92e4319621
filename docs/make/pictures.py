"""Pictures that the pages show: made when the site is built, and put into the pages."""

import base64
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def rule_graph():
    """Return the graph of all rules of config.yaml, as a block of Mermaid."""
    graph = subprocess.run(
        [sys.executable, "-m", "snakemake", "--rulegraph", "mermaid-js", "all"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return f"```mermaid\n{graph[graph.index('flowchart') :]}```"


def picture(path, title):
    """Return a PNG file as an image of Markdown that needs no file."""
    data = base64.b64encode(Path(path).read_bytes()).decode()
    return f"![{title}](data:image/png;base64,{data})"
