"""`footfall version`: prints which Footfall this is."""

import argparse
from importlib.metadata import version

from footfall.cli.context import Context


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments: there are none."""


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Print the version."""
    context.say(f"footfall {version('footfall')}")
    return 0
