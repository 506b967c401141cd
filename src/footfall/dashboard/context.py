"""What every page of a project starts from: the person, the project and the view of a request, and
the values that frame and toolbar need."""

from typing import Any
from urllib.parse import parse_qsl

from footfall.dashboard.door import Door
from footfall.dashboard.links import make_links
from footfall.dashboard.navigation import make_navigation
from footfall.dashboard.page import AnyRequest
from footfall.dashboard.screen import Screen, make_screen
from footfall.dashboard.state import parse_view
from footfall.reports.query import Bots


def read_pairs(request: AnyRequest) -> list[tuple[str, str]]:
    """Return the query string's pairs in its order; filters keep the order of the address."""
    return parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True)


async def open_screen(
    door: Door, request: AnyRequest, slug: str, *, bots: Bots = "exclude"
) -> Screen:
    """Find person, project and view of a request."""
    user = await door.require_user(request)
    project = await door.require_project(user, slug)
    view = parse_view(read_pairs(request))
    now_us = door.parts.clock.now_us()
    first_us = None
    if view.preset == "all":
        first_us = await door.history.find_first_us(project, now_us)
    return make_screen(user, project, view, now_us, first_us=first_us, bots=bots)


async def make_context(door: Door, screen: Screen, current: str) -> dict[str, Any]:
    """Return what every page of a project needs besides its own content."""
    return {
        "screen": screen,
        "user": screen.user,
        "projects": await door.list_projects(screen.user),
        "navigation": make_navigation(screen, screen.user, screen.home),
        "current": current,
        "live": await door.parts.live.active_visitors(screen.project.number),
        **make_links(screen),
    }
