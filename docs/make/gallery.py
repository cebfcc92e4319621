"""An example of each kind of figure, with the caption that reports give it."""

import re

import pandas as pd

import tutorial
from pictures import ROOT, picture

STUDY = "results/fhn_learning_curve/errors.png"
SOLVERS = "results/solvers/convergence.png"
TIMES = "results/datasets/vdp/generation_time.png"
COLUMNS = [("led", "u"), ("led", "w"), ("nearest", "u"), ("nearest", "w")]  # of the page on studies
ENTRY = re.compile(r"([0-9.]+) \(([0-9.]+)\)")


def gallery():
    """Return a section for each figure of the tutorial, of a study, of solvers and of times."""
    tutorial.shell(f"snakemake {SOLVERS} {TIMES} --cores 2")
    _draw_study(tutorial.FOLDER / STUDY)
    experiment = sorted(tutorial.FOLDER.glob("results/ring/figures/*.png"))
    sections = [_section(f"figures/{path.name}", path.stem, path) for path in experiment]
    for path, kind in ((STUDY, "study"), (SOLVERS, "solvers"), (TIMES, "generation_time")):
        sections.append(_section(path, kind, tutorial.FOLDER / path))
    return "\n".join(sections)


def _section(title, kind, path):
    caption = (ROOT / f"workflow/report/{kind}.rst").read_text()
    names = {"study": "fhn_learning_curve", "dataset": "vdp"}
    caption = re.sub(
        r"\{\{ snakemake\.wildcards\.(\w+) \}\}", lambda found: names[found[1]], caption
    )
    return f"## {title}\n\n{caption}\n\n{picture(path, title)}\n"


def _draw_study(path):
    """Draw the learning curve of fhn, from the table of the page on studies."""
    from led.figures.comparison import comparison
    from led.figures.style import save

    rows = []
    lines = re.findall(r"^\| ([0-9,]+) \|(.*)$", (ROOT / "docs/studies.md").read_text(), re.M)
    for samples, cells in lines:
        number = int(samples.replace(",", ""))
        for (name, component), entry in zip(COLUMNS, ENTRY.findall(cells), strict=True):
            errors = {"median": float(entry[0]), "worst": float(entry[1]), "samples": 20}
            run = {"run": f"train_samples-{number}", "train_samples": number}
            rows.append(run | {"forecaster": name, "component": component} | errors)
    table = pd.DataFrame(rows).assign(metric="rel_l2")
    save(comparison(table, "fhn_learning_curve", "test"), [path])
