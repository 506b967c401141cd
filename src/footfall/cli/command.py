"""The table of commands. Each command is a module of this room; this one only picks."""

from collections.abc import Sequence


def run_command(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    print("footfall: nothing to run yet", *arguments)
    return 2
