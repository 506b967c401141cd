"""`footfall erase`: erases everything that is kept of one person."""

import argparse
import asyncio

from footfall.cli.context import CommandError, Context, reach_control
from footfall.leads.erasure import Person


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--email", default="", help="the person's mail address")
    parser.add_argument("--phone", default="", help="the person's phone number")
    parser.add_argument("--visitor", default="", help="a visitor id that leads or pages show")
    parser.add_argument("--yes", action="store_true", help="really erase; it cannot be undone")


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Erase the person."""
    return asyncio.run(_run_erase(arguments, context))


async def _run_erase(arguments: argparse.Namespace, context: Context) -> int:
    person = Person(arguments.email, arguments.phone, arguments.visitor)
    person.pairs()
    if not arguments.yes:
        raise CommandError("What is erased cannot be brought back; give --yes to erase it.")
    async with reach_control(context, context.load_config()) as control:
        erased = await control.erase_person(person)
    context.say(
        f"Erased: {erased.leads} leads, {erased.submissions} submissions, "
        f"{erased.recordings} recordings, events of {erased.visitors} visitors."
    )
    return 0
