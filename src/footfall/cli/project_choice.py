"""Which project an import goes into: the one that is named, made when there is none."""

from contextlib import suppress

from footfall.api.control import Control, ProjectFacts
from footfall.cli.context import CommandError
from footfall.errors import InvalidInputError
from footfall.projects.domain import parse_domain


async def find_or_create(control: Control, name: str, domain: str) -> tuple[ProjectFacts, bool]:
    """Return the project of that name or id, and whether it had to be made.

    A new project's domain is the given one, or its name when that looks like a host.
    """
    found = [p for p in await control.list_projects() if name in {p.name, p.id}]
    if len(found) > 1:
        ids = ", ".join(p.id for p in found)
        raise CommandError(f"There are {len(found)} projects '{name}'; give an id: {ids}.")
    if found:
        return found[0], False
    if not domain and "." in name:
        with suppress(InvalidInputError):
            domain = parse_domain(name)
    return await control.create_project(name, domain), True
