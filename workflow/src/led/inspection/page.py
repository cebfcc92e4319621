"""The report of an examination as one page of HTML, with its figures in it."""

import html
from base64 import b64encode
from io import BytesIO

from led.figures import examination as figures
from led.figures.samples import dataset as draw_samples

STYLE = (
    "body{font-family:sans-serif;max-width:60em;margin:1em auto;padding:0 1em;color:black;"
    "background:white}img{max-width:100%}pre{overflow-x:auto;background:#f4f4f4;padding:.8em}"
    "p{margin:.3em 0}.warning{border-left:.3em solid #e69f00;padding-left:.6em}"
    "p.row{font-family:monospace;white-space:pre-wrap}"
)
SAMPLES = 5  # that are drawn


def page(title, parts, warnings, configuration, found, train):
    """Return the page.

    Parameters
    ----------
    title : str
    parts : list of (str, list of str)
        As `led.inspection.report.sections` returns them; the last are the proposal.
    warnings : list of str
    configuration : str
        The text of the proposed configuration.
    found : led.inspection.examination.Examination
    train : xarray.Dataset
        The training samples.
    """
    *parts, _ = parts
    pictures = {
        parts[0][0]: [draw_samples(train, SAMPLES, None)],
        parts[2][0]: [figures.spectrum(found.train_left, found.validation_left)],
        parts[3][0]: [figures.motion(found)],
    }
    body = [f"<h1>{html.escape(title)}</h1>"]
    body += [f'<p class="warning">{html.escape(warning)}</p>' for warning in warnings]
    for heading, sentences in parts:
        body.append(f"<h2>{html.escape(heading)}</h2>")
        body += [_paragraph(sentence) for sentence in sentences]
        body += [_picture(figure, heading) for figure in pictures.get(heading, ())]
    body.append(f"<h2>Proposed configuration</h2><pre>{html.escape(configuration)}</pre>")
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{html.escape(title)}</title><style>{STYLE}</style></head>\n<body>"
        + "\n".join(body)
        + "</body></html>\n"
    )


def _paragraph(sentence):
    kind = ' class="row"' if sentence.startswith(" ") else ""
    return f"<p{kind}>{html.escape(sentence)}</p>"


def _picture(figure, alt):
    import matplotlib.pyplot as plt

    image = BytesIO()
    figure.savefig(image, format="png")
    plt.close(figure)
    code = b64encode(image.getvalue()).decode()
    return f'<img alt="{html.escape(alt)}" src="data:image/png;base64,{code}">'
