"""Draw a figure: the settings say which function of `led.figures` draws it."""

from led.jobs import runtime

runtime.start(snakemake.log[0])

from led.figures import style
from led.jobs import files, registry

settings = snakemake.params.settings
draw = registry.function("figures", settings["draw"])
with files.opened(snakemake.input.items()) as given:
    style.save(draw(**given, **settings["options"]), snakemake.output)
