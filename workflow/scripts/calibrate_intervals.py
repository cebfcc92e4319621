"""Calibrate the intervals of forecasts on those of the validation samples."""

from led.jobs import runtime

runtime.start(snakemake.log[0])

from pathlib import Path

from led.jobs import files, provenance
from led.surrogate import calibration
from led.surrogate.description import Description

described = Description.read(Path(snakemake.input.description).parent)
with files.open_dataset(snakemake.input.forecast) as forecast:
    found = calibration.calibrate(forecast, described)
files.write(found.assign_attrs(provenance.attributes({})), snakemake.output[0])
