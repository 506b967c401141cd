"""Settings of a project for its operator: the snippet, the keys that open the project, and the
links that share it (made and ended in `share_settings`). A key's secret is shown once, on the page
that answers its making, and nowhere again."""

from typing import get_args

from litestar import get, post

from footfall.dashboard.context import TheSight, make_context, open_screen
from footfall.dashboard.door import Door, InPath, TheDoor
from footfall.dashboard.first_page import KEY_PLACEHOLDER, render_page_snippet, render_snippet
from footfall.dashboard.page import AnyRequest, Page, render_redirect, render_screen
from footfall.dashboard.period import render_day
from footfall.dashboard.screen import ROOT, SHARED, Screen
from footfall.dashboard.sign_in import read_field, read_form
from footfall.dashboard.viewer import PAGE_MODULES, Sight
from footfall.errors import ForbiddenError, InvalidInputError
from footfall.model.time_range import from_us
from footfall.projects.module import MODULES
from footfall.projects.project import SCOPES, Scope
from footfall.projects.server_key import Rotation

NAME_LIMIT = 100
"""Longer names do not fit a line."""


@get("/settings")
async def show_settings(request: AnyRequest, door: TheDoor, sight: TheSight) -> Page:
    """Show the keys and the shared links of a project."""
    return await render_settings(door, request, sight)


@post("/settings/keys", status_code=200)
async def make_key(request: AnyRequest, door: TheDoor, sight: TheSight) -> Page:
    """Make a key and show its secret, once."""
    door.check_form(request)
    screen = await open_settings(door, request, sight)
    form = await read_form(request)
    name = read_field(form, "name").strip()
    if not name or len(name) > NAME_LIMIT:
        raise InvalidInputError(f"a key needs a name of 1 to {NAME_LIMIT} characters", field="name")
    scopes = parse_scopes(form.get("scope", []))
    secret = await door.parts.keys.create_key(screen.project.number, name, scopes)
    # Only a key that cannot read may stand in a page.
    tag_key = secret if scopes == ("ingest",) else ""
    return await render_settings(door, request, sight, secret=secret, made=name, tag_key=tag_key)


@post("/settings/keys/{key_id:str}/revoke")
async def revoke_key(request: AnyRequest, door: TheDoor, sight: TheSight, key_id: InPath) -> Page:
    """End a key at once."""
    door.check_form(request)
    screen = await open_settings(door, request, sight)
    await door.parts.keys.revoke_key(screen.project.number, key_id)
    return render_redirect(request, f"{screen.home}/settings")


def parse_scopes(values: list[str]) -> tuple[Scope, ...]:
    """Read the scopes of a new key. Raises InvalidInputError for none or an unknown one."""
    for value in values:
        if value not in get_args(Scope):
            raise InvalidInputError(
                f"'{value}' is no scope; use {', '.join(SCOPES)}", field="scope"
            )
    scopes = tuple(s for s in SCOPES if s in values)
    if not scopes:
        raise InvalidInputError(f"a key needs a scope: {', '.join(SCOPES)}", field="scope")
    return scopes


async def open_settings(door: Door, request: AnyRequest, sight: Sight) -> Screen:
    """Open the settings of a project. Raises ForbiddenError for all but the operator."""
    screen = await open_screen(door, request, sight)
    if not screen.viewer.is_operator:
        raise ForbiddenError("Settings are the operator's; sign in with the admin token.")
    return screen


async def render_settings(
    door: Door,
    request: AnyRequest,
    sight: Sight,
    *,
    secret: str = "",
    made: str = "",
    tag_key: str = "",
    rotation: Rotation | None = None,
) -> Page:
    """Return the page; a secret that was just made is on it, and on no other."""
    screen = await open_settings(door, request, sight)
    context = await make_context(door, sight, screen, "settings")
    project = screen.project.number
    context |= {
        "shares": await door.parts.shares.list_shares(project),
        "is_sharing_on": await door.parts.shares.is_sharing_on(project),
        "share_modules": [m for m in MODULES if m.name in PAGE_MODULES],
        "shared_url": f"{door.base_url(request)}{SHARED}",
        "now_us": screen.calendar.now_us,
        "keys": await door.parts.keys.list_keys(project),
        "secret": secret,
        "made": made,
        "scopes": SCOPES,
        "rotation": rotation,
        "kept": door.parts.retention.find_kept(project) if door.parts.retention else None,
        "root": ROOT,
        "server_keys": door.parts.server_keys.count(screen.project.number),
        "page_snippet": render_page_snippet(door.base_url(request), screen.project.id),
        "time_of": lambda us: from_us(us).astimezone(screen.calendar.zone).strftime("%d %b, %H:%M"),
        "snippet": render_snippet(door.base_url(request), tag_key or KEY_PLACEHOLDER),
        "day_of": lambda us: render_day(from_us(us).astimezone(screen.calendar.zone).date()),
    }
    return render_screen("settings.html", screen, context)
