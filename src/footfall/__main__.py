"""Lets `python -m footfall` and the command `footfall` start the command line."""

import sys

from footfall.cli.command import run_command


def main() -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(run_command(sys.argv[1:]))


if __name__ == "__main__":
    main()
