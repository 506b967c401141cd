"""`footfall config`: prints every setting with the value it has now. Secrets are masked."""

import argparse

from footfall.cli.context import Context
from footfall.config import SETTINGS, Setting


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments: there are none."""


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Print the table of settings."""
    config = context.load_config()
    width = max(len(s.name) for s in SETTINGS)
    for setting in SETTINGS:
        value = _mask(setting, config.text(setting.name))
        origin = "" if context.environ.get(setting.name, "").strip() else "  (default)"
        context.say(f"{setting.name:<{width}}  {value}{origin}")
        context.say(f"{'':<{width}}    {setting.help}")
    return 0


def _mask(setting: Setting, value: str) -> str:
    if not value:
        return "(empty)"
    return "********" if setting.is_secret else value
