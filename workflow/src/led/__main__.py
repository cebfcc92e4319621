"""The command ``python -m led``."""

from led.command_line.main import main

main()
