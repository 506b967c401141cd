"""`footfall projects`: lists projects and makes new ones."""

import argparse
import asyncio

from footfall.cli.context import Context, reach_control


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    verbs.add_parser("list", help="list all projects")
    create = verbs.add_parser("create", help="make a project and print its id")
    create.add_argument("name", metavar="NAME")
    create.add_argument("--domain", default="", help="host of the site, for example shop.example")


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Run one verb."""
    return asyncio.run(_run_projects(arguments, context))


async def _run_projects(arguments: argparse.Namespace, context: Context) -> int:
    async with reach_control(context, context.load_config()) as control:
        if arguments.verb == "create":
            context.say((await control.create_project(arguments.name, arguments.domain)).id)
            return 0
        for project in await control.list_projects():
            context.say(
                f"{project.number:>4}  {project.id}  {project.time_zone:<20}  {project.name}"
                + (f" ({project.domain})" if project.domain else "")
            )
    return 0
