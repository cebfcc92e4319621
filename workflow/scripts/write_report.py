"""Write the report of an experiment: one page of HTML with all that it has."""

from led.jobs import runtime

runtime.start(snakemake.log[0])

import json
from pathlib import Path

from led.evaluation import diagnosis, histories, report
from led.jobs import files

errors = files.read_table(snakemake.input.errors)
with files.open_dataset(snakemake.input.forecast) as forecast:
    versions = json.loads(forecast.attrs["versions"])
settings = dict(snakemake.params.settings)
variance = settings.pop("variance")
read = histories.read(snakemake.input.items())
page = report.page(
    snakemake.wildcards.experiment,
    errors,
    diagnosis.diagnose(errors, read, settings["forecasts"], variance),
    **settings,
    costs=files.read_table(snakemake.input.costs),
    figures=[
        (*snakemake.params.captions[Path(path).stem], path) for path in snakemake.input.figures
    ],
    cards=[Path(path).read_text() for path in snakemake.input.cards],
    configuration=snakemake.params.configuration,
    versions=versions,
)
with files.moved_into_place(snakemake.output[0]) as path:
    path.write_text(page)
