"""Measure and print a table: ``python -m benchmarks``, or ``python -m benchmarks simulation``.

Each module of this folder that has a function ``measure()`` is a benchmark; it yields rows. The
packages that it compares with are in envs/requirements-benchmarks.txt.
"""

import argparse
import importlib
import os
import pkgutil
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCE = str(ROOT / "workflow" / "src")
HEADING = "| what | ours | other | ratio | target |\n| --- | --- | --- | --- | --- |"


def main():
    """Run the chosen benchmarks, one after the other, and print their rows as they come."""
    modules = [module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)])]
    names = [name for name in modules if name not in ("__main__", "cases", "timing")]
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(names))
    chosen = parser.parse_args().names or names
    if unknown := set(chosen) - set(names):
        parser.error(f"found {', '.join(sorted(unknown))}, expected some of {', '.join(names)}")
    os.chdir(ROOT)
    os.environ["LED_SOURCE"] = SOURCE
    os.environ["PYTHONPATH"] = SOURCE
    sys.path.insert(0, SOURCE)
    print(HEADING, flush=True)
    for name in chosen:
        for row in importlib.import_module(f"benchmarks.{name}").measure():
            print(row, flush=True)


if __name__ == "__main__":
    main()
