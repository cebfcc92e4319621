"""The configuration that was planned, for jobs that start later, on other machines.

Such a job reads the files of the configuration again, which may have been edited since. So the
process that plans writes the completed configuration under its digest, and passes the digest to the
jobs as a value of ``--config``.
"""

import hashlib
import json
from pathlib import Path

from led.config.messages import ConfigError

FOLDER = Path(".snakemake", "led")
KEY = "led_configurations"  # the digests, in the order in which the configurations are completed

_count = 0  # of the configurations of this process: a workflow may use this one several times


def freeze(config, arguments):
    """Keep a completed configuration, and return the arguments of ``--config`` for the jobs.

    Parameters
    ----------
    config : dict
    arguments : list of str
        ``key=value``, as they are so far.
    """
    digest, text = _digest(config)
    path = FOLDER / f"{digest}.json"
    try:
        FOLDER.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            temporary = path.with_suffix(".tmp")
            temporary.write_text(text)
            temporary.replace(path)
    except OSError:  # without the file the jobs compare the digest
        pass
    known = [argument for argument in arguments if argument.startswith(f"{KEY}=")]
    others = [argument for argument in arguments if argument not in known]
    return [*others, f"{known[0]}-{digest}" if known else f"{KEY}={digest}"]


def thaw(complete, arguments):
    """Return the configuration that was planned.

    Parameters
    ----------
    complete : callable
        Completes the configuration as it is read now.
    arguments : list of str
        As `freeze` returned them to the process that plans.

    Raises
    ------
    led.config.messages.ConfigError
        If it is not there, and the one that is read now is another.
    """
    global _count
    planned = next((a.partition("=")[2] for a in arguments if a.startswith(f"{KEY}=")), None)
    if planned is None:
        return complete()
    expected = planned.split("-")[_count]
    _count += 1
    path = FOLDER / f"{expected}.json"
    if path.exists():
        return json.loads(path.read_text())
    config = complete()
    if _digest(config)[0] != expected:
        raise ConfigError(
            "the configuration changed since this job was planned, and its copy "
            f"{path} is not there; run the same command again"
        )
    return config


def _digest(config):
    text = json.dumps(config, sort_keys=True)
    return f"c{hashlib.sha256(text.encode()).hexdigest()[:16]}", text
