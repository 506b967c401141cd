"""The overview's address: the whole page, or the piece of it that a fragment request asks for.
One URL serves both, so that what the address bar shows can always be opened afresh."""

import re
from collections.abc import Awaitable
from typing import Any

from litestar import get
from litestar.datastructures import Cookie

from footfall.dashboard.context import TheSight, make_context, open_screen
from footfall.dashboard.cookie import PROJECT_COOKIE
from footfall.dashboard.door import Door, TheDoor
from footfall.dashboard.first_page import render_first_page
from footfall.dashboard.links import make_links
from footfall.dashboard.overview import (
    HeadView,
    Part,
    find_event_filter,
    load_head,
    load_part,
    load_parts,
    load_properties,
    load_table,
)
from footfall.dashboard.page import (
    AnyRequest,
    Page,
    find_target,
    render_page,
    render_redirect,
    render_screen,
)
from footfall.dashboard.panel import BOT_PANELS, Panel
from footfall.dashboard.screen import ROOT, Screen
from footfall.dashboard.state import parse_filters, render_query
from footfall.dashboard.viewer import Sight
from footfall.errors import InvalidInputError

_PLACE = re.compile(r"([a-z-]{1,40}(/[A-Za-z0-9-]{1,60})?)?")
"""Where a filter form can stand: '', 'goals', 'funnels/<id>'."""

LANDING_LIMIT = 12
"""Projects looked at for the first one with data; more would make signing in slow."""


@get(ROOT)
async def show_home(request: AnyRequest, door: TheDoor) -> Page:
    """Go to the project looked at last, else to the first one that has data."""
    user = await door.require_user(request)
    projects = await door.list_projects(user)
    if not projects:
        return render_page("error.html", NO_PROJECT, status=404)
    now_us = door.parts.clock.now_us()
    chosen = next((p for p in projects if p.slug == door.remembered_project(request)), None)
    for project in projects[:LANDING_LIMIT]:
        if chosen is None and await door.history.has_events(project, now_us):
            chosen = project
    return render_redirect(request, f"{ROOT}/p/{(chosen or projects[0]).slug}")


NO_PROJECT = {
    "title": "No project yet",
    "message": "Create one with POST /api/admin/projects, then come back.",
    "home": ROOT,
}


@get()
async def show_overview(request: AnyRequest, door: TheDoor, sight: TheSight) -> Page:
    """Show figures, chart and panels of a project."""
    return await _show(door, request, sight, await open_screen(door, request, sight))


@get("/bots")
async def show_bots(request: AnyRequest, door: TheDoor, sight: TheSight) -> Page:
    """Show the same of bots only."""
    screen = await open_screen(door, request, sight, bots="only")
    return await _show(door, request, sight, screen)


@get("/filter")
async def add_filter(request: AnyRequest, door: TheDoor, sight: TheSight) -> Page:
    """Turn the filter form into the address that the filtered view has, of the overview or of the
    report that the form stood on."""
    place = request.query_params.get("at", "")
    if not _PLACE.fullmatch(place):
        raise InvalidInputError(f"'{place[:60]}' is no report", field="at")
    return _add_filter(request, await open_screen(door, request, sight, place=place))


@get("/bots/filter")
async def add_bot_filter(request: AnyRequest, door: TheDoor, sight: TheSight) -> Page:
    """The same on the page of bots."""
    return _add_filter(request, await open_screen(door, request, sight, bots="only"))


def _add_filter(request: AnyRequest, screen: Screen) -> Page:
    asked = request.query_params
    name = f"{asked.get('operator', 'is')}.{asked.get('dimension', '')}"
    view = screen.view
    for added in parse_filters([(name, asked.get("value", ""))]):
        view = view.with_filter(added)
    return render_redirect(request, screen.path + render_query(view))


async def _show(door: Door, request: AnyRequest, sight: Sight, screen: Screen) -> Page:
    target = find_target(request)
    if target == "head":
        part = await load_part(load_head(door.parts.reports, screen))
        return _render_piece("part/head.html", screen, {"part": part})
    if target == "panel-properties" and screen.viewer.shows("events"):
        part = await load_part(_ask_properties(door, screen))
        values = {"part": part, "event_filter": find_event_filter(screen.view)}
        return _render_piece("part/properties.html", screen, values)
    if target.startswith("panel-"):
        panel = screen.viewer.require_panel(target.removeprefix("panel-"))
        part = await load_part(_ask_panel(door, screen, panel))
        values = {"part": part, "panel": panel, "tab": panel.tab(screen.view.tab_of(panel.key))}
        return _render_piece("part/panel.html", screen, values)
    wanted: dict[str, Awaitable[object]] = {"head": load_head(door.parts.reports, screen)}
    panels = screen.viewer.list_panels()
    if screen.bots == "only":
        panels = (*BOT_PANELS, *(p for p in panels if p.key != "events"))
    wanted |= {panel.key: _ask_panel(door, screen, panel) for panel in panels}
    event = find_event_filter(screen.view)
    if event and door.parts.properties:
        wanted["properties"] = _ask_properties(door, screen)
    parts = await load_parts(wanted)
    current = "bots" if screen.bots == "only" else "overview"
    context = await make_context(door, sight, screen, current)
    may_set_up = not screen.viewer.is_guest and screen.bots == "exclude"
    if may_set_up and await _is_first_start(door, screen, parts["head"]):
        return render_first_page(door, request, screen, context)
    context |= {
        "parts": {"properties": None, **parts},
        "panels": panels,
        "event_filter": event,
    }
    template = "part/view.html" if target == "view" else "overview.html"
    page = render_screen(template, screen, context)
    if screen.viewer.is_guest:
        return page
    page.cookies.append(
        Cookie(
            PROJECT_COOKIE,
            value=screen.project.slug,
            path=ROOT,
            max_age=90 * 86_400,
            httponly=True,
            samesite="lax",
            secure=door.is_secure(request),
        )
    )
    return page


def _ask_panel(door: Door, screen: Screen, panel: Panel) -> Awaitable[object]:
    tab = panel.tab(screen.view.tab_of(panel.key))
    return load_table(door.parts.reports, screen, tab)


def _ask_properties(door: Door, screen: Screen) -> Awaitable[object]:
    return load_properties(door.parts.reports, door.parts.properties, screen)


def _render_piece(template: str, screen: Screen, values: dict[str, Any]) -> Page:
    return render_screen(template, screen, {**make_links(screen), **values})


async def _is_first_start(door: Door, screen: Screen, head: Part) -> bool:
    if not isinstance(head.content, HeadView) or not head.content.is_empty:
        return False
    return not await door.history.has_events(screen.project, screen.calendar.now_us)
