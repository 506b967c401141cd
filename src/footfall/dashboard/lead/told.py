"""The page that says who is told of new leads. Only the operator changes it: what it sends may be
people."""

from asyncio import to_thread

from litestar import get, post

from footfall.dashboard.context import TheSight, make_context
from footfall.dashboard.door import InPath, TheDoor
from footfall.dashboard.lead.access import (
    LEADS,
    make_clock_words,
    open_leads,
    require_operator,
)
from footfall.dashboard.lead.desk import LeadDesk
from footfall.dashboard.page import AnyRequest, Page, render_redirect, render_screen
from footfall.dashboard.screen import Screen
from footfall.dashboard.sign_in import read_field, read_form
from footfall.errors import ConflictError, InvalidInputError, NotFoundError
from footfall.leads.notice import NoticeWish

_TOLD = f"{LEADS}/told"


@get(_TOLD)
async def show_told(request: AnyRequest, door: TheDoor, sight: TheSight) -> Page:
    """Show who is told of a project's leads."""
    screen, desk = await open_leads(door, request, sight)
    require_operator(screen)
    return await _render(door, sight, screen, desk, NoticeWish("email", ""))


@post(_TOLD, status_code=200)
async def add_told(request: AnyRequest, door: TheDoor, sight: TheSight) -> Page:
    """Tell somebody of new leads from now on."""
    door.check_form(request)
    screen, desk = await open_leads(door, request, sight)
    require_operator(screen)
    sent = await read_form(request)
    wish = NoticeWish(
        read_field(sent, "channel"),
        read_field(sent, "target").strip(),
        shows_person="shows_person" in sent,
        tells_follow_ups="tells_follow_ups" in sent,
    )
    try:
        await to_thread(desk.notices.create, screen.project.number, wish)
    except (InvalidInputError, ConflictError) as error:
        return await _render(door, sight, screen, desk, wish, error.message)
    return render_redirect(request, f"{screen.home}{_TOLD}")


@post(f"{_TOLD}/{{notice:str}}/remove")
async def remove_told(request: AnyRequest, door: TheDoor, sight: TheSight, notice: InPath) -> Page:
    """Tell somebody no more."""
    door.check_form(request)
    screen, desk = await open_leads(door, request, sight)
    require_operator(screen)
    if not (notice.isascii() and notice.isdigit() and len(notice) < 10):
        raise NotFoundError("Notice", notice[:40])
    await to_thread(desk.notices.remove, screen.project.number, int(notice))
    return render_redirect(request, f"{screen.home}{_TOLD}")


async def _render(
    door: TheDoor,
    sight: TheSight,
    screen: Screen,
    desk: LeadDesk,
    wish: NoticeWish,
    problem: str = "",
) -> Page:
    context = await make_context(door, sight, screen, "leads")
    context |= {
        "notices": await to_thread(desk.notices.list_notices, screen.project.number),
        "wish": wish,
        "problem": problem,
        "has_mail": desk.has_mail,
        **make_clock_words(screen),
    }
    return render_screen("lead/told.html", screen, context, status=400 if problem else 200)
