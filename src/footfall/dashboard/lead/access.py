"""Who may see pages of leads, and the check that a lead is one of the project that is open."""

from asyncio import to_thread
from typing import Any

from footfall.dashboard.context import open_screen
from footfall.dashboard.door import Door
from footfall.dashboard.lead.desk import LeadDesk
from footfall.dashboard.page import AnyRequest
from footfall.dashboard.period import render_day
from footfall.dashboard.screen import Screen
from footfall.dashboard.viewer import Sight
from footfall.errors import ForbiddenError, NotFoundError
from footfall.leads.lead import Lead
from footfall.model.time_range import from_us

LEADS = "/leads"

KEPT_NOWHERE = {"Cache-Control": "no-store"}
"""Files of people stay in no browser's cache."""


async def open_leads(door: Door, request: AnyRequest, sight: Sight) -> tuple[Screen, LeadDesk]:
    """Open a page of leads. Raises ForbiddenError for whoever may not see people."""
    if not sight.viewer.sees_people:
        raise ForbiddenError(
            "Leads are people: only the operator, and holders of a key with scope admin that is "
            "not limited to modules, see them."
        )
    screen = await open_screen(door, request, sight)
    desk = door.parts.leads
    if desk is None:
        raise NotFoundError("Page", "leads")
    return screen, desk


def require_operator(screen: Screen) -> None:
    """Raise ForbiddenError for all but the operator."""
    if not screen.viewer.is_operator:
        raise ForbiddenError("This is the operator's; sign in with the admin token.")


async def find_lead(desk: LeadDesk, screen: Screen, reference: str) -> Lead:
    """Return a lead of the project that is open. Raises NotFoundError also for one of another."""
    if not (reference.isascii() and reference.isdigit() and len(reference) < 10):
        raise NotFoundError("Lead", reference[:40])
    lead = await to_thread(desk.leads.find, int(reference))
    if lead.project != screen.project.number:
        raise NotFoundError("Lead", reference)
    return lead


def make_clock_words(screen: Screen) -> dict[str, Any]:
    """Return how instants (µs) are written, by the names that templates use."""

    def render_time(us: int) -> str:
        moment = from_us(us).astimezone(screen.calendar.zone)
        is_this_year = moment.year == screen.calendar.today.year
        return f"{render_day(moment.date(), with_year=not is_this_year)}, {moment:%H:%M}"

    def render_date(us: int) -> str:
        day = from_us(us).astimezone(screen.calendar.zone).date()
        return render_day(day, with_year=day.year != screen.calendar.today.year)

    return {"time_of": render_time, "day_of": render_date}
