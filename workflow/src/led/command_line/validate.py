"""Check a configuration, as a run of Snakemake does before any job.

It reports all errors at once, with the key, what was found and what is expected.

  led validate                     config.yaml of this folder
  led validate mine.yaml           config.yaml and mine.yaml, as --configfile mine.yaml does
"""

from pathlib import Path

import yaml

from led.config import written
from led.config.complete import complete
from led.inspection.reading import SCHEMA

BASE = Path("config.yaml")


def add_arguments(parser):
    """Add the arguments of the command."""
    parser.add_argument(
        "files", nargs="*", help="configurations, which are added to config.yaml if that is there"
    )


def run(files):
    """Check the configuration of some files, merged key by key as Snakemake merges them."""
    paths, merged = [*([BASE] * BASE.exists()), *map(Path, files)], {}
    if not paths:
        raise FileNotFoundError("found no config.yaml in this folder, expected a file to check")
    for path in paths:
        written.check(path)
        merged = _merged(merged, yaml.safe_load(path.read_text()) or {})
    config = complete(merged, SCHEMA)
    counts = [f"{len(config[section])} {section}" for section in ("datasets", "experiments")]
    print(f"{', '.join(map(str, paths))}: {' and '.join(counts)}, no error")


def _merged(first, second):
    if not (isinstance(first, dict) and isinstance(second, dict)):
        return second
    return first | {key: _merged(first.get(key), value) for key, value in second.items()}
