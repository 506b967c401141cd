"""What every page of a project starts from: the viewer, the project and the view of a request, and
the values that frame and toolbar need."""

import asyncio
from typing import Any
from urllib.parse import parse_qsl, quote

from litestar.di import NamedDependency
from litestar.params import SkipValidation

from footfall.dashboard.door import Door, InPath, TheDoor
from footfall.dashboard.links import make_links
from footfall.dashboard.navigation import make_navigation
from footfall.dashboard.page import AnyRequest
from footfall.dashboard.screen import ROOT, Screen, make_screen
from footfall.dashboard.state import parse_view
from footfall.dashboard.viewer import Sight, Viewer
from footfall.reports.query import Bots

TheSight = NamedDependency[SkipValidation[Sight]]
"""How a handler asks for the viewer and the project; whoever may not see it is refused there."""


async def provide_member(request: AnyRequest, door: TheDoor, slug: InPath) -> Sight:
    """Give the sight of whoever is signed in. Raises UnauthenticatedError, NotFoundError."""
    user = await door.require_user(request)
    projects = await door.list_projects(user)
    project = await door.require_project(user, slug)
    home = f"{ROOT}/p/{quote(project.slug, safe='')}"
    viewer = Viewer(
        user.name,
        home,
        is_operator=user.is_operator,
        modules=user.modules,
        sees_people=user.sees_people,
    )
    return Sight(viewer, project, tuple(projects))


def read_pairs(request: AnyRequest) -> list[tuple[str, str]]:
    """Return the query string's pairs in its order; filters keep the order of the address."""
    return parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True)


async def open_screen(
    door: Door, request: AnyRequest, sight: Sight, *, bots: Bots = "exclude", place: str = ""
) -> Screen:
    """Read the view of a request. Raises NotFoundError for a goal that is gone."""
    view = parse_view(read_pairs(request))
    now_us = door.parts.clock.now_us()
    first_us = None
    if view.preset == "all":
        first_us = await door.history.find_first_us(sight.project, now_us)
    goal = None
    if view.goal:
        goal = await asyncio.to_thread(door.parts.goals.find, sight.project.number, view.goal)
    return make_screen(sight, view, now_us, first_us=first_us, bots=bots, place=place, goal=goal)


async def make_context(door: Door, sight: Sight, screen: Screen, current: str) -> dict[str, Any]:
    """Return what every page of a project needs besides its own content."""
    live = None
    if screen.viewer.shows("realtime"):
        live = await door.parts.live.active_visitors(screen.project.number)
    return {
        "projects": sight.projects,
        "viewer": screen.viewer,
        "is_embedded": screen.view.is_embedded,
        "navigation": make_navigation(
            screen.viewer,
            screen.view,
            await door.parts.modules.list_readable(screen.project.number),
        ),
        "current": current,
        "live": live,
        **make_links(screen),
    }
