"""The command ``led``: its subcommands, and how their errors are shown."""

import argparse
import sys
import warnings

from led.command_line import forecast, inspect, validate
from led.config.messages import ConfigError
from led.jobs.files import FileError

COMMANDS = {"inspect": inspect, "forecast": forecast, "validate": validate}


def main(arguments=None):
    """Run a subcommand; errors in what the user gave end it with a message and the status 1.

    Parameters
    ----------
    arguments : list of str, optional
        Those of the process without it.
    """
    parser = argparse.ArgumentParser(
        prog="led", description="Look at data, forecast with a surrogate, check a configuration."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    for name, module in COMMANDS.items():
        summary, _, rest = module.__doc__.partition("\n")
        command = commands.add_parser(
            name,
            help=summary,
            description=f"{summary}\n{rest}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        module.add_arguments(command)
    options = vars(parser.parse_args(arguments))
    run = COMMANDS[options.pop("command")].run
    warnings.showwarning = lambda message, *_, **__: print(f"Warning: {message}", file=sys.stderr)
    try:
        run(**options)
    except (ConfigError, FileError, ValueError, FileNotFoundError) as error:
        sys.exit(f"led: {error}")
