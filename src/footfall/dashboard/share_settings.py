"""The forms of the settings page that share a project: switching sharing on, making a link and
ending one. They are the operator's."""

from typing import Any

from litestar import post

from footfall.dashboard.context import TheSight
from footfall.dashboard.door import InPath, TheDoor
from footfall.dashboard.page import AnyRequest, Page, render_redirect
from footfall.dashboard.period import parse_day
from footfall.dashboard.screen import Screen
from footfall.dashboard.settings_page import open_settings
from footfall.dashboard.sign_in import read_field, read_form
from footfall.errors import ForbiddenError
from footfall.projects.share import ShareWish

SECTION = "#shared"


@post("/settings/shares")
async def make_share(request: AnyRequest, door: TheDoor, sight: TheSight) -> Page:
    """Make a link; it then stands in the list, ready to copy."""
    door.check_form(request)
    screen = await open_settings(door, request, sight)
    if not await door.parts.shares.is_sharing_on(screen.project.number):
        raise ForbiddenError("Sharing is off in this project; switch it on first.")
    wish = parse_wish(screen, await read_form(request))
    await door.parts.shares.create_share(screen.project.number, wish)
    return render_redirect(request, f"{screen.home}/settings{SECTION}")


@post("/settings/shares/on")
async def switch_sharing_on(request: AnyRequest, door: TheDoor, sight: TheSight) -> Page:
    """Switch the project's module on."""
    door.check_form(request)
    screen = await open_settings(door, request, sight)
    await door.parts.shares.switch_sharing_on(screen.project.number)
    return render_redirect(request, f"{screen.home}/settings{SECTION}")


@post("/settings/shares/{share_id:str}/revoke")
async def revoke_share(
    request: AnyRequest, door: TheDoor, sight: TheSight, share_id: InPath
) -> Page:
    """Close a link at once."""
    door.check_form(request)
    screen = await open_settings(door, request, sight)
    await door.parts.shares.revoke_share(screen.project.number, share_id)
    return render_redirect(request, f"{screen.home}/settings{SECTION}")


def parse_wish(screen: Screen, form: dict[str, list[str]]) -> ShareWish:
    """Read the form. A link ends with the day it names, in the project's time zone."""
    last_day = read_field(form, "expires").strip()
    expires: dict[str, Any] = {}
    if last_day:
        day = parse_day(last_day, "expires")
        expires = {"expires_at_us": screen.calendar.range_of(day, day).end_us}
    return ShareWish(
        name=read_field(form, "name"),
        modules=form.get("module", []),
        password=read_field(form, "password"),
        embed_origins=read_field(form, "embed").replace(",", " ").split(),
        **expires,
    )
