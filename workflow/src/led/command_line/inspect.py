"""Look at data before any training, and propose a configuration that runs as it is.

It reads the training and validation samples as the workflow would, never those of the test.

  led inspect mine.nc                            one file: it proposes how to divide it
  led inspect train.nc validation.nc test.nc     a file for each split
  led inspect folder                             with such files in it
  led inspect --dataset fhn                      of config.yaml, once its samples are there
  led inspect mine.nc --write mine.yaml --page mine.html
  led inspect runs.npy --keys "{dt: 0.1, dims: [sample, time, x, component]}"
"""

import tempfile
from pathlib import Path

BASE = Path("config.yaml")


def add_arguments(parser):
    """Add the arguments of the command."""
    parser.add_argument("paths", nargs="*", help="a file, a folder, or the files of three splits")
    parser.add_argument(
        "--dataset", metavar="NAME", help="a dataset whose samples lie in results/datasets/NAME"
    )
    parser.add_argument(
        "--keys", default="{}", metavar="YAML", help="keys of the dataset that files do not show"
    )
    parser.add_argument("--name", help="of dataset and experiment; by default that of the file")
    parser.add_argument("--write", metavar="FILE", help="write the proposed configuration")
    parser.add_argument("--page", metavar="FILE", help="write the report with figures, as HTML")


def run(paths, dataset, keys, name, write, page):
    """Print the report, and write what is asked for.

    Raises
    ------
    led.config.messages.ConfigError, led.jobs.files.FileError
        If files cannot be read, or are not clear.
    """
    from led.inspection import proposal, reading, report
    from led.inspection.examination import examine

    if bool(paths) == bool(dataset):
        raise ValueError("found both or none of files and --dataset, expected one of them")
    name = name or (f"{dataset}_inspected" if dataset else reading.name_of(paths))
    _check_name(name)
    with tempfile.TemporaryDirectory() as folder:
        if dataset:
            section, notes, folder = {}, [], Path("results", "datasets", dataset)
        else:
            section = reading.section(paths, _mapping(keys))
            notes = reading.read(section, Path(folder))
        train, validation = reading.opened(folder)
        with train, validation:
            found = examine(train, validation, shifted=bool(section))
            proposed = proposal.propose(found, section)
            parts = report.sections(found, proposed, notes)
            print(report.text(parts, proposed.warnings))
            text = report.configuration(proposed, name, write or "mine.yaml", dataset)
            if section:
                reading.check(text)
            if page:
                from led.inspection.page import page as page_of

                _write(page, page_of(name, parts, proposed.warnings, text, found, train))
    if write:
        _write(write, text)
        print(
            f"{write}: run it with\n"
            f"  snakemake --cores 2 results/{name}/report.html --configfile {write}"
        )


def _mapping(keys):
    """Return the keys of a dataset that are given as YAML."""
    import yaml

    try:
        found = yaml.safe_load(keys)
    except yaml.YAMLError as error:
        raise ValueError(f"--keys: not YAML ({error})") from error
    if not isinstance(found, dict):
        raise ValueError(f"--keys: found {keys!r}, expected keys and values, as in {{dt: 0.1}}")
    return found


def _check_name(name):
    """Raise a ValueError for a name of config.yaml: Snakemake would merge both sections."""
    import yaml

    known = yaml.safe_load(BASE.read_text()) if BASE.exists() else {}
    if any(name in known.get(section, {}) for section in ("datasets", "experiments")):
        raise ValueError(f"found the name {name!r} in {BASE}, expected another one: --name NAME")


def _write(path, text):
    from led.jobs import files

    with files.moved_into_place(path) as temporary:
        temporary.write_text(text)
