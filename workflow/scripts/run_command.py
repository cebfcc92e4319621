"""Run the user's command for one batch of samples."""

from led.jobs import runtime

runtime.start(snakemake.log[0])

import shutil
from pathlib import Path

from led.data.commands import Command, drawn
from led.data.precision import fitted
from led.jobs import files, provenance, registry

settings, path = snakemake.params.settings, Path(snakemake.output[0])
command = Command(
    **{key: settings[key] for key in ("command", "depends", "format", "dt", "dims")},
    threads=snakemake.threads,
    used=registry.function("config", "chosen.inputs_of")(
        snakemake.config, snakemake.wildcards.dataset
    ),
)
batch = command.batch(
    settings["split"], settings["samples"][0], drawn(settings), path.with_suffix(".samples")
)
# without the samples: all batches have the attributes of the merged file
shared = {key: value for key, value in settings.items() if key not in ("samples", "rows")}
batch.attrs = provenance.attributes(shared)
files.write(fitted(batch), path)
shutil.rmtree(path.with_suffix(".samples"))
