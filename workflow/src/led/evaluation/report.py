"""One page of HTML about an experiment, which needs no other file: to be sent to others."""

import base64
import html
from pathlib import Path

import pandas as pd
import yaml

from led.evaluation import tables
from led.evaluation.diagnosis import CALM


def page(
    experiment,
    errors,
    findings=(),
    split="test",
    forecasts=None,
    baselines=None,
    costs=None,
    figures=(),
    cards=(),
    configuration=None,
    versions=None,
):
    """Return the page; a section that has nothing to show is left out.

    Parameters
    ----------
    experiment : str
        Its name, for the heading.
    errors : pandas.DataFrame
        What `led.evaluation.errors.table` returns.
    findings : sequence of (str, str)
        What `led.evaluation.diagnosis.diagnose` returned.
    split : str
        That is scored.
    forecasts : dict of {str: str}
        What the named forecasts do, by name.
    baselines : dict of {str: str}
        What the baselines do, by name.
    costs : pandas.DataFrame
        What `led.evaluation.costs.table` returns.
    figures : sequence of (str, str, path)
        Title, caption in Markdown, and PNG file of each.
    cards : sequence of str
        Model cards, in Markdown.
    configuration : dict
        Shown as YAML.
    versions : dict of {str: str}
        Of the packages that made the forecast.
    """
    forecasts, baselines = forecasts or {}, baselines or {}
    sections = {
        "Diagnosis": _diagnosis(findings) + _out_of_range(errors),
        "Errors": tables.errors(errors, forecasts | baselines),
        "Uncertainty": tables.uncertainty(errors),
        "Costs": "" if costs is None else tables.costs(costs),
        "Figures": "".join(_figure(*figure) for figure in figures),
        "Networks": "".join(map(_card, cards)),
        "Configuration": configuration and _settings(configuration),
        "Versions": versions and _packages(versions),
    }
    shown = {name: text for name, text in sections.items() if text}
    links = " ".join(f'<a href="#{name.lower()}">{name}</a>' for name in shown)
    body = "".join(
        f'<section id="{name.lower()}"><h2>{name}</h2>\n{text}</section>\n'
        for name, text in shown.items()
    )
    name = html.escape(experiment)
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Report of {name}</title><style>{STYLE}</style></head>\n"
        f"<body><h1>Report of {name}</h1>\n{_short(errors, split, baselines)}<nav>{links}</nav>\n"
        f"{body}</body></html>\n"
    )


def _short(errors, split, baselines):
    """Say in two sentences what was scored, and how good the forecast is."""
    medians = tables.summary(errors)[("all", "median")]
    baselines = medians[medians.index.isin(baselines.keys())]
    found = f"The relative L2 error of the forecast is {medians['led']:.2g}"
    if len(baselines):
        found += f", that of the best baseline, {baselines.idxmin()}, {baselines.min():.2g}"
    return (
        f"<p>Errors over {errors['sample'].nunique()} {split} samples, forecast window only; 0 is "
        f"perfect. {found} (medians, all components together: in units of their standard deviation "
        "in training).</p>\n"
    )


def _diagnosis(findings):
    texts = [f'<p class="{kind}">{html.escape(text)}</p>\n' for kind, text in findings]
    return "".join(texts) or f"<p>{CALM}</p>\n"


def _out_of_range(errors):
    """Return a paragraph on forecasts that nothing in the training data supports, if any."""
    flagged = errors[(errors["forecaster"] == "led") & errors["out_of_range"]]["sample"].unique()
    if not len(flagged):
        return ""
    return (
        "<p><strong>Do not trust the forecasts of the samples "
        f"{', '.join(map(str, flagged))}</strong>: they leave the range of the training data.</p>\n"
    )


def _figure(title, caption, path):
    picture = base64.b64encode(Path(path).read_bytes()).decode()
    return (
        f'<figure><h3>{html.escape(title)}</h3><img alt="{html.escape(title)}" '
        f'src="data:image/png;base64,{picture}"><figcaption>{_markdown(caption)}</figcaption>'
        "</figure>\n"
    )


def _card(text):
    """Return a model card under its title, which is the first line."""
    title, _, rest = text.partition("\n")
    return _folded(title.lstrip("# "), _markdown(rest))


def _settings(configuration):
    text = yaml.safe_dump(configuration, sort_keys=False)
    return _folded("All settings, defaults filled in", f"<pre>{html.escape(text)}</pre>")


def _packages(versions):
    return _folded("Packages", tables.html_of(pd.DataFrame({"version": versions})))


def _folded(title, text):
    return f"<details><summary>{html.escape(title)}</summary>{text}</details>\n"


def _markdown(text):
    from markdown_it import MarkdownIt

    rendered = MarkdownIt("js-default").render(text)
    return rendered.replace("<table>", '<div class="wide"><table>').replace(
        "</table>", "</table></div>"
    )


STYLE = (
    "body{font-family:sans-serif;line-height:1.4;max-width:60em;margin:0 auto;padding:1em;"
    "background:white;color:black}"
    "nav a{margin-right:1em}section{margin-top:2em}figure{margin:2em 0}img{max-width:100%}"
    "figcaption,details{color:#333}summary{cursor:pointer;padding:.3em 0}"
    ".wide,pre{overflow-x:auto}pre{background:#f5f5f5;padding:.6em}"
    "table{border-collapse:collapse}"
    "th,td{padding:.4em .9em;text-align:right;border-bottom:1px solid #ccc}"
    "tbody th,td:first-child{text-align:left;font-weight:normal}"
    "thead tr:first-child th{text-align:center}"
    ".bad{color:#b00020;font-weight:bold}.warning{border-left:.3em solid #e69f00;padding-left:.6em}"
    "@media(max-width:40em){th,td{padding:.3em .4em}}"
    "#errors tbody tr:first-child,#errors tbody tr:first-child th{font-weight:bold}"
)
