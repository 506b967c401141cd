"""`footfall keys`: makes, lists and revokes the keys that open a project."""

import argparse
import asyncio

from footfall.cli.context import Context, reach_control
from footfall.projects.project import SCOPES


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    create = verbs.add_parser("create", help="make a key and print it, this once")
    create.add_argument("--project", required=True, metavar="NAME", help="name, slug or id")
    create.add_argument(
        "--scope",
        action="append",
        choices=SCOPES,
        help="what the key may do; give it again for more (default: ingest)",
    )
    create.add_argument("--name", default="command line", help="to recognise the key by")
    show = verbs.add_parser("list", help="list the keys of a project, without their text")
    show.add_argument("--project", required=True, metavar="NAME", help="name, slug or id")
    revoke = verbs.add_parser("revoke", help="close a key at once")
    revoke.add_argument("id", metavar="ID", help="the id that `keys list` prints")


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Run one verb."""
    return asyncio.run(_run_keys(arguments, context))


async def _run_keys(arguments: argparse.Namespace, context: Context) -> int:
    async with reach_control(context, context.load_config()) as control:
        if arguments.verb == "create":
            scopes = arguments.scope or ["ingest"]
            key = await control.create_key(arguments.project, arguments.name, scopes)
            context.say(key.text)
        elif arguments.verb == "revoke":
            await control.revoke_key(arguments.id)
            context.say(f"Key '{arguments.id}' is revoked.")
        else:
            for key in await control.list_keys(arguments.project):
                context.say(f"{key.id}  {key.prefix}  {','.join(key.scopes):<20}  {key.name}")
    return 0
