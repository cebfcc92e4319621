"""The configuration of a process of Snakemake: the one that plans, or a job on another machine."""

import os
import re
import sys
from pathlib import Path

from led.config import frozen, written
from led.config.complete import complete
from led.config.messages import ConfigError

SEVERAL = re.compile(r"--configfiles?(=|$)")


def configuration(workflow, config, schema):
    """Return the completed configuration: as it was planned, or as its files are now.

    Parameters
    ----------
    workflow : snakemake.workflow.Workflow
    config : dict
        As Snakemake has read it.
    schema : Path

    Raises
    ------
    ConfigError
    """

    def completed():
        for path in workflow.configfiles:
            written.check(path)
        return complete({k: v for k, v in config.items() if k != frozen.KEY}, schema)

    settings = workflow.config_settings
    if workflow.remote_exec:
        found = frozen.thaw(completed, settings.config_args)
    else:
        check(sys.executable, sys.argv)
        found = completed()
        settings.config_args = frozen.freeze(found, settings.config_args)
    config.pop(frozen.KEY, None)
    return found


def check(interpreter, arguments, results=Path("results")):
    """Raise a `ConfigError` if no job could run; warn of ``--configfile`` that is ignored.

    Parameters
    ----------
    interpreter : str
        That runs Snakemake and the jobs.
    arguments : list of str
        Of the command.
    results : Path
    """
    if re.search(r"\s", interpreter):
        raise ConfigError(
            f"{interpreter}: found a space in the path of Python, expected none: Snakemake does "
            "not quote it. Make the virtual environment in another folder, or rename this one"
        )
    if results.exists() and not os.access(results, os.W_OK):
        raise ConfigError(f"{results}: cannot be written, expected a folder that is yours")
    if sum(bool(SEVERAL.match(argument)) for argument in arguments) > 1:
        print(
            "Warning: --configfile is given more than once, and Snakemake reads the last one only. "
            "Expected: --configfile first.yaml second.yaml",
            file=sys.stderr,
        )
